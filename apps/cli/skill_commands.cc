// `cowork skill show|render`.
#include <memory>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "known_names.h"
#include "pack_view.h"
#include "request_parameters.h"

namespace cowork::cli {
namespace {

std::vector<std::string> skill_ids(Session& session) {
  std::vector<std::string> ids;
  const Result<json::Value> context = session.call("pluginPack:getContext");
  if (!context) return ids;
  for (const json::Value& skill : array_of(*context, "skills")) ids.push_back(text_of(skill, "id"));
  return ids;
}

/// The quarantined pack that holds skill `id`; empty when none does.
std::string quarantined_pack_with(Session& session, const std::string& id) {
  const Result<json::Value> packs = session.call("pluginPack:list");
  if (!packs || !packs->as_array()) return {};
  for (const json::Value& pack : *packs->as_array()) {
    if (text_of(pack, "state") != "quarantined") continue;
    for (const json::Value& skill : array_of(pack, "skills"))
      if (text_of(skill, "id") == id) return text_of(pack, "name");
  }
  return {};
}

Error with_skill_suggestion(Session& session, Error error, const std::string& id, const std::string& command) {
  if (error.code() != ErrorCode::not_found) return error;
  if (const std::string pack = quarantined_pack_with(session, id); !pack.empty()) {
    error.with_why("pack " + cowork::quoted(pack) + " brings it, and is quarantined");
    error.with_remedy("cowork pack info " + shell_word(printable(pack)));
    return error;
  }
  if (!error.remedy().empty()) return error;
  const std::vector<std::string> found = nearest(id, skill_ids(session));
  error.with_remedy(found.empty()
                        ? "cowork pack context"
                        : "did you mean " + cowork::quoted(found.front()) + "? " + command + " " + found.front());
  return error;
}

std::string with_line_feed(std::string text) {
  if (!text.empty() && text.back() != '\n') text += '\n';
  return text;
}

void print_parameters(Session& session, const json::Value& skill) {
  Table table({{"PARAMETER"}, {"TYPE"}, {"REQUIRED"}, {"DEFAULT"}, {"DESCRIPTION", true}});
  for (const json::Value& parameter : array_of(skill, "parameters")) {
    const json::Value& fallback = member_of(parameter, "default");
    table.add({shown(parameter, "name"), shown(parameter, "type"), flag_of(parameter, "required") ? "yes" : "",
               fallback.is_null() ? "" : shown_value(fallback), shown(parameter, "description")});
  }
  if (table.empty()) return;
  session.print_line("");
  session.print(table);
}

Result<int> show(Session& session, const std::string& id) {
  Result<json::Value> skill = session.call("skill:get", json::Value::array({id}));
  if (!skill) return fail(with_skill_suggestion(session, skill.error(), id, "cowork skill show"));
  if (session.json()) {
    session.document({{"skill", *skill}});
    return 0;
  }
  const Styler& styler = session.styled();
  const std::size_t width = session.terminal().out_is_terminal ? session.terminal().width : 0;
  session.print_line(styler(Style::bold, shown(*skill, "id")) + "  " + shown(*skill, "name"));
  session.print(detail_line("pack", shown(*skill, "packName"), styler, width) +
                detail_line("category", shown(*skill, "category"), styler, width) +
                detail_line("description", shown(*skill, "description"), styler, width));
  print_parameters(session, *skill);
  session.print("\n" + with_line_feed(printable_block(text_of(*skill, "prompt"))));
  return 0;
}

Result<json::Value> values_from(const std::vector<std::string>& words) {
  COWORK_ASSIGN(json::Value values, read_parameters(words));
  if (values.is_null()) return json::Value::object();
  if (values.is_object()) return values;
  return fail(Error::invalid_argument("values for a skill's parameters are given by name")
                  .with_why(cowork::quoted(words.front()) + " has no name")
                  .with_remedy("cowork skill render SKILL name=value"));
}

Result<int> render(Session& session, const std::string& id, const std::vector<std::string>& words) {
  COWORK_ASSIGN(json::Value values, values_from(words));
  const json::Value params = json::Value::object({{"skillId", id}, {"values", std::move(values)}});
  Result<json::Value> reply = session.call("skill:render", params);
  if (!reply) return fail(with_skill_suggestion(session, reply.error(), id, "cowork skill render"));
  if (session.json())
    session.document({{"render", *reply}});
  else
    session.print(with_line_feed(printable_block(reply->as_string() ? *reply->as_string() : std::string())));
  return 0;
}

}  // namespace

void add_skill_commands(CommandTree& tree) {
  CLI::App& skill = *tree.group("skill", "Read the skills of active packs, and fill in their prompts.",
                                {{"cowork skill show operations-alert-triage", "its prompt and parameters"},
                                 {"cowork skill render operations-alert-triage alert=…", "its prompt, filled in"}})
                         .app;
  auto id = std::make_shared<std::string>();
  Verb& shown_skill = tree.verb(skill, "show", "Show a skill with its prompt and parameters.",
                                {{"cowork skill show operations-alert-triage", "for people"},
                                 {"cowork skill show operations-alert-triage --json", "to the letter, for a program"}},
                                [id](Session& session) { return show(session, *id); });
  shown_skill.app->add_option("SKILL", *id, "Id of the skill")->required();

  Verb& rendered =
      tree.verb(skill, "render", "Print a skill's prompt with its parameters filled in.",
                {{"cowork skill render operations-alert-triage alert=…", "a value by name"},
                 {"cowork skill render operations-alert-triage '{\"alert\":\"…\"}'", "all of them as JSON"}},
                {});
  rendered.app->add_option("SKILL", *id, "Id of the skill")->required();
  const auto words = tree.take_words(rendered, "NAME=VALUE...", "Values of the skill's parameters", 0);
  rendered.action = [id, words](Session& session) { return render(session, *id, *words); };
}

}  // namespace cowork::cli
