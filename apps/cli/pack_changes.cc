// `cowork pack enable|disable|new|install|remove`.
#include <memory>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "display_name.h"
#include "install_source.h"
#include "json_fields.h"
#include "known_names.h"
#include "local_path.h"

namespace cowork::cli {
namespace {

struct ToggleOptions {
  std::string pack;
  std::string skill;
};

Result<int> toggle(Session& session, const ToggleOptions& options, bool enable) {
  const bool whole = options.skill.empty();
  const json::Value params =
      whole ? json::Value::array({options.pack, enable}) : json::Value::array({options.pack, options.skill, enable});
  Result<json::Value> reply = session.call(whole ? "pluginPack:toggle" : "pluginPack:toggleSkill", params);
  const std::string verb = enable ? "enable" : "disable";
  if (!reply) return fail(with_pack_suggestion(session, reply.error(), options.pack, "cowork pack " + verb));
  if (session.json())
    session.document({{"toggle", *reply}});
  else
    session.announce(verb + "d", verb,
                     whole ? shown(*reply, "name") : shown(*reply, "packName") + " skill " + shown(*reply, "skillId"));
  return 0;
}

struct NewOptions {
  std::string name, display_name, description, category, icon, author, persona, kind, into;

  Result<json::Value> params() const {
    json::Value options = json::Value::object(
        {{"name", name}, {"displayName", display_name.empty() ? display_name_for(name) : display_name}});
    const auto optional = [&](std::string_view key, const std::string& value) {
      if (!value.empty()) options.set(key, value);
    };
    optional("description", description);
    optional("category", category);
    optional("icon", icon);
    optional("author", author);
    optional("personaTemplateId", persona);
    optional("kind", kind);
    if (!into.empty()) {
      COWORK_ASSIGN(std::string directory, absolute_path(into));
      options.set("into", std::move(directory));
    }
    return json::Value::object({{"options", std::move(options)}});
  }
};

Result<int> scaffold(Session& session, const NewOptions& options) {
  COWORK_ASSIGN(const json::Value params, options.params());
  COWORK_ASSIGN(const json::Value reply, session.call("pluginPack:scaffold", params));
  if (session.json()) {
    session.document({{"scaffold", reply}});
    return 0;
  }
  session.announce("created", "create", printable(options.name));
  for (const std::string& file : strings_of(member_of(reply, "filesCreated"))) session.say("  " + printable(file));
  session.print_line(shown(reply, "path"));
  return 0;
}

struct InstallFlags {
  std::string source, ref, sha256;
  bool replace = false, allow_downgrade = false, no_enable = false;

