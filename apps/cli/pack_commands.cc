// `cowork pack list|info|context`.
#include <memory>
#include <set>

#include "command_tree.h"
#include "json_fields.h"
#include "known_names.h"
#include "pack_view.h"

namespace cowork::cli {
namespace {

constexpr std::size_t narrow_below = 120;

struct ListOptions {
  std::string scope;
  std::string state;
  bool blocked = false;

  bool wants(const json::Value& pack) const {
    return (scope.empty() || text_of(pack, "scope") == scope) && (state.empty() || text_of(pack, "state") == state) &&
           (!blocked || flag_of(pack, "policyBlocked"));
  }
};

void tell_diagnostics(Session& session, const json::Array& diagnostics) {
  std::size_t count = 0;
  for (const json::Value& diagnostic : diagnostics)
    if (text_of(diagnostic, "severity") != "info") ++count;
  if (count > 0)
    session.say(session.styled_words()(Style::yellow, counted(count, "diagnostic")) + ": run `cowork doctor`");
}

Result<int> list(Session& session, const ListOptions& options) {
  COWORK_ASSIGN(json::Value all, session.call("pluginPack:list"));
  COWORK_ASSIGN(const json::Value status, session.call("host:status"));
  json::Value packs = json::Value::array();
  if (all.as_array())
    for (json::Value& pack : *all.as_array())
      if (options.wants(pack)) packs.push_back(std::move(pack));
  const json::Array& diagnostics = array_of(status, "diagnostics");
  if (session.json()) {
    session.document({{"packs", std::move(packs)}, {"diagnostics", diagnostics}});
    return 0;
  }
  const bool narrow = session.terminal().out_is_terminal && session.terminal().width < narrow_below;
  const Table table = pack_table(*packs.as_array(), narrow);
  if (table.empty()) session.say("no packs found: `cowork paths` shows where they are looked for");
  session.print(table);
  tell_diagnostics(session, diagnostics);
  return 0;
}

/// Which rule forbids a pack, and where it stands.
std::string deciding_rule(Session& session, const json::Value& pack) {
  if (!flag_of(pack, "policyBlocked")) return {};
  const json::Value question = json::Value::object(
      {{"operation", "pluginPack:toggle"}, {"params", json::Value::array({text_of(pack, "name"), true})}});
  const Result<json::Value> answer = session.call("admin:explain", question);
  if (!answer) return {};
  const json::Value& rule = member_of(*answer, "rule");
  const std::string place = shown_place(rule);
  return shown(rule, "name") + (place.empty() ? "" : " at " + place);
}

Result<int> info(Session& session, const std::string& name) {
  COWORK_ASSIGN(const json::Value pack, session.call("pluginPack:get", json::Value::array({name})));
  if (pack.is_null()) return fail(unknown_pack(session, name, "cowork pack info"));
  if (session.json()) {
    session.document({{"pack", pack}});
    return 0;
  }
  const std::size_t width = session.terminal().out_is_terminal ? session.terminal().width : 0;
  session.print(pack_details(pack, deciding_rule(session, pack), session.styled(), width));
  return 0;
}

void print_section(Session& session, std::string_view title, const Table& table) {
  if (table.empty()) return;
  session.print_line(session.styled()(Style::bold, title));
  session.print(table, false);
  session.print_line("");
}

Result<int> context(Session& session) {
  COWORK_ASSIGN(const json::Value reply, session.call("pluginPack:getContext"));
  if (session.json()) {
    session.document({{"context", reply}});
    return 0;
  }
  Table skills({{"ID"}, {"NAME"}, {"PACK"}});
  for (const json::Value& skill : array_of(reply, "skills"))
    skills.add({shown(skill, "id"), shown(skill, "name"), {shown(skill, "packName"), Style::dim}});
  Table commands({{"NAME"}, {"SKILL"}, {"DESCRIPTION", true}});
  for (const json::Value& command : array_of(reply, "slashCommands"))
    commands.add({"/" + shown(command, "name"), shown(command, "skillId"), shown(command, "description")});
  Table roles({{"NAME"}, {"TITLE"}, {"DESCRIPTION", true}});
  for (const json::Value& role : array_of(reply, "agentRoles"))
    roles.add({shown(role, "name"), shown(role, "displayName"), shown(role, "description")});
  Table connectors({{"ID"}, {"STATUS"}, {"TOOLS", true}});
  for (const json::Value& connector : array_of(reply, "connectors")) {
    const std::string status = shown(connector, "status");
    connectors.add({shown(connector, "id"),
                    {status, status == "blocked" ? Style::red : Style::green},
                    shown_value(member_of(connector, "tools"))});
  }
  print_section(session, "SKILLS", skills);
  print_section(session, "SLASH COMMANDS", commands);
  print_section(session, "AGENT ROLES", roles);
  print_section(session, "CONNECTORS", connectors);
  return 0;
}

void add_list(CommandTree& tree, CLI::App& pack) {
  auto options = std::make_shared<ListOptions>();
  Verb& verb = tree.verb(pack, "list", "List the packs of all tiers, with their state and what the policy says.",
                         {{"cowork pack list", "all of them"},
                          {"cowork pack list --blocked", "what the policy forbids"},
                          {"cowork pack list --scope user --json", "for a program"}},
                         [options](Session& session) { return list(session, *options); });
  verb.app->add_option("--scope", options->scope, "Only this tier: builtin, organization or user")
      ->type_name("SCOPE")
      ->check(CLI::IsMember({"builtin", "organization", "user"}));
  verb.app->add_option("--state", options->state, "Only this state: active, discovered, disabled, quarantined or error")
      ->type_name("STATE")
      ->check(CLI::IsMember({"active", "discovered", "disabled", "quarantined", "error"}));
  verb.app->add_flag("--blocked", options->blocked, "Only packs that the policy does not permit");
}

void add_info(CommandTree& tree, CLI::App& pack) {
  auto name = std::make_shared<std::string>();
  Verb& verb =
      tree.verb(pack, "info", "Show all of one pack, by its name or by the id of a builtin or organization pack.",
                {{"cowork pack info devops", "its skills, commands, roles and connectors"},
                 {"cowork pack info devops --json", "for a program"}},
                [name](Session& session) { return info(session, *name); });
  verb.app->add_option("PACK", *name, "Name or alias of the pack")->required();
}

}  // namespace

void add_pack_commands(CommandTree& tree) {
  CLI::App& pack = *tree.group("pack", "List packs, switch them, make, install and check them.",
                               {{"cowork pack list", "every pack with tier, state and policy"},
                                {"cowork pack info devops", "all of one pack"},
                                {"cowork pack enable devops", "let it contribute"},
                                {"cowork pack install ./my-pack", "from a directory"}})
                        .app;
  add_list(tree, pack);
  add_info(tree, pack);
  add_pack_changes(tree, pack);
  add_pack_installs(tree, pack);
  add_pack_registry(tree, pack);
  add_pack_validation(tree, pack);
  add_pack_quarantine(tree, pack);
  tree.verb(pack, "context", "Show what active packs contribute: skills, slash commands, agent roles, connectors.",
            {{"cowork pack context", "what an agent would get"}, {"cowork pack context --json", "for a program"}},
            [](Session& session) { return context(session); });
}

}  // namespace cowork::cli
