// `cowork pack enable|disable|new`.
#include <memory>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "display_name.h"
#include "json_fields.h"
#include "known_names.h"
#include "local_path.h"
#include "pack_state.h"

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
  if (enable) tell_if_not_active(session, text_of(*reply, whole ? "name" : "packName"));
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
                          {"cowork pack new triage --into .", "in ./triage"},
                          {"cowork pack new my-tool --kind native --into .", "C++, with its CMakeLists.txt"}},
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
  app.add_option("--kind", options->kind, "declarative (default), skill, native or interceptor")->type_name("KIND");
  app.add_option("--into", options->into, "Make it in DIR/NAME instead of the user tier")->type_name("DIR");
}

}  // namespace

void add_pack_changes(CommandTree& tree, CLI::App& pack) {
  add_toggle(tree, pack, true);
  add_toggle(tree, pack, false);
  add_new(tree, pack);
}

}  // namespace cowork::cli
