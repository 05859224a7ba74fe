// What the isolated packs of one loader share. Private to loaders/isolated.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/loaders/isolated_loader.h"
#include "crash_ledger.h"

namespace cowork::loaders {

/// Diagnostics, each once. Threads: any.
class Notices {
 public:
  void add(const char* code, std::string message);
  /// In place of the one with this code that `owner` said of this pack before.
  void say(const void* owner, const std::string& pack, const char* code, std::string message);
  /// What `owner` said; with a code, no more than that.
  void forget(const void* owner, std::string_view code = {});
  /// What anybody said of this pack with this code.
  void forget_pack(std::string_view pack, std::string_view code);
  std::vector<Diagnostic> all() const;

 private:
  struct Notice {
    const void* owner;  ///< null: nobody takes it back
    std::string pack;
    Diagnostic diagnostic;
  };
  mutable std::mutex mutex_;
  std::vector<Notice> notices_;
};

/// The threads of processes that have not ended. Threads: any.
class LiveThreads {
 public:
  void begin_thread();
  void end_thread() noexcept;
  void begin_pack();
  void end_pack() noexcept;
  /// Until all have ended. Threads of packs that somebody still holds are not waited for.
  void wait() noexcept;

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  unsigned threads_ = 0;
  unsigned packs_ = 0;
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
  struct Telling;
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
  const std::shared_ptr<LiveThreads> live = std::make_shared<LiveThreads>();
};

/// The code of the diagnostic that says how a pack's process ended last.
inline constexpr const char* code_failed = "pack-code-failed";

/// conflict: it is not run until somebody switches it on.
Error set_aside(const Isolation& isolation, const std::string& pack, const std::string& last_end);

}  // namespace cowork::loaders
