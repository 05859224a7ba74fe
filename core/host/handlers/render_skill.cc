#include "../handlers.h"
#include "cowork/base/text.h"

namespace cowork::handlers {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

std::string text_of(const json::Value& value) {
  const std::string* text = value.as_string();
  return text ? *text : json::to_text(value);
}

Error unknown_value(const Skill& skill, std::string_view name) {
  std::string known;
  for (const SkillParameter& parameter : skill.parameters) known += (known.empty() ? "" : ", ") + parameter.name;
  return Error::invalid_argument("skill " + quoted(skill.id) + " has no parameter " + quoted(name))
      .with_why(known.empty() ? "it takes none" : "its parameters are " + known)
      .with_remedy("cowork skill show " + shell_word(printable(skill.id)));
}

/// Every declared parameter with its text: given, default, or empty. Errors: invalid-argument.
Result<Values> complete(const Skill& skill, const json::Value& given) {
  Values values;
  for (const SkillParameter& parameter : skill.parameters) {
    const json::Value* value = given.find(parameter.name);
    if (value) {
      values[parameter.name] = text_of(*value);
    } else if (parameter.default_value) {
      values[parameter.name] = *parameter.default_value;
    } else if (parameter.required) {
      return fail(
          Error::invalid_argument("skill " + quoted(skill.id) + " needs parameter " + quoted(parameter.name))
              .with_why(parameter.description.empty() ? "it is required and has no default" : parameter.description)
              .with_remedy("cowork skill render " + shell_word(printable(skill.id)) + " " +
                           shell_word(printable(parameter.name) + "=…")));
    } else {
      values[parameter.name].clear();
    }
  }
  if (const json::Object* members = given.as_object()) {
    for (const json::Member& member : *members) {
      if (!values.contains(member.key)) return fail(unknown_value(skill, member.key));
    }
  }
  return values;
}

/// One pass: what a value brings is never read as a placeholder again.
std::string fill(std::string_view prompt, const Values& values) {
  std::string text;
  while (true) {
    const std::size_t open = prompt.find("{{");
    const std::size_t close = open == std::string_view::npos ? open : prompt.find("}}", open + 2);
    if (close == std::string_view::npos) return text.append(prompt);
    std::string_view name = prompt.substr(open + 2, close - open - 2);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    const auto value = values.find(name);
    if (value == values.end()) {
      text.append(prompt.substr(0, open + 2));
      prompt.remove_prefix(open + 2);
    } else {
      text.append(prompt.substr(0, open)).append(value->second);
      prompt.remove_prefix(close + 2);
    }
  }
}

}  // namespace

Result<RenderSkill::Reply> render_skill(HostImpl& host, Admitted<RenderSkill>& admitted) {
  const RenderSkill& request = admitted.request();
  COWORK_ASSIGN(const FoundContribution found, find_skill(host.table_of(admitted.snapshot()), request.skill_id));
  COWORK_ASSIGN(const Skill skill, host.source().read_skill(found.pack.record(), request.skill_id));
  COWORK_ASSIGN(const Values values, complete(skill, request.values));
  return RenderSkill::Reply{fill(skill.prompt, values)};
}

}  // namespace cowork::handlers
