#include "cowork/catalog/catalog.h"

#include <algorithm>
#include <functional>

#include "catalog_builder.h"
#include "duplicate_contributions.h"

namespace cowork {

std::shared_ptr<const Catalog> Catalog::build(std::vector<TierFindings> tiers,
                                              const std::shared_ptr<const Catalog>& previous) {
  std::stable_sort(tiers.begin(), tiers.end(),
                   [](const TierFindings& a, const TierFindings& b) { return a.root.scope < b.root.scope; });
  if (previous && previous->repeats(tiers)) return previous;
  return CatalogBuilder(previous.get()).build(std::move(tiers));
}

/// Whether building would only repeat this catalog: nothing was read, gone or added, and nothing shadowed.
bool Catalog::repeats(const std::vector<TierFindings>& tiers) const noexcept {
  if (tiers.size() != scope_count) return false;
  std::size_t pack = 0, said = 0;
  for (const TierFindings& findings : tiers) {
    const TierStatus& status = tier(findings.root.scope);
    if (!findings.readable || !status.readable || findings.root.path != status.path ||
        findings.trusted != status.trusted || findings.untrusted_reason != status.untrusted_reason ||
        findings.reserved != status.reserved || findings.packs.size() != status.packs)
      return false;
    for (const TierFindings::Entry& entry : findings.packs) {
      if (entry.record != packs_[pack] || !(entry == this->entry(pack))) return false;
      ++pack;
    }
    for (const Diagnostic& diagnostic : findings.diagnostics)
      if (said == diagnostics_.size() || !(diagnostics_[said++] == diagnostic)) return false;
  }
  return std::all_of(diagnostics_.begin() + static_cast<std::ptrdiff_t>(said), diagnostics_.end(),
                     [](const Diagnostic& rest) { return rest.code == duplicate_contribution; });
}

bool Catalog::says_the_same(const Catalog& other) const noexcept {
  const auto same = [](const PackRecord* a, const PackRecord* b) { return a->same_as(*b); };
  const auto same_fault = [](const auto& a, const auto& b) {
    return a.first == b.first && a.second.message() == b.second.message() && a.second.why() == b.second.why();
  };
  return std::equal(packs_.begin(), packs_.end(), other.packs_.begin(), other.packs_.end(), same) &&
         std::equal(faults_.begin(), faults_.end(), other.faults_.begin(), other.faults_.end(), same_fault) &&
         tiers_ == other.tiers_ && diagnostics_ == other.diagnostics_;
}

std::vector<std::shared_ptr<const PackStorage>> Catalog::storage(Scope scope) const {
  std::vector<std::shared_ptr<const PackStorage>> found;
  std::copy_if(storage_.begin(), storage_.end(), std::back_inserter(found),
               [&](const auto& storage) { return storage->scope() == scope; });
  return found;
}

std::optional<std::size_t> Catalog::find(std::string_view name) const noexcept {
  return by_name_.find(name, [this](std::size_t index) { return packs_[index]->name(); });
}

std::optional<std::size_t> Catalog::resolve(std::string_view id) const noexcept {
  if (const auto by_name = find(id)) return by_name;
  return by_alias_.find(id, [this](std::size_t index) { return packs_[index]->alias.view(); });
}

namespace {

/// Of pairs that are sorted by their firsts; null when there is none.
template <class T>
const T* find_at(const std::vector<std::pair<std::size_t, T>>& pairs, std::size_t index) noexcept {
  const auto found = std::lower_bound(pairs.begin(), pairs.end(), index,
                                      [](const auto& pair, std::size_t wanted) { return pair.first < wanted; });
  return found != pairs.end() && found->first == index ? &found->second : nullptr;
}

}  // namespace

const Error* Catalog::fault(std::size_t index) const noexcept {
  return find_at(faults_, index);
}

TierFindings::Entry Catalog::entry(std::size_t index) const noexcept {
  const TierFindings::Entry* remarked = find_at(remarked_, index);
  return remarked ? *remarked : TierFindings::Entry{packs_[index], nullptr, nullptr, stamps_[index]};
}

std::vector<std::string> Catalog::reserved(Scope scope) const {
  std::vector<std::string> ids = tier(scope).reserved;
  for (const PackRecord* pack : packs_) {
    if (pack->scope != scope) continue;
    ids.emplace_back(pack->name());
    ids.push_back(pack->alias.str());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

bool Catalog::is_reserved(std::string_view id, Scope scope) const noexcept {
  // A name of two tiers is in the catalog for the higher one.
  const auto holder = resolve(id);
  if (holder && packs_[*holder]->scope < scope) return true;
  return std::any_of(tiers_.begin(), tiers_.end(), [&](const TierStatus& tier) {
    return tier.scope < scope && std::binary_search(tier.reserved.begin(), tier.reserved.end(), id, std::less<>());
  });
}

}  // namespace cowork
