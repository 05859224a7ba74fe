// What the threads of calls and the thread of one process share. Private to loaders/isolated.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "cowork/loaders/descriptor.h"
#include "cowork/loaders/isolated_loader.h"
#include "cowork/loaders/pack_description.h"
#include "cowork/loaders/sealed_file.h"
#include "process_end.h"

namespace cowork::loaders {

struct RunnerPlan {
  std::string program;
  std::string pack;
  std::shared_ptr<const SealedFile> library;
  json::Value start;  ///< content of the frame
  IsolationLimits limits;
};

/// Called by the process's thread, without locks.
struct RunnerListener {
  std::function<void(const PackDescription&)> started;
  std::function<void(LogLevel, std::string_view)> logged;
  std::function<void()> flooded;  ///< more was logged than is taken
  std::function<void(const ProcessEnd&)> ended;
};

inline constexpr std::size_t most_calls = 16;  ///< at once; more wait
inline constexpr std::size_t most_events = 100;

struct RunnerState {
  RunnerState(RunnerPlan given, RunnerListener listening);
  enum class Phase { starting, running, ended };
  struct Pending {
    bool is_event = false;
    std::optional<Result<json::Value>> answer = {};
  };

  /// With the lock held: sends a frame without waiting; what the connection does not take at once is left to the
  /// process's thread.
  void send(const std::string& frame);
  /// With the lock held: the process's thread kills it. The first one counts.
  void kill(ProcessEnd end);
  void wake() const noexcept;

  const RunnerPlan plan;
  const RunnerListener listener;
  const Descriptor bell;  ///< eventfd

  std::mutex mutex;
  std::condition_variable changed;
  Phase phase = Phase::starting;
  PackDescription description;  ///< once it runs
  std::string to_send;
  /// The connection, while whoever holds the lock may write to it; -1 while the process's thread has something to send.
  int connection = -1;
  std::map<std::int64_t, Pending> pending;
  std::size_t calls = 0;
  std::size_t events = 0;
  std::int64_t last_id = 0;
  bool stopping = false;
  std::optional<ProcessEnd> killing;
  ProcessEnd end;  ///< once it has ended
};

}  // namespace cowork::loaders
