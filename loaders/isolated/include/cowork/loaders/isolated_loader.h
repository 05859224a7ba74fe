// Runs native packs outside of the host: a process for each, which can do little besides answering (docs/isolation.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cowork/catalog/scope.h"
#include "cowork/host/native_code.h"
#include "cowork/ports/clock.h"
#include "cowork/ports/disk.h"
#include "cowork/ports/log.h"

namespace cowork::loaders {

struct IsolationLimits {
  std::chrono::milliseconds call = std::chrono::seconds(30);   ///< of one call, where the caller's deadline is later
  std::chrono::milliseconds start = std::chrono::seconds(10);  ///< from the program to a pack that runs
  /// Between asking for an end (of a call, of the process) and killing the process.
  std::chrono::milliseconds grace = std::chrono::milliseconds(500);
  std::uint64_t cpu_seconds = 600;  ///< of one process in its life, as all that follow
  std::uint64_t memory_bytes = 1ULL << 30U;
  std::uint64_t file_bytes = 256ULL << 20U;  ///< of one file
  std::uint64_t descriptors = 64;
};

struct IsolationOptions {
  std::shared_ptr<Disk> disk;
  std::shared_ptr<Log> log;  ///< what packs log; may be null
  std::shared_ptr<Clock> clock;
  /// Holds `config/<pack>.json`, `data/<pack>/` and `native-crashes/`. Nothing is made in it before it is needed.
  std::string home;
  std::string host_version;
  std::string program;  ///< cowork-pack-runner, absolute
  /// Start processes when packs are loaded, without waiting for them; else with the first call.
  bool eager = false;
  IsolationLimits limits = {};
};

/// load() makes all checks that the loader in process makes, and starts nothing unless it is `eager`. What it gives
/// names no tools before the pack ran once, and brings no interceptors. Its call() starts the process where none is;
/// beside NativePack's errors it gives timeout (killed: it did not answer), internal (its process ended), conflict (it
/// ended a moment ago and is started again later; or it was set aside).
///
/// A pack whose process ended by itself five times within ten minutes, in any host of this home, is set aside:
/// on_given_up() hears of it, and load() gives conflict until forgive(), or until its library is another one.
class IsolatedLoader : public CodeLoader {
 public:
  /// What isolation can't do on this machine, and what packs try that it does not let them. Threads: any.
  virtual std::vector<Diagnostic> diagnostics() const = 0;
};

std::shared_ptr<IsolatedLoader> make_isolated_loader(IsolationOptions options);

}  // namespace cowork::loaders
