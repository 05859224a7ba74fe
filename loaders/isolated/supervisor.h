// Keeps the process of one isolated pack: starts it when it is needed, and again after it ended. Private to
// loaders/isolated.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cowork/loaders/checked_library.h"
#include "isolation.h"
#include "runner_process.h"

namespace cowork::loaders {

/// Threads: any.
class Supervisor : public std::enable_shared_from_this<Supervisor> {
 public:
  Supervisor(std::shared_ptr<Isolation> isolation, const PackRecord& pack, CheckedLibrary library);
  ~Supervisor();

  /// The process, where it runs or may be started now. Does not wait for its start. Errors: conflict (it ended a moment
  /// ago, or was set aside), internal.
  Result<std::shared_ptr<RunnerProcess>> process();
  /// Null where none runs.
  std::shared_ptr<RunnerProcess> running();
  /// What it brought when it ran first; null before.
  const PackDescription* description() const noexcept { return known_.load(std::memory_order_acquire); }
  const std::string& name() const noexcept { return name_; }
  void log(LogLevel level, std::string_view message) const;
  void drop_event();
  /// A call was answered: how its process ended before is no news any more.
  void answered();
  /// The error of a call, with what to do where the pack was set aside.
  Error explained(Error error);

 private:
  RunnerPlan plan() const;
  RunnerListener listener();
  std::string data_directory() const;
  void started(const PackDescription& description);
  void ended(const ProcessEnd& end);
  void flooded();
  /// With the lock held: how long nothing is started after a failure.
  std::int64_t back_off_us();

  const std::shared_ptr<Isolation> isolation_;
  const std::string name_;
  const std::string directory_;  // of the pack
  const std::shared_ptr<const SealedFile> library_;
  const std::string sha256_, library_path_, configuration_;

  std::mutex mutex_;
  std::shared_ptr<RunnerProcess> process_;
  std::optional<Error> set_aside_;
  unsigned failures_ = 0;  // of the last ten minutes, as far as the next is concerned
  std::int64_t failed_us_ = 0;
  std::int64_t retry_us_ = 0;
  std::unique_ptr<const PackDescription> description_;
  std::atomic<const PackDescription*> known_{nullptr};
  std::atomic<bool> failed_{false};  // and no call was answered since
};

}  // namespace cowork::loaders
