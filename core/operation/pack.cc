#include "cowork/operation/pack.h"

#include <algorithm>

namespace cowork {

std::string_view to_string(PackState state) noexcept {
  switch (state) {
    case PackState::active:
      return "active";
    case PackState::discovered:
      return "discovered";
    case PackState::disabled:
      return "disabled";
    case PackState::quarantined:
      return "quarantined";
    case PackState::error:
      return "error";
  }
  return "error";
}

bool Pack::skill_enabled(const SkillSummary& skill) const noexcept {
  if (flags().policy_required) return true;
  if (flags().policy_blocked) return false;
  return table_->toggles->skill(name(), skill.id).value_or(skill.enabled);
}

bool Pack::connector_blocked(std::string_view connector) const noexcept {
  const auto& blocked = table_->blocked_connectors;
  return std::binary_search(blocked.begin(), blocked.end(), connector, std::less<>());
}

}  // namespace cowork
