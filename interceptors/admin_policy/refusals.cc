#include "refusals.h"

#include <algorithm>

#include "cowork/base/text.h"

namespace cowork::admin_policy {

std::string named(std::string_view id) {
  return is_pack_name(id) ? '"' + std::string(id) + '"' : quoted(id);
}

std::string whereabouts(const EffectivePolicy& policy, const Rule& rule) {
  std::string text = rule.name + " in " + printable(rule.place.file);
  if (rule.place.line > 0) text += ':' + std::to_string(rule.place.line);
  text += " (" + rule.layer + " layer)";
  const std::string& organization = policy.organization_name.value;
  if (!organization.empty()) text += ", set by " + printable(organization);
  return text;
}

std::string explain_toggle(std::string_view name, bool enabled) {
  const json::Value parameters = json::Value::array({name, enabled});
  return "cowork policy explain pluginPack:toggle " + shell_word(printable(json::to_text(parameters)));
}

Error denied(const EffectivePolicy& policy, std::string message, const Rule& rule, std::string remedy) {
  Error error(ErrorCode::policy_denied, std::move(message));
  error.with_why(whereabouts(policy, rule)).with_remedy(std::move(remedy)).with_place(rule.place);
  return error;
}

Rule rule_of_fault(const Layer& layer) {
  Rule rule{"policy-unavailable", std::string(layer.name()), {layer.path(), 0, 0, {}}};
  if (!layer.errors().empty() && layer.errors().front().place()) rule.place = *layer.errors().front().place();
  return rule;
}

Error unavailable(const Layer& layer, std::string message) {
  Error error(ErrorCode::policy_unavailable, std::move(message));
  std::string why = "the " + std::string(layer.name()) + " policy " + printable(layer.path()) + " can't be used";
  if (!layer.errors().empty()) {
    const Error& fault = layer.errors().front();
    why += ": " + fault.message();
    if (fault.place()) why += " at " + fault.place()->to_string();
  }
  error.with_why(std::move(why)).with_remedy("cowork policy validate").with_place(rule_of_fault(layer).place);
  return error;
}

}  // namespace cowork::admin_policy
