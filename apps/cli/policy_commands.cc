// `cowork policy show|get`, and the group itself.
#include <memory>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "policy_assignment.h"
#include "policy_layer.h"
#include "policy_view.h"

namespace cowork::cli {
namespace {

struct Options {
  std::string path;
  std::string layer;
};

Result<int> show(Session& session, const std::string& layer) {
  COWORK_ASSIGN(const json::Value policy, get_policy(session, layer));
  if (session.json()) {
    session.document({{"policy", policy}});
    return 0;
  }
  COWORK_ASSIGN(const json::Value status, session.call("admin:policiesStatus"));
  const bool effective = layer.empty() || layer == "effective";
  session.print(layer_table(status));
  session.print_line("");
  session.print(value_table(policy, effective ? status : json::Value()));
  for (const json::Value& conflict : array_of(status, "conflicts")) session.warn(text_of(conflict, "message"));
  for (const json::Value& remark : array_of(status, "warnings")) session.warn(text_of(remark, "message"));
  return 0;
}

Error no_such_member(const std::string& path) {
  Error error = Error::not_found("the policy has no member " + cowork::quoted(path))
                    .with_why("nothing sets it, and it has no default");
  std::vector<std::string> known = policy_paths();
  for (const char* section : {"packs", "connectors", "agents", "general", "version", "updatedAt"})
    known.emplace_back(section);
  const std::vector<std::string> found = nearest(path, known);
  return error.with_remedy(found.empty() || found.front() == path
                               ? "cowork policy show"
                               : "did you mean `cowork policy get " + found.front() + "`?");
}

void print_value(Session& session, const json::Value& value) {
  if (const json::Array* items = value.as_array())
    for (const json::Value& item : *items) session.print_line(shown_value(item));
  else if (value.is_object())
    session.print(json_for_terminal(json::to_pretty_text(value)));
  else
    session.print_line(shown_value(value));
}

Result<int> get(Session& session, const Options& options) {
  COWORK_ASSIGN(const json::Value policy, get_policy(session, options.layer));
  const json::Value* value = at_path(policy, options.path);
  if (!value) return fail(no_such_member(options.path));
  if (session.json())
    session.document({{"policy", *value}});
  else
    print_value(session, *value);
  return 0;
}

void add_layer_option(CLI::App& app, std::string& layer) {
  app.add_option("--layer", layer, "effective (default), user or machine")
      ->type_name("LAYER")
      ->check(CLI::IsMember(layer_names()));
}

}  // namespace

void add_policy_commands(CommandTree& tree) {
  CLI::App& policy = *tree.group("policy", "Read, question and change the admin policy.",
                                 {{"cowork policy show", "what is in force, and where it stands"},
                                  {"cowork policy set packs.blocked+=sales-crm", "block a pack"},
                                  {"cowork policy explain connector:use github", "which rule decides"},
                                  {"cowork policy validate", "is every layer's file in order?"}})
                          .app;
  auto options = std::make_shared<Options>();
  Verb& shown_policy =
      tree.verb(policy, "show", "Show the policy in force: every value, and the layer and line it comes from.",
                {{"cowork policy show", "all layers together"},
                 {"cowork policy show --layer user", "what the user layer's file says"}},
                [options](Session& session) { return show(session, options->layer); });
  add_layer_option(*shown_policy.app, options->layer);

  Verb& got = tree.verb(policy, "get", "Print the policy, or one member of it, for use in scripts.",
                        {{"cowork policy get packs.blocked", "one entry a line"},
                         {"cowork policy get general.orgName", "the bare value"},
                         {"cowork policy get --layer user", "the whole document as JSON"}},
                        [options](Session& session) { return get(session, *options); });
  got.app->add_option("MEMBER", options->path, "Dotted path, such as packs.blocked");
  add_layer_option(*got.app, options->layer);
  add_policy_questions(tree, policy);
  add_policy_changes(tree, policy);
}

}  // namespace cowork::cli
