// What is worth saying about a policy beside its verdicts: entries that match nothing, two ids for one pack, layers
// that contradict each other. Pure.
#pragma once

#include <string>
#include <vector>

#include "cowork/catalog/catalog.h"
#include "layers.h"

namespace cowork::admin_policy {

/// An entry of `packs.*` that matches no known pack.
struct UnmatchedEntry {
  List list = List::allowed;
  std::string id;
  Rule rule;
  std::string nearest;  ///< the nearest known name or alias; empty where none is near
};
/// `nearest` is looked for only for the first hundred: it costs the product of entries and packs.
std::vector<UnmatchedEntry> unmatched_entries(const EffectivePolicy& policy, const Catalog& catalog);

/// A pack that one layer requires and another (or the same, by another id) does not permit.
struct Conflict {
  std::string pack;
  std::string message;
  Rule required;
  Rule against;
};
std::vector<Conflict> conflicts(const EffectivePolicy& policy, const Catalog& catalog);

struct Remark {
  std::string code;  ///< `same-pack`, `not-enforced`
  std::string message;
  Rule rule;
};
/// Two ids of one layer that mean the same pack; sections that are kept and not enforced.
std::vector<Remark> remarks(const EffectivePolicy& policy, const Catalog& catalog);

}  // namespace cowork::admin_policy
