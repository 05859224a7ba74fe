#include "simulation.h"

#include <unordered_set>

#include "effective_document.h"
#include "refusals.h"

namespace cowork::admin_policy {
namespace {

std::string_view word_for(const PackStanding& standing) {
  if (standing.required()) return "required";
  return standing.permitted() ? "permitted" : reason_of(standing.standing);
}

/// From refused to required is stricter than permitted, and looser than refused all the same.
bool is_looser(const PackStanding& before, const PackStanding& after) {
  if (!before.permitted()) return after.permitted();
  return before.required() && after.permitted() && !after.required();
}

class Comparison {
 public:
  Comparison(const json::Value& before, const json::Value& after, std::vector<Loosening>& out)
      : before_(before), after_(after), out_(out) {}

  void lists() {
    for (const List list : {List::blocked, List::required, List::blocked_connectors})
      for (const std::string& id : missing_from(items(after_, list), items(before_, list)))
        out_.push_back({std::string(rule_name(list)), id, nullptr});
    const json::Array& before = items(before_, List::allowed);
    const json::Array& after = items(after_, List::allowed);
    if (before.empty()) return;
    const std::string rule(rule_name(List::allowed));
    if (after.empty()) return out_.push_back({rule, before, after});
    for (const std::string& id : missing_from(before, after)) out_.push_back({rule, nullptr, id});
  }

  void values(const EffectivePolicy& before, const EffectivePolicy& after) {
    for (const Switch which : all_switches)
      if (!before.allows(which).value && after.allows(which).value)
        out_.push_back({std::string(rule_name(which)), false, true});
    if (after.heartbeat_sec.value < before.heartbeat_sec.value)
      out_.push_back({std::string(heartbeat_rule), before.heartbeat_sec.value, after.heartbeat_sec.value});
    if (after.concurrent_agents.value > before.concurrent_agents.value)
      out_.push_back({std::string(concurrency_rule), before.concurrent_agents.value, after.concurrent_agents.value});
  }

 private:
  static const json::Array& items(const json::Value& document, List list) {
    const std::string_view rule = rule_name(list);
    const std::size_t dot = rule.find('.');
    return *document.find(rule.substr(0, dot))->find(rule.substr(dot + 1))->as_array();
  }

  static std::vector<std::string> missing_from(const json::Array& there, const json::Array& here) {
    std::unordered_set<std::string_view> present;
    for (const json::Value& item : there) present.insert(*item.as_string());
    std::vector<std::string> missing;
    for (const json::Value& item : here)
      if (!present.contains(*item.as_string())) missing.push_back(*item.as_string());
    return missing;
  }

  const json::Value& before_;
  const json::Value& after_;
  std::vector<Loosening>& out_;
};

}  // namespace

Simulation simulate(const EffectivePolicy& before, const EffectivePolicy& after, const Catalog& catalog,
                    const LockRecords& locks) {
  Simulation result;
  for (std::size_t i = 0; i < catalog.size(); ++i) {
    const PackFacts pack = facts_of(catalog, locks, i);
    PackChange change{std::string(pack.name), pack.scope, standing_of(before, pack), standing_of(after, pack)};
    if (is_looser(change.before, change.after))
      result.loosens.push_back({"pack " + named(pack.name), word_for(change.before), word_for(change.after)});
    result.packs.push_back(std::move(change));
  }
  const json::Value shown_before = describe(before, catalog, 0).json;
  const json::Value shown_after = describe(after, catalog, 0).json;
  Comparison comparison(shown_before, shown_after, result.loosens);
  comparison.lists();
  comparison.values(before, after);
  return result;
}

}  // namespace cowork::admin_policy
