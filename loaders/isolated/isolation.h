// What the isolated packs of one loader share. Private to loaders/isolated.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "cowork/loaders/isolated_loader.h"
#include "crash_ledger.h"

namespace cowork::loaders {

/// Diagnostics, each once. Threads: any.
class Notices {
 public:
  void add(const char* code, std::string message);
  std::vector<Diagnostic> all() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Diagnostic> diagnostics_;
};

/// Whoever wants to hear of packs that were set aside. Threads: any; no lock is held while it is told.
class GivenUp {
 public:
  using Listener = std::function<void(const std::string& pack, const Error& why)>;
  void listen(Listener listener);
  void tell(const std::string& pack, const Error& why);
  /// Waits for what is being told.
  void stop() noexcept;

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  Listener listener_;
  unsigned telling_ = 0;
};

struct Isolation {
  explicit Isolation(IsolationOptions given)
      : options(std::move(given)), ledger(options.disk, options.clock, options.home) {}

  const IsolationOptions options;
  CrashLedger ledger;
  Notices notices;
  GivenUp given_up;
};

/// conflict: it is not run until somebody switches it on.
Error set_aside(const Isolation& isolation, const std::string& pack, const std::string& last_end);

}  // namespace cowork::loaders
