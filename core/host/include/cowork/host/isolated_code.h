// What a loader of native code that runs some packs in processes of their own says besides CodeLoader.
#pragma once

#include "cowork/host/native_code.h"

namespace cowork {

/// Implemented by a CodeLoader, beside it. Threads: any.
class CodeIsolation {
 public:
  virtual ~CodeIsolation() = default;
  /// Whether this pack's code runs outside of the host, where it may run.
  virtual bool isolates(const PackRecord& pack, const TierStatus& tier) const = 0;
  /// As CodeLoader::load(), to where isolates() said: CodeLoader::load() alone always isolates.
  virtual Result<std::shared_ptr<NativePack>> load_where(bool isolated, const PackRecord& pack,
                                                         const LockRecord* lock_record) = 0;
};

}  // namespace cowork
