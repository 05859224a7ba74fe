// `cowork policy validate|check|explain|simulate`.
#include <memory>

#include "command_tree.h"
#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "local_path.h"
#include "policy_layer.h"
#include "policy_validation.h"
#include "policy_view.h"
#include "request_parameters.h"

namespace cowork::cli {
namespace {

std::size_t out_width(Session& session) {
  return session.terminal().out_is_terminal ? session.terminal().width : 0;
}

Result<int> check(Session& session, const std::string& id) {
  COWORK_ASSIGN(const json::Value reply, session.call("admin:checkPack", json::Value::array({id})));
  if (session.json()) {
    session.document({{"check", reply}});
    return 0;
  }
  const bool allowed = flag_of(reply, "allowed");
  session.print_line(shown(reply, "packId") + ": " +
                     session.styled()(allowed ? Style::green : Style::red, allowed ? "allowed" : "not allowed") +
                     (flag_of(reply, "required") ? ", " + session.styled()(Style::blue, "required") : ""));
  return 0;
}

Result<int> explain(Session& session, const std::string& operation, const std::vector<std::string>& words) {
  COWORK_ASSIGN(json::Value params, read_parameters(words));
  if (params.is_null()) params = json::Value::array();
  const json::Value question = json::Value::object({{"operation", operation}, {"params", std::move(params)}});
  COWORK_ASSIGN(const json::Value answer, session.call("admin:explain", question));
  if (session.json())
    session.document({{"explain", answer}});
  else
    session.print(explanation(answer, session.styled(), out_width(session)));
  return 0;
}

Table simulation_table(const json::Value& reply, bool all) {
  Table table({{"PACK"}, {"SCOPE"}, {"BEFORE"}, {"AFTER"}, {"RULE"}});
  for (const json::Value& pack : array_of(reply, "packs")) {
    const std::string before = standing_words(member_of(pack, "before"));
    const std::string after = standing_words(member_of(pack, "after"));
    if (before == after && !all) continue;
    const json::Value& rule = member_of(pack, "rule");
    const Style style = before == after                                ? Style::plain
                        : flag_of(member_of(pack, "after"), "blocked") ? Style::red
                                                                       : Style::green;
    table.add({shown(pack, "name"), shown(pack, "scope"), before, {after, style}, shown(rule, "name")});
  }
  return table;
}

void print_simulation(Session& session, const json::Value& reply) {
  const Table table = simulation_table(reply, session.options().verbose);
  if (table.empty()) session.say("no pack would stand differently");
  session.print(table);
  const json::Array& loosens = array_of(reply, "loosens");
  if (loosens.empty()) return;
  if (!table.empty()) session.print_line("");
  session.print_line(session.styled()(Style::yellow, "loosens"));
  for (const json::Value& entry : loosens) session.print_line("  " + loosening_words(entry));
}

Result<int> simulate(Session& session, const std::vector<std::string>& words) {
  COWORK_ASSIGN(const json::Value candidate, read_candidate(session, words));
  COWORK_ASSIGN(const json::Value reply,
                session.call("admin:simulate", json::Value::object({{"candidate", candidate}})));
  if (session.json())
    session.document({{"simulate", reply}});
  else
    print_simulation(session, reply);
  return 0;
}

void add_check(CommandTree& tree, CLI::App& policy) {
  auto id = std::make_shared<std::string>();
  Verb& verb = tree.verb(
      policy, "check", "Say whether a pack's id is allowed and whether it is required.",
      {{"cowork policy check engineering", "for people"}, {"cowork policy check engineering --json", "for a program"}},
      [id](Session& session) { return check(session, *id); });
  verb.app->add_option("PACK", *id, "Name or alias of a pack, known or not")->required();
}

void add_explain(CommandTree& tree, CLI::App& policy) {
  auto operation = std::make_shared<std::string>();
  Verb& verb =
      tree.verb(policy, "explain", "Say who decides about an operation, by which rule, and where that rule stands.",
                {{"cowork policy explain pluginPack:toggle sales-crm true", "by position"},
                 {"cowork policy explain connector:use connectorId=github", "by name"},
                 {"cowork policy explain pluginPack:installUrl '[\"https://a.example/b.zip\"]'", "as JSON"}},
                {});
  verb.note = "Nothing is done and nothing is written: the same rules answer as for the operation itself.";
  verb.app->add_option("OPERATION", *operation, "Such as pluginPack:toggle; `cowork chain` knows them")->required();
  const auto words = tree.take_words(verb, "PARAMS...", "Values by position, key=value, or JSON", 0);
  verb.action = [operation, words](Session& session) { return explain(session, *operation, *words); };
}

void add_simulate(CommandTree& tree, CLI::App& policy) {
  Verb& verb = tree.verb(policy, "simulate", "Show what a policy would change before it is in force.",
                         {{"cowork policy simulate packs.blocked+=sales-crm", "a change of the user layer"},
                          {"cowork policy simulate candidate.json", "a whole file in its place"}},
                         {});
  const auto words =
      tree.take_words(verb, "FILE|ASSIGNMENT...", "A policy file, or assignments as `policy set` takes them", 1);
  verb.action = [words](Session& session) { return simulate(session, *words); };
}

}  // namespace

void add_policy_questions(CommandTree& tree, CLI::App& policy) {
  auto file = std::make_shared<std::string>();
  Verb& verb = tree.verb(policy, "validate", "Check the layers in force, or a file; exit status 8 when one is invalid.",
                         {{"cowork policy validate", "every layer, and ids that match no pack"},
                          {"cowork policy validate candidate.json", "a file that is not in force"}},
                         [file](Session& session) { return validate_policy(session, *file); });
  verb.tells_policy = false;
  verb.app->add_option("FILE", *file, "A policy file (- is stdin); default: the layers in force");
  add_check(tree, policy);
  add_explain(tree, policy);
  add_simulate(tree, policy);
}

}  // namespace cowork::cli
