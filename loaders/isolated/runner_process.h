// One process of an isolated pack, from its start to its end; it is never started again. Private to loaders/isolated.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "cowork/loaders/isolated_loader.h"
#include "cowork/loaders/sealed_file.h"
#include "isolation.h"
#include "process_end.h"
#include "runner_state.h"

namespace cowork::loaders {

/// Threads: any. The process has a thread of the host to itself, which starts it (the kernel ends a child with the
/// thread that started it), talks to it and reaps it.
class RunnerProcess {
 public:
  /// Begins to start it, without waiting.
  RunnerProcess(RunnerPlan plan, RunnerListener listener, std::shared_ptr<LiveThreads> live);
  /// Asks it to stop, and kills it where it does not.
  ~RunnerProcess();
  RunnerProcess(const RunnerProcess&) = delete;
  RunnerProcess& operator=(const RunnerProcess&) = delete;

  /// Waits for its start, then for the answer. Errors: those of the tool, and of IsolatedLoader's packs.
  Result<json::Value> call(std::string_view tool, const json::Value& input, const CallOptions& options);
  /// Does not wait. False: too many events wait already, and this one is dropped.
  bool tell(const Event& event);
  bool has_ended() const;

 private:
  std::shared_ptr<RunnerState> state_;
  std::thread thread_;
};

}  // namespace cowork::loaders
