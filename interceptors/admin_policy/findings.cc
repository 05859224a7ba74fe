#include "findings.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "cowork/base/text.h"
#include "refusals.h"
#include "rules.h"

namespace cowork::admin_policy {
namespace {

constexpr std::array pack_lists{List::allowed, List::blocked, List::required};
constexpr std::size_t most_suggestions = 100;

PackFacts plain_facts(const Catalog& catalog, std::size_t index) {
  static const LockRecords no_records;
  PackFacts facts = facts_of(catalog, no_records, index);
  facts.custom = false;
  return facts;
}

/// Which packs an entry can mean, by name or by alias.
class KnownIds {
 public:
  explicit KnownIds(const Catalog& catalog) : catalog_(catalog) {
    for (std::size_t i = 0; i < catalog.size(); ++i) by_alias_.emplace(catalog[i].alias, i);
  }

  bool matches(const Layer& layer, List list, std::string_view id) const {
    if (catalog_.find(id)) return true;
    const auto [begin, end] = by_alias_.equal_range(id);
    return std::any_of(
        begin, end, [&](const auto& known) { return alias_counts(layer, list, plain_facts(catalog_, known.second)); });
  }

  std::vector<std::string> all() const {
    std::vector<std::string> ids;
    for (const PackRecord& pack : catalog_.packs()) {
      ids.emplace_back(pack.name());
      if (pack.alias != pack.name()) ids.push_back(pack.alias.str());
    }
    return ids;
  }

 private:
  const Catalog& catalog_;
  std::unordered_multimap<std::string_view, std::size_t> by_alias_;
};

/// What one layer has against a pack; nothing when it permits it.
std::optional<Rule> objection(const Layer& layer, const PackFacts& pack) {
  if (const auto* entry = match(layer, List::blocked, pack)) return rule_of_entry(layer, List::blocked, *entry);
  if (layer.has_entries(List::allowed) && !match(layer, List::allowed, pack)) return rule_of_list(layer, List::allowed);
  return std::nullopt;
}

Conflict conflict_of(const EffectivePolicy& policy, const PackFacts& pack, Rule required, Rule against) {
  std::string message = "Pack " + named(pack.name) + " is required by the " + required.layer + " policy and ";
  message += against.name == rule_name(List::blocked) ? "blocked by the " : "not in the list of allowed packs of the ";
  message += against.layer + " policy: ";
  const PackStanding standing = standing_of(policy, pack);
  message += standing.required()    ? "it stays required"
             : standing.permitted() ? "it is permitted"
                                    : "it is not permitted";
  return {std::string(pack.name), std::move(message), std::move(required), std::move(against)};
}

void add_conflicts(std::vector<Conflict>& found, const EffectivePolicy& policy, const PackFacts& pack) {
  for (const auto& requiring : policy.layers) {
    const auto* entry = match(*requiring, List::required, pack);
    if (!entry) continue;
    for (const auto& other : policy.layers)
      if (auto against = objection(*other, pack))
        found.push_back(
            conflict_of(policy, pack, rule_of_entry(*requiring, List::required, *entry), std::move(*against)));
  }
}

/// The entry of any list of packs that has this id, in the order of the lists.
std::optional<Rule> rule_naming(const Layer& layer, std::string_view id, const PackFacts& pack) {
  for (const List list : pack_lists) {
    const auto* entry = layer.find(list, id);
    if (entry && (id == pack.name || alias_counts(layer, list, pack))) return rule_of_entry(layer, list, *entry);
  }
  return std::nullopt;
}

}  // namespace

std::vector<UnmatchedEntry> unmatched_entries(const EffectivePolicy& policy, const Catalog& catalog) {
  const KnownIds known(catalog);
  std::vector<UnmatchedEntry> found;
  for (const auto& layer : policy.layers) {
    if (!layer->document()) continue;
    for (const List list : pack_lists)
      for (const auto& entry : layer->document()->list(list).entries)
        if (!known.matches(*layer, list, entry.value))
          found.push_back({list, std::string(entry.value), rule_of_entry(*layer, list, entry), {}});
  }
  const std::vector<std::string> ids = found.empty() ? std::vector<std::string>() : known.all();
  for (std::size_t i = 0; i < std::min(found.size(), most_suggestions); ++i)
    if (auto close = nearest(found[i].id, ids); !close.empty()) found[i].nearest = std::move(close.front());
  return found;
}

std::vector<Conflict> conflicts(const EffectivePolicy& policy, const Catalog& catalog) {
  std::vector<Conflict> found;
  for (std::size_t i = 0; i < catalog.size(); ++i) add_conflicts(found, policy, plain_facts(catalog, i));
  std::unordered_set<std::string_view> unknown;
  const KnownIds known(catalog);
  for (const auto& layer : policy.layers) {
    if (!layer->document()) continue;
    for (const auto& entry : layer->document()->list(List::required).entries)
      if (!known.matches(*layer, List::required, entry.value) && unknown.insert(entry.value).second)
        add_conflicts(found, policy, {.name = entry.value});
  }
  return found;
}

std::vector<Remark> remarks(const EffectivePolicy& policy, const Catalog& catalog) {
  std::vector<Remark> found;
  for (const auto& layer : policy.layers) {
    if (!layer->document()) continue;
    for (std::size_t i = 0; i < catalog.size(); ++i) {
      const PackFacts pack = plain_facts(catalog, i);
      if (pack.alias == pack.name) continue;
      const auto by_alias = rule_naming(*layer, pack.alias, pack);
      if (!by_alias || !rule_naming(*layer, pack.name, pack)) continue;
      found.push_back({"same-pack", named(pack.alias) + " and " + named(pack.name) + " mean the same pack", *by_alias});
    }
    for (const std::string& section : layer->document()->kept_sections)
      found.push_back({"not-enforced", quoted(section) + " is kept and not enforced",
                       rule_at(*layer, section, json::pointer_step(section), {})});
  }
  return found;
}

}  // namespace cowork::admin_policy
