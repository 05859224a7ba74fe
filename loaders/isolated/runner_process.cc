#include "runner_process.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <stop_token>

#include "cowork/base/text.h"
#include "cowork/loaders/pack_answers.h"
#include "cowork/loaders/runner_protocol.h"
#include "runner_loop.h"

namespace cowork::loaders {
namespace {

using Clock = std::chrono::steady_clock;
using Phase = RunnerState::Phase;
namespace protocol = runner_protocol;

/// How long one call may take, and who says so.
struct Patience {
  Clock::time_point end;
  bool is_callers = false;

  Patience(const CallOptions& options, std::chrono::milliseconds most) : end(Clock::now() + most) {
    if (!options.deadline || *options.deadline >= end) return;
    end = *options.deadline;
    is_callers = true;
  }
};

/// Wakes waiting calls when their caller gives up.
struct WakeUp {
  RunnerState& state;
  void operator()() const {
    const std::lock_guard lock(state.mutex);
    state.changed.notify_all();
  }
};

/// One call, on its caller's thread.
class RunningCall {
 public:
  RunningCall(RunnerState& state, std::string_view tool, const CallOptions& options)
      : state_(state),
        tool_(tool),
        options_(options),
        patience_(options, state.plan.limits.call),
        who_(fmt::format("tool {} of pack {}", quoted(tool), quoted(state.plan.pack))) {}

  Result<json::Value> run(const json::Value& input) {
    const std::stop_callback wake_up(options_.stop, WakeUp{state_});
    std::unique_lock lock(state_.mutex);
    if (!wait(lock, [&] { return state_.phase != Phase::starting; })) return fail(given_up());
    if (state_.phase == Phase::ended) return fail(ended_before_start());
    COWORK_TRY(check_tool_known(state_.description, tool_, state_.plan.pack));
    if (!wait(lock, [&] { return state_.phase == Phase::ended || state_.calls < most_calls; })) return fail(given_up());
    if (state_.phase == Phase::ended) return fail(ended());
    return ask(lock, input);
  }

 private:
  /// False: the caller's patience was over first.
  template <class Done>
  bool wait(std::unique_lock<std::mutex>& lock, const Done& done) {
    state_.changed.wait_until(lock, patience_.end, [&] { return done() || options_.stop.stop_requested(); });
    return done();
  }

  Result<json::Value> ask(std::unique_lock<std::mutex>& lock, const json::Value& input) {
    const std::int64_t id = ++state_.last_id;
    const auto pending = state_.pending.emplace(id, RunnerState::Pending{}).first;
    ++state_.calls;
    state_.send(protocol::framed("call", json::Value::object({{"id", id}, {"tool", tool_}, {"input", input}})));
    const auto done = [&] { return pending->second.answer || state_.phase == Phase::ended; };
    if (!wait(lock, done)) {
      state_.send(protocol::framed("cancel", json::Value::object({{"id", id}})));
      state_.changed.wait_for(lock, state_.plan.limits.grace, done);
    }
    std::optional<Result<json::Value>> answer = std::move(pending->second.answer);
    const bool ended_by_itself = state_.phase == Phase::ended;
    if (!answer && !ended_by_itself) kill_for_this(lock);
    state_.pending.erase(pending);
    --state_.calls;
    state_.changed.notify_all();
    if (answer) return told(*std::move(answer));
    return fail(ended_by_itself ? ended() : given_up());
  }

  /// Nothing else ends code that goes on. Only the host's own limit makes it the pack's fault.
  void kill_for_this(std::unique_lock<std::mutex>& lock) {
    const auto kind =
        patience_.is_callers || options_.stop.stop_requested() ? ProcessEnd::Kind::asked : ProcessEnd::Kind::crashed;
    state_.kill(
        {kind, fmt::format("its process was killed, since its tool {} did not come to an end", quoted(tool_)), {}});
    state_.changed.wait_for(lock, state_.plan.limits.grace, [&] { return state_.phase == Phase::ended; });
  }

