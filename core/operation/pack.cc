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

bool Pack::skill_enabled(const Skill& skill) const noexcept {
  if (flags().policy_required) return true;
  if (flags().policy_blocked) return false;
  return table_->toggles->skill(name(), skill.id).value_or(skill.enabled);
}

bool Pack::connector_blocked(std::string_view connector) const noexcept {
  const auto& blocked = table_->blocked_connectors;
  return std::binary_search(blocked.begin(), blocked.end(), connector, std::less<>());
}

PackTexts::~PackTexts() {
  for (const auto& text : texts_) delete text.load(std::memory_order_relaxed);
}

const std::string& PackTexts::of(std::size_t index, std::size_t count, const std::function<std::string()>& make) {
  std::call_once(sized_, [&] { texts_ = std::vector<std::atomic<const std::string*>>(count); });
  std::atomic<const std::string*>& slot = texts_[index];
  if (const std::string* kept = slot.load(std::memory_order_acquire)) return *kept;
  auto made = std::make_unique<const std::string>(make());
  const std::string* expected = nullptr;
  if (slot.compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel)) return *made.release();
  return *expected;
}

}  // namespace cowork
