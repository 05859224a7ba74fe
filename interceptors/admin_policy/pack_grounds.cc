#include "pack_grounds.h"

#include "cowork/base/text.h"
#include "refusals.h"

namespace cowork::admin_policy {

PackGrounds::PackGrounds(const EffectivePolicy& policy, const PackStanding& standing, std::string_view name,
                         Remedy remedy, std::string_view required_and)
    : Grounds(std::string(required_and.empty() ? reason_of(standing.standing) : "required")),
      policy_(policy.shared_from_this()),
      standing_(standing),
      name_(name),
      remedy_(remedy),
      required_and_(required_and),
      denies_(true) {}

Grounds::Words PackGrounds::tell() const {
  Words words{rule_of(standing_), std::nullopt};
  if (denies_) words.error = required_and_.empty() ? refusal() : refusal_of_required();
  return words;
}

std::string PackGrounds::remedy() const {
  if (remedy_ == Remedy::check) return "cowork policy check " + shell_word(printable(name_));
  return explain_toggle(name_, remedy_ == Remedy::explain_enabling);
}

Error PackGrounds::refusal() const {
  const std::string subject = "Pack " + named(name_);
  switch (standing_.standing) {
    case Standing::unavailable:
      return unavailable(*standing_.layer, subject + " is blocked while the admin policy is unavailable");
    case Standing::blocked:
      return denied(*policy_, subject + " is blocked by admin policy", rule_of(standing_), remedy());
    case Standing::custom_denied:
      return denied(*policy_, "Installation disabled by admin policy: " + named(name_) + " is a custom pack",
                    rule_of(standing_), remedy());
    default:
      return denied(*policy_, subject + " is not in the list of allowed packs", rule_of(standing_), remedy());
  }
}

Error PackGrounds::refusal_of_required() const {
  std::string message = "Pack " + named(name_) + " is required by admin policy and cannot be ";
  return denied(*policy_, message.append(required_and_), rule_of(standing_), remedy());
}

std::string_view reason_of(Standing standing) noexcept {
  switch (standing) {
    case Standing::blocked:
      return "blocked";
    case Standing::not_allowed:
    case Standing::custom_denied:
      return "not-allowed";
    case Standing::unavailable:
      return "policy-unavailable";
    default:
      return {};
  }
}

Rule rule_of(const PackStanding& standing) {
  switch (standing.standing) {
    case Standing::unmentioned:
      return {};
    case Standing::allowed:
      return rule_of_entry(*standing.layer, List::allowed, *standing.entry);
    case Standing::required:
      return rule_of_entry(*standing.layer, List::required, *standing.entry);
    case Standing::blocked:
      return rule_of_entry(*standing.layer, List::blocked, *standing.entry);
    case Standing::not_allowed:
      return rule_of_list(*standing.layer, List::allowed);
    case Standing::custom_denied:
      return rule_at(*standing.layer, rule_name(Switch::custom_packs), pointer_of(Switch::custom_packs),
                     standing.layer->document()->allows(Switch::custom_packs)->at);
    case Standing::unavailable:
      break;
  }
  return rule_of_fault(*standing.layer);
}

}  // namespace cowork::admin_policy