  /// The runner's words begin with whom they are about; a runner that leaves that out is helped.
  Result<json::Value> told(Result<json::Value> answer) const {
    if (answer || answer.error().message().starts_with(who_)) return answer;
    return fail(std::move(answer).error().prefixed(who_));
  }

  Error given_up() const {
    if (options_.stop.stop_requested()) return {ErrorCode::cancelled, who_ + " was cancelled"};
    if (patience_.is_callers) return {ErrorCode::timeout, who_ + " did not answer before its deadline"};
    return Error(ErrorCode::timeout,
                 fmt::format("{} did not answer within {} ms", who_, state_.plan.limits.call.count()))
        .with_why("its process was killed");
  }

  Error ended() const {
    return Error::internal(fmt::format("{} failed: {}", who_, state_.end.what))
        .with_why("native code of packs outside of trusted directories runs in a process of its own")
        .with_remedy("call it again, and tell the pack's author");
  }

  Error ended_before_start() const {
    const ProcessEnd& end = state_.end;
    const std::string pack = quoted(state_.plan.pack);
    Error error = end.error ? *end.error : Error::internal(fmt::format("pack {} did not start: {}", pack, end.what));
    std::string_view how = "was stopped as it started";
    if (end.kind == ProcessEnd::Kind::refused) how = "refused to start";
    if (end.kind == ProcessEnd::Kind::crashed) how = end.error ? "was killed as it started" : "died as it started";
    if (error.why().empty()) error.with_why(fmt::format("native code of pack {} {}", pack, how));
    if (error.remedy().empty()) error.with_remedy("cowork pack info " + state_.plan.pack);
    return error;
  }

  RunnerState& state_;
  std::string_view tool_;
  const CallOptions& options_;
  const Patience patience_;
  const std::string who_;
};

}  // namespace

RunnerState::RunnerState(RunnerPlan given, RunnerListener listening)
    : plan(std::move(given)), listener(std::move(listening)), bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void RunnerState::send(const std::string& frame) {
  std::size_t sent = 0;
  if (connection >= 0 && to_send.empty()) {
    const ssize_t taken = ::send(connection, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (taken > 0) sent = static_cast<std::size_t>(taken);
  }
  if (sent == frame.size()) return;
  to_send.append(frame, sent);
  wake();
}

void RunnerState::kill(ProcessEnd how) {
  if (!killing) killing = std::move(how);
  wake();
}

void RunnerState::wake() const noexcept {
  // An eventfd takes 8 bytes whole; it can't be full.
  static_cast<void>(::eventfd_write(bell.get(), 1));
}

RunnerProcess::RunnerProcess(RunnerPlan plan, RunnerListener listener, std::shared_ptr<LiveThreads> live)
    : state_(std::make_shared<RunnerState>(std::move(plan), std::move(listener))) {
  live->begin_thread();
  try {
    thread_ = std::thread([state = state_, live]() mutable {
      RunnerLoop(*state).run();
      state.reset();
      live->end_thread();
    });
  } catch (...) {
    live->end_thread();
    throw;
  }
}

RunnerProcess::~RunnerProcess() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->wake();
  }
  // Told of the end, its own thread may be the last one to let go of it.
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

Result<json::Value> RunnerProcess::call(std::string_view tool, const json::Value& input, const CallOptions& options) {
  return RunningCall(*state_, tool, options).run(input);
}

bool RunnerProcess::tell(const Event& event) {
  const std::lock_guard lock(state_->mutex);
  if (state_->phase != Phase::running) return true;
  if (state_->events >= most_events) return false;
  const std::int64_t id = ++state_->last_id;
  state_->pending.emplace(id, RunnerState::Pending{.is_event = true});
  ++state_->events;
  state_->send(
      protocol::framed("event", json::Value::object({{"id", id}, {"type", event.type}, {"data", event.data}})));
  return true;
}

bool RunnerProcess::has_ended() const {
  const std::lock_guard lock(state_->mutex);
  return state_->phase == Phase::ended || state_->killing;
}

}  // namespace cowork::loaders
