// `cowork call|chain`.
#include <memory>

#include "command_tree.h"
#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "known_names.h"
#include "local_path.h"
#include "operations.h"
#include "request_parameters.h"

namespace cowork::cli {
namespace {

Result<json::Value> params_from(Session& session, const std::vector<std::string>& words) {
  if (words.size() != 1 || words.front() != "-") return read_parameters(words);
  COWORK_ASSIGN(const std::string text, read_input("-", session.terminal().in, json::request_limits.max_bytes));
  return read_json(text, "<standard input>");
}

Result<int> call(Session& session, const std::string& operation, const std::vector<std::string>& words) {
  COWORK_ASSIGN(const json::Value params, params_from(session, words));
  Result<json::Value> reply = session.call(operation, params);
  if (!reply) return fail(with_operation_suggestion(session, reply.error(), operation));
  if (session.json())
    session.document({{"result", *reply}});
  else
    session.print(json_for_terminal(json::to_pretty_text(*reply)));
  return 0;
}

std::string operations_of(const json::Value& member) {
  std::string words;
  for (const std::string& name : strings_of(member_of(member, "operations")))
    words += (words.empty() ? "" : " ") + printable(name);
  return words;
}

/// A table for pipes; on a terminal, where the operations need many lines, each member with its operations below it.
void print_chain(Session& session, const json::Value& chain) {
  const json::Array empty;
  const json::Array& members = chain.as_array() ? *chain.as_array() : empty;
  const Styler& styler = session.styled();
  const bool screen = session.terminal().out_is_terminal;
  Table table({{"#", false, true}, {"INTERCEPTOR"}, {"PHASE"}, {"SOURCE"}, {"OPERATIONS"}});
  for (std::size_t index = 0; index < members.size(); ++index) {
    const json::Value& member = members[index];
    const std::string place = std::to_string(index + 1);
    table.add({place, shown(member, "name"), shown(member, "phase"), shown(member, "source"), operations_of(member)});
    if (!screen) continue;
    session.print_line(place + "  " + styler(Style::bold, shown(member, "name")) + "  " +
                       styler(Style::cyan, shown(member, "phase")) + "  " + shown(member, "source"));
    session.print_line("   " + styler(Style::dim, wrapped(operations_of(member), session.terminal().width, 3)));
  }
  if (!screen) session.print(table);
}

Result<int> chain(Session& session, const std::string& operation) {
  const json::Value params = operation.empty() ? json::Value() : json::Value::array({operation});
  Result<json::Value> reply = session.call("host:chain", params);
  if (!reply) return fail(with_operation_suggestion(session, reply.error(), operation));
  if (session.json()) {
    session.document({{"chain", *reply}});
    return 0;
  }
  print_chain(session, *reply);
  return 0;
}

}  // namespace

void add_host_commands(CommandTree& tree) {
  auto operation = std::make_shared<std::string>();
  CLI::App& root = tree.root();
  Verb& call_verb = tree.verb(root, "call", "Run any public operation through the chain and print its result as JSON.",
                              {{"cowork call host:status", "no parameters"},
                               {"cowork call pluginPack:toggle '[\"devops\", false]'", "as JSON"},
                               {"cowork call pluginPack:toggle devops false", "by position"},
                               {"cowork call agent:start - < options.json", "from standard input"}},
                              {});
  call_verb.app->add_option("OPERATION", *operation, "Such as pluginPack:list; `cowork chain` knows them")->required();
  const auto words = tree.take_words(call_verb, "PARAMS...", "JSON (- is stdin), key=value, or values by position", 0);
  call_verb.action = [operation, words](Session& session) { return call(session, *operation, *words); };

  Verb& chain_verb =
      tree.verb(root, "chain", "Show the interceptors in the order in which a call passes them.",
                {{"cowork chain", "all of them"}, {"cowork chain pluginPack:toggle", "what one operation passes"}},
                [operation](Session& session) { return chain(session, *operation); });
  chain_verb.app->add_option("OPERATION", *operation, "Only what this operation passes");
}

}  // namespace cowork::cli
