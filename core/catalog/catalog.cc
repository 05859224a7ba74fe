#include "cowork/catalog/catalog.h"

#include <algorithm>
#include <functional>

#include "catalog_builder.h"

namespace cowork {

std::shared_ptr<const Catalog> Catalog::build(std::vector<TierFindings> tiers, const Catalog* previous) {
  return CatalogBuilder(previous).build(std::move(tiers));
}

std::optional<std::size_t> Catalog::find(std::string_view name) const noexcept {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::size_t> Catalog::resolve(std::string_view id) const noexcept {
  if (const auto by_name = find(id)) return by_name;
  const auto found = by_alias_.find(id);
  if (found == by_alias_.end()) return std::nullopt;
  return found->second;
}

bool Catalog::is_reserved(std::string_view id, Scope scope) const noexcept {
  return std::any_of(tiers_.begin(), tiers_.end(), [&](const TierStatus& tier) {
    return tier.scope < scope && std::binary_search(tier.reserved.begin(), tier.reserved.end(), id, std::less<>());
  });
}

}  // namespace cowork