  json::Value options() const {
    json::Value result = json::Value::object();
    if (!ref.empty()) result.set("ref", ref);
    if (!sha256.empty()) result.set("sha256", sha256);
    if (replace) result.set("replace", true);
    if (allow_downgrade) result.set("allowDowngrade", true);
    if (no_enable) result.set("enable", false);
    return result;
  }
};

Result<int> install(Session& session, const InstallFlags& flags) {
  COWORK_ASSIGN(const InstallSource source, classify_source(flags.source));
  session.detail(source.operation + " " + printable(source.value));
  const json::Value params = json::Value::object({{source.parameter, source.value}, {"options", flags.options()}});
  COWORK_ASSIGN(const json::Value reply, session.call(source.operation, params));
  if (session.json()) {
    session.document({{"install", reply}});
    return 0;
  }
  const std::string version = shown(member_of(reply, "manifest"), "version");
  session.announce("installed", "install",
                   shown(reply, "packName") + (version.empty() ? "" : " " + version) + " (" +
                       counted(static_cast<std::size_t>(number_of(reply, "skillCount")), "skill") + ", " +
                       counted(static_cast<std::size_t>(number_of(reply, "agentCount")), "role") + ")");
  session.print_line(shown(reply, "path"));
  return 0;
}

Result<int> remove(Session& session, const std::string& name) {
  if (!session.confirmed("Remove pack " + cowork::quoted(name) + " and its files?"))
    return fail(Error(ErrorCode::cancelled, "nothing was removed")
                    .with_why("the question was not answered with yes")
                    .with_remedy("cowork pack remove --yes " + shell_word(printable(name))));
  Result<json::Value> reply = session.call("pluginPack:uninstall", json::Value::array({name}));
  if (!reply) return fail(with_pack_suggestion(session, reply.error(), name, "cowork pack remove"));
  if (session.json())
    session.document({{"uninstall", *reply}});
  else
    session.announce("removed", "remove", shown(*reply, "packName"));
  return 0;
}

void add_toggle(CommandTree& tree, CLI::App& pack, bool enable) {
  auto options = std::make_shared<ToggleOptions>();
  const std::string name = enable ? "enable" : "disable";
  Verb& verb = tree.verb(pack, name,
                         enable ? "Let a pack, or one of its skills, contribute."
                                : "Keep a pack, or one of its skills, from contributing.",
                         {{"cowork pack " + name + " devops", "the whole pack"},
                          {"cowork pack " + name + " devops --skill operations-rollout-plan", "one of its skills"}},
                         [options, enable](Session& session) { return toggle(session, *options, enable); });
  verb.app->add_option("PACK", options->pack, "Name or alias of the pack")->required();
  verb.app->add_option("--skill", options->skill, "Only this skill of the pack")->type_name("SKILL");
}

void add_new(CommandTree& tree, CLI::App& pack) {
  auto options = std::make_shared<NewOptions>();
  Verb& verb = tree.verb(pack, "new", "Make the files of a new pack and print its directory.",
                         {{"cowork pack new release-notes", "in the user tier"},
                          {"cowork pack new triage --kind skill", "its prompt in a SKILL.md"},
                          {"cowork pack new triage --into .", "in ./triage"}},
                         [options](Session& session) { return scaffold(session, *options); });
  CLI::App& app = *verb.app;
  app.add_option("NAME", options->name, "Lower-case letters, digits, - and _")->required();
  app.add_option("--display-name", options->display_name, "What people see (default: made from NAME)")
      ->type_name("TEXT");
  app.add_option("--description", options->description, "What it is for")->type_name("TEXT");
  app.add_option("--category", options->category, "Where lists put it")->type_name("TEXT");
  app.add_option("--icon", options->icon, "A character or a name")->type_name("TEXT");
  app.add_option("--author", options->author, "Who made it")->type_name("TEXT");
  app.add_option("--persona", options->persona, "Persona template that goes with it")->type_name("ID");
  app.add_option("--kind", options->kind, "declarative (default) or skill")->type_name("KIND");
  app.add_option("--into", options->into, "Make it in DIR/NAME instead of the user tier")->type_name("DIR");
}

void add_install(CommandTree& tree, CLI::App& pack) {
  auto flags = std::make_shared<InstallFlags>();
  Verb& verb = tree.verb(pack, "install", "Install a pack into the user tier and print its directory.",
                         {{"cowork pack install ./my-pack", "a directory"},
                          {"cowork pack install github:acme/crm-pack", "judged, but this version fetches nothing yet"},
                          {"cowork pack install https://acme.example/crm.git", "the same: git"},
                          {"cowork pack install https://acme.example/crm.zip", "the same: an archive or manifest"}},
                         [flags](Session& session) { return install(session, *flags); });
  CLI::App& app = *verb.app;
  app.add_option("SOURCE", flags->source, "Directory, archive, repository or https:// address")->required();
  app.add_option("--ref", flags->ref, "Branch, tag or commit of a repository")->type_name("REF");
  app.add_option("--sha256", flags->sha256, "What the fetched bytes must hash to")->type_name("HEX");
  app.add_flag("--replace", flags->replace, "Take the place of an installed pack of that name");
  app.add_flag("--allow-downgrade", flags->allow_downgrade, "Also by a lower version");
  app.add_flag("--no-enable", flags->no_enable, "Leave it disabled");
}

void add_remove(CommandTree& tree, CLI::App& pack) {
  auto name = std::make_shared<std::string>();
  Verb& verb = tree.verb(pack, "remove", "Remove a pack of the user tier with its files, toggles and lock record.",
                         {{"cowork pack remove my-pack", "asks first, on a terminal"},
                          {"cowork pack remove my-pack --yes", "does not ask"}},
                         [name](Session& session) { return remove(session, *name); });
  verb.app->add_option("PACK", *name, "Name of the pack")->required();
}

}  // namespace

void add_pack_changes(CommandTree& tree, CLI::App& pack) {
  add_toggle(tree, pack, true);
  add_toggle(tree, pack, false);
  add_new(tree, pack);
  add_install(tree, pack);
  add_remove(tree, pack);
}

}  // namespace cowork::cli
