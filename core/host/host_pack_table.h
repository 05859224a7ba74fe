// What the host's own code sees of its packs, beside what everybody does. Private to core/host.
#pragma once

#include <vector>

#include "cowork/operation/pack.h"

namespace cowork {

/// Every table of a host is one.
struct HostPackTable final : PackTable {
  std::vector<bool> isolated;  ///< parallel to flags: its code is, or belongs, outside of the host
};

inline bool runs_isolated(const Pack& pack) {
  return static_cast<const HostPackTable&>(pack.table()).isolated[pack.index()];
}

}  // namespace cowork
