// What a loader of native code that runs some packs in processes of their own says besides CodeLoader.
#pragma once

#include "cowork/catalog/catalog.h"

namespace cowork {

/// Implemented by a CodeLoader, beside it. Threads: any.
class CodeIsolation {
 public:
  virtual ~CodeIsolation() = default;
  /// Whether this pack's code runs outside of the host, where it may run.
  virtual bool isolates(const PackRecord& pack, const TierStatus& tier) const = 0;
};

}  // namespace cowork
