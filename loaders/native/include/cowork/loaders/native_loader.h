// Loads native packs into this process, through Boost.DLL.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cowork/host/native_code.h"
#include "cowork/ports/disk.h"
#include "cowork/ports/log.h"

namespace cowork::loaders {

struct NativeOptions {
  std::shared_ptr<Disk> disk;
  /// What packs log, and faults that no caller can be told; may be null.
  std::shared_ptr<Log> log;
  /// Holds `config/<pack>.json`, `data/<pack>/` and `native-loads/`. Nothing is made in it before it is needed.
  std::string home;
  std::string host_version;
  /// Whether code of this tier may run in this process; left out, `TierStatus::trusted` decides. Packs of the user tier
  /// never do, whatever it says.
  std::function<bool(const TierStatus&)> trusted = {};
};

/// Threads: the loader and what it loads may be used by any thread. Ownership: what it loads does not need the loader,
/// but shares disk and log. Beside the errors of CodeLoader, load() gives invalid-argument when the pack's
/// configuration is not what its configSchema asks for.
///
/// Interceptors are called `<pack>/<name>`. A library stays loaded for the life of the process, also when its pack was
/// stopped or exchanged.
std::shared_ptr<CodeLoader> make_native_loader(NativeOptions options);

}  // namespace cowork::loaders
