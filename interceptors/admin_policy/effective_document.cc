#include "effective_document.h"

#include <algorithm>
#include <unordered_set>

#include "cowork/base/text.h"
#include "rules.h"

namespace cowork::admin_policy {
namespace {

class Describer {
 public:
  Describer(const EffectivePolicy& policy, const Catalog& catalog, std::int64_t started_ms)
      : policy_(policy), catalog_(catalog), started_ms_(started_ms) {}

  EffectiveDocument describe() {
    out_.json = json::Value::object({{"version", 1}, {"updatedAt", updated_at()}});
    json::Value packs;
    packs.set("allowed", allowed());
    packs.set("blocked", united(List::blocked));
    packs.set("required", united(List::required));
    json::Value connectors;
    connectors.set("blocked", united(List::blocked_connectors));
    out_.json.set("packs", std::move(packs));
    out_.json.set("connectors", std::move(connectors));
    out_.json.set("agents", agents());
    out_.json.set("general", general());
    return std::move(out_);
  }

 private:
  std::string updated_at() const {
    std::string newest;
    for (const auto& layer : policy_.layers)
      if (layer->document()) newest = std::max(newest, layer->document()->updated_at);
    return newest.empty() ? utc_timestamp(started_ms_) : newest;
  }

  json::Value allowed() {
    json::Array items;
    for (const AllowedEntry& allowed_entry : effective_allowed(policy_, catalog_)) {
      const Rule rule = allowed_entry.entry ? rule_of_entry(*allowed_entry.layer, List::allowed, *allowed_entry.entry)
                                            : rule_of_list(*allowed_entry.layer, List::allowed);
      note(std::string(pointer_of(List::allowed)) + '/' + std::to_string(items.size()), allowed_entry.layer,
           rule.place);
      items.emplace_back(allowed_entry.id);
    }
    return items;
  }

  /// The entries of all layers, the highest layer's first, each id once.
  json::Value united(List list) {
    json::Array items;
    std::unordered_set<std::string_view> seen;
    for (const auto& layer : policy_.layers) {
      if (!layer->document()) continue;
      for (const auto& entry : layer->document()->list(list).entries) {
        if (!seen.insert(entry.value).second) continue;
        note(std::string(pointer_of(list)) + '/' + std::to_string(items.size()), layer.get(),
             rule_of_entry(*layer, list, entry).place);
        items.emplace_back(entry.value);
      }
    }
    return items;
  }

  json::Value agents() {
    json::Value agents;
    agents.set("maxHeartbeatFrequencySec",
               number(policy_.heartbeat_sec, heartbeat_rule, &PolicyDocument::heartbeat_spelling));
    agents.set("maxConcurrentAgents",
               number(policy_.concurrent_agents, concurrency_rule, &PolicyDocument::concurrency_spelling));
    return agents;
  }

  json::Value general() {
    json::Value general;
    for (const Switch which : all_switches) {
      note_value(policy_.allows(which), rule_name(which));
      general.set(member_of(rule_name(which)), policy_.allows(which).value);
    }
    text(general, policy_.organization_name, organization_name_rule);
    text(general, policy_.organization_directory, organization_directory_rule);
    return general;
  }

  static std::string_view member_of(std::string_view rule) { return rule.substr(rule.find('.') + 1); }

  /// A number keeps the spelling of its layer.
  template <class T>
  json::Value number(const Effective<T>& effective, std::string_view rule, std::string PolicyDocument::*spelling) {
    note_value(effective, rule);
    if (!effective.layer) return json::Value(static_cast<std::int64_t>(effective.value));
    return json::Value::number_from_lexeme((*effective.layer->document()).*spelling);
  }

  void text(json::Value& general, const Effective<std::string>& effective, std::string_view rule) {
    if (!effective.layer) return;
    note_value(effective, rule);
    general.set(member_of(rule), effective.value);
  }

  template <class T>
  void note_value(const Effective<T>& effective, std::string_view rule) {
    const std::string pointer = pointer_of_rule(rule);
    SourcePlace place;
    if (effective.layer) place = rule_at(*effective.layer, rule, pointer, effective.at).place;
    note(pointer, effective.layer, std::move(place));
  }

  void note(std::string pointer, const Layer* layer, SourcePlace place) {
    out_.origins.push_back({std::move(pointer), layer, std::move(place)});
  }

  const EffectivePolicy& policy_;
  const Catalog& catalog_;
  std::int64_t started_ms_;
  EffectiveDocument out_;
};

/// The packs that an entry of allowed ids in `layer` means.
std::vector<PackFacts> packs_meant(const Layer& layer, std::string_view id, const Catalog& catalog) {
  static const LockRecords no_records;
  std::vector<PackFacts> packs;
  for (const auto index : {catalog.find(id), catalog.resolve(id)}) {
    if (!index) continue;
    PackFacts facts = facts_of(catalog, no_records, *index);
    facts.custom = false;
    const bool by_alias = facts.name != id;
    const bool counts = facts.scope != Scope::user && (layer.kind() != LayerKind::machine || facts.tier_trusted);
    if (!by_alias || counts) packs.push_back(facts);
  }
  if (packs.empty()) packs.push_back({.name = id});
  return packs;
}

bool permits(const Layer& layer, const PackFacts& pack) {
  if (match(layer, List::blocked, pack)) return false;
  return !layer.has_entries(List::allowed) || match(layer, List::allowed, pack) != nullptr;
}

}  // namespace

EffectiveDocument describe(const EffectivePolicy& policy, const Catalog& catalog, std::int64_t started_ms) {
  return Describer(policy, catalog, started_ms).describe();
}

bool permitted_above(const EffectivePolicy& policy, const Layer& layer, std::string_view id, const Catalog& catalog) {
  const std::vector<PackFacts> packs = packs_meant(layer, id, catalog);
  return std::any_of(packs.begin(), packs.end(), [&](const PackFacts& pack) {
    for (const auto& above : policy.layers) {
      if (above.get() == &layer) return true;
      if (!permits(*above, pack)) return false;
    }
    return true;
  });
}

std::vector<AllowedEntry> effective_allowed(const EffectivePolicy& policy, const Catalog& catalog) {
  std::vector<const Layer*> stating;
  for (const auto& layer : policy.layers)
    if (layer->has_entries(List::allowed)) stating.push_back(layer.get());
  if (stating.empty()) return {};
  const Layer& lowest = *stating.back();
  std::vector<AllowedEntry> result;
  for (const auto& entry : lowest.document()->list(List::allowed).entries)
    if (stating.size() == 1 || permitted_above(policy, lowest, entry.value, catalog))
      result.push_back({entry.value, &lowest, &entry});
  if (result.empty()) result.push_back({nothing_allowed, &lowest, nullptr});
  return result;
}

}  // namespace cowork::admin_policy
