// The thread of one process: starts it, moves frames, ends it. Private to loaders/isolated.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "cowork/loaders/runner_protocol.h"
#include "runner_state.h"

namespace cowork::loaders {

/// Threads: one. What the process sends is hostile: whatever is not of the protocol ends it.
class RunnerLoop {
 public:
  explicit RunnerLoop(RunnerState& state);
  /// Until the process has ended and is reaped, and the listener was told.
  void run();

 private:
  using Clock = std::chrono::steady_clock;
  ProcessEnd lived();
  Result<ChildProcess> start();
  ProcessEnd live(ChildProcess& process);
  /// The end that was decided on meanwhile, if there is one.
  std::optional<ProcessEnd> decided();
  /// Waits for something to do, as long as nothing has to be decided.
  void wait();
  /// Takes what callers left to this thread; where nothing is left they may write to the connection themselves.
  void take_turn();
  void send();
  /// False once the process has closed its end. Errors: internal (it broke the protocol).
  Result<bool> receive();
  Result<void> handle(runner_protocol::Frame frame);
  Result<void> handle_started(const json::Value& content);
  Result<void> handle_failed(const json::Value& content);
  Result<void> handle_answer(json::Value content);
  Result<void> handle_log(const json::Value& content);
  /// Counts frames and lines of a second; what is too much is not read before the next one.
  void begin_second(Clock::time_point now);

  RunnerState& state_;
  Descriptor connection_;
  runner_protocol::FrameCutter cutter_;
  const std::unique_ptr<char[]> received_;
  std::string sending_;
  std::optional<Error> start_failure_;
  Clock::time_point start_end_{};
  std::optional<Clock::time_point> stop_end_;
  Clock::time_point second_begun_{};
  unsigned frames_ = 0;
  unsigned lines_ = 0;
  bool readable_ = false;
};

}  // namespace cowork::loaders
