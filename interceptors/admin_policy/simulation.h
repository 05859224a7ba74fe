// What another policy would change: per pack before and after, and everything that it loosens (SPEC §7,
// `admin:simulate`). Pure.
#pragma once

#include <string>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/chain/snapshot.h"
#include "rules.h"

namespace cowork::admin_policy {

struct PackChange {
  std::string name;
  Scope scope = Scope::user;
  PackStanding before;
  PackStanding after;
};

struct Loosening {
  std::string what;  ///< a member of the policy, or `pack "name"`
  json::Value before;
  json::Value after;
};

struct Simulation {
  std::vector<PackChange> packs;  ///< every known pack, in the catalog's order
  std::vector<Loosening> loosens;
};

/// The standings point into the layers of `before` and `after`.
Simulation simulate(const EffectivePolicy& before, const EffectivePolicy& after, const Catalog& catalog,
                    const LockRecords& locks);

}  // namespace cowork::admin_policy
