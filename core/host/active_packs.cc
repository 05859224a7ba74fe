#include "active_packs.h"

#include <algorithm>

namespace cowork {

ActivePacks::ActivePacks(const PackTable& table, const RunningCode& code)
    : catalog_(table.catalog), active_(table.flags.size()) {
  for (std::size_t i = 0; i < table.flags.size(); ++i) {
    const PackFlags& flags = table.flags[i];
    const bool may_run = flags.state == PackState::discovered && flags.error.empty();
    active_[i] = flags.state == PackState::active || may_run;
    const PackRecord& pack = (*catalog_)[i];
    if (active_[i] && pack.is_native())
      native_content_.emplace(std::string(pack.name()), code.content(pack, catalog_->tier(pack.scope)));
  }
}

void ActivePacks::erase(std::string_view name) {
  if (!catalog_) return;
  if (const auto index = catalog_->find(name)) active_[*index] = false;
}

bool ActivePacks::has(std::string_view name) const {
  const auto index = catalog_ ? catalog_->find(name) : std::nullopt;
  return index && active_[*index];
}

std::string_view ActivePacks::content(std::string_view name) const {
  const auto found = native_content_.find(name);
  return found == native_content_.end() ? std::string_view() : found->second;
}

ActivePacks::Difference ActivePacks::to(const ActivePacks& next) const {
  Difference difference;
  for (std::size_t i = 0; i < active_.size(); ++i)
    if (active_[i] && !next.has((*catalog_)[i].name())) difference.gone.emplace_back((*catalog_)[i].name());
  for (std::size_t i = 0; i < next.active_.size(); ++i) {
    if (!next.active_[i]) continue;
    const std::string_view name = (*next.catalog_)[i].name();
    if (!has(name) || content(name) != next.content(name)) difference.come.emplace_back(name);
  }
  std::sort(difference.gone.begin(), difference.gone.end());
  std::sort(difference.come.begin(), difference.come.end());
  return difference;
}

}  // namespace cowork
