#include "runner_loop.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>

#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

namespace protocol = runner_protocol;
using Phase = RunnerState::Phase;
using Kind = ProcessEnd::Kind;

constexpr std::size_t read_bytes = 256U << 10U;
constexpr std::chrono::seconds second{1};
constexpr unsigned most_lines = 200;      // of a second
constexpr unsigned most_frames = 20'000;  // likewise

Error broken(const std::string& how) {
  return Error::internal(how);
}

LogLevel level_of(std::string_view word) {
  if (word == "debug") return LogLevel::debug;
  if (word == "info") return LogLevel::info;
  return word == "error" ? LogLevel::error : LogLevel::warning;
}

std::string_view text_of(const json::Value& object, std::string_view member) {
  const json::Value* value = object.find(member);
  const std::string* text = value != nullptr ? value->as_string() : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

}  // namespace

RunnerLoop::RunnerLoop(RunnerState& state)
    : state_(state), received_(std::make_unique_for_overwrite<char[]>(read_bytes)) {}

void RunnerLoop::run() {
  ProcessEnd end = lived();
  {
    const std::lock_guard lock(state_.mutex);
    end.before_start = state_.phase == Phase::starting;
  }
  try {
    // First: whoever learns of the end by a failed call meets the back-off.
    state_.listener.ended(end);
  } catch (...) {  // no memory, or whoever hears of packs that are set aside: calls fail all the same
  }
  const std::lock_guard lock(state_.mutex);
  state_.phase = Phase::ended;
  state_.connection = -1;
  state_.end = std::move(end);
  state_.changed.notify_all();
}

ProcessEnd RunnerLoop::lived() {
  auto process = start();
  // Not the pack's fault.
  if (!process) return {Kind::refused, "its process could not be started", std::move(process).error()};
  ProcessEnd end;
  try {
    end = live(*process);
  } catch (const std::exception& exception) {  // no memory for what it sends
    end = {
        Kind::crashed, fmt::format("its process was killed, since the host can't follow it: {}", exception.what()), {}};
  }
  process->end();
  return end;
}

Result<ChildProcess> RunnerLoop::start() {
  COWORK_ASSIGN(Pipe pair, make_socket_pair());
  const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nothing.is_open() || !state_.bell.is_open() || ::fcntl(pair.write.get(), F_SETFL, O_NONBLOCK) != 0)
    return fail(Error::from_errno(errno, "prepare the process of a pack"));
  auto process = ChildProcess::start({state_.plan.program,
                                      "/",
                                      {{nothing.get(), STDIN_FILENO},
                                       {nothing.get(), STDOUT_FILENO},
                                       {nothing.get(), STDERR_FILENO},
                                       {pair.read.get(), protocol::connection},
                                       {state_.plan.library->descriptor(), protocol::library}}});
  if (!process) {
    return fail(std::move(process)
                    .error()
                    .prefixed(fmt::format("pack {}", quoted(state_.plan.pack)))
                    .with_remedy("install cowork-pack-runner, or name where it lies in the options of the host"));
  }
  connection_ = std::move(pair.write);
  sending_ = protocol::framed("start", state_.plan.start);
  start_end_ = Clock::now() + state_.plan.limits.start;
  return process;
}

ProcessEnd RunnerLoop::live(ChildProcess& process) {
  while (true) {
    if (auto end = decided()) return *std::move(end);
    wait();
    send();
    if (!readable_) continue;
    const auto open = receive();
    if (!open) {
      return {Kind::crashed, "its process was killed, since it broke the protocol: " + open.error().message(), {}};
    }
    if (start_failure_) return {Kind::refused, start_failure_->message(), start_failure_};
    if (*open) continue;
    std::string how = closed_in_words(process, state_.plan.limits.grace);
    const std::lock_guard lock(state_.mutex);
    return {state_.stopping ? Kind::asked : Kind::crashed, std::move(how), {}};
  }
}

std::optional<ProcessEnd> RunnerLoop::decided() {
  const std::lock_guard lock(state_.mutex);
  if (state_.killing) return state_.killing;
  const auto now = Clock::now();
  if (state_.phase == Phase::starting && now >= start_end_) {
    const auto most_ms = state_.plan.limits.start.count();
    return ProcessEnd{Kind::crashed, "its process was killed, since it did not start in time",
                      Error(ErrorCode::timeout,
                            fmt::format("pack {} did not start within {} ms", quoted(state_.plan.pack), most_ms))};
  }
  if (!state_.stopping) return std::nullopt;
  const ProcessEnd stopped{Kind::asked, "its process was stopped", {}};
  if (state_.phase == Phase::starting) return stopped;
  if (stop_end_) return now >= *stop_end_ ? std::optional(stopped) : std::nullopt;
  stop_end_ = now + state_.plan.limits.grace;
  state_.connection = -1;
  sending_ += std::exchange(state_.to_send, {}) + protocol::framed("stop", json::Value::object());
  return std::nullopt;
}

void RunnerLoop::take_turn() {
  const std::lock_guard lock(state_.mutex);
  sending_ += std::exchange(state_.to_send, {});
  state_.connection = sending_.empty() && state_.phase == Phase::running ? connection_.get() : -1;
}

void RunnerLoop::wait() {
  const auto now = Clock::now();
  begin_second(now);
  take_turn();
  const bool paused = frames_ >= most_frames || lines_ >= 2 * most_lines;
  auto until = now + second;
  if (paused) until = std::min(until, second_begun_ + second);
  if (stop_end_) until = std::min(until, *stop_end_);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
  const auto events = (paused ? 0 : POLLIN) | (sending_.empty() ? 0 : POLLOUT);
  // A negative descriptor is passed over: one that hung up would wake a thread that is not to read.
  std::array<pollfd, 2> waiting{pollfd{state_.bell.get(), POLLIN, 0},
                                pollfd{events == 0 ? -1 : connection_.get(), static_cast<short>(events), 0}};
  ::poll(waiting.data(), waiting.size(), static_cast<int>(std::max<std::int64_t>(left, 0)));
  eventfd_t rung = 0;
  if ((waiting[0].revents & POLLIN) != 0) static_cast<void>(::eventfd_read(state_.bell.get(), &rung));
  readable_ = !paused && (waiting[1].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

void RunnerLoop::send() {
  while (!sending_.empty()) {
    const ssize_t sent = ::send(connection_.get(), sending_.data(), sending_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) sending_.clear();  // nobody reads it: the end comes next
    if (sent < 0) return;
    sending_.erase(0, static_cast<std::size_t>(sent));
  }
}

Result<bool> RunnerLoop::receive() {
  const ssize_t got = ::recv(connection_.get(), received_.get(), read_bytes, MSG_DONTWAIT);
  if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) return true;
  if (got <= 0) return false;
  cutter_.feed({received_.get(), static_cast<std::size_t>(got)});
  while (true) {
    COWORK_ASSIGN(auto frame, cutter_.next());
    if (!frame) return true;
    ++frames_;
    COWORK_TRY(handle(*std::move(frame)));
    if (start_failure_) return true;
  }
}

Result<void> RunnerLoop::handle(protocol::Frame frame) {
  if (frame.name == "log") return handle_log(frame.content);
  const bool starting = [&] {
    const std::lock_guard lock(state_.mutex);
    return state_.phase == Phase::starting;
  }();
  if (starting && frame.name == "started") return handle_started(frame.content);
  if (starting && frame.name == "failed") return handle_failed(frame.content);
  if (!starting && frame.name == "answer") return handle_answer(std::move(frame.content));
  return fail(broken("a frame came that nobody waits for"));
}

Result<void> RunnerLoop::handle_started(const json::Value& content) {
  COWORK_ASSIGN(const PackDescription description, parse_pack_description(json::to_text(content), state_.plan.pack));
  state_.listener.started(description);
  const std::lock_guard lock(state_.mutex);
  state_.description = description;
  state_.phase = Phase::running;
  state_.changed.notify_all();
  return {};
}

Result<void> RunnerLoop::handle_failed(const json::Value& content) {
  COWORK_ASSIGN(Error error, protocol::read_error(content));
  const std::string who = fmt::format("pack {}", quoted(state_.plan.pack));
  if (error.message().find(who) == std::string::npos) error.prefixed(who);
  start_failure_ = std::move(error);
  return {};
}

Result<void> RunnerLoop::handle_answer(json::Value content) {
  const json::Value* id = content.find("id");
  json::Value* value = content.find("value");
  const json::Value* error = content.find("error");
  if (id == nullptr || !id->as_int64() || (value != nullptr) == (error != nullptr))
    return fail(broken("an answer is none"));
  std::optional<Result<json::Value>> answer;
  if (value != nullptr) {
    answer = std::move(*value);
  } else {
    COWORK_ASSIGN(Error read, protocol::read_error(*error));
    answer = fail(std::move(read));
  }
  const std::lock_guard lock(state_.mutex);
  const auto found = state_.pending.find(*id->as_int64());
  // A call that was given up is about to be the end of the process.
  if (found == state_.pending.end()) return state_.killing ? Result<void>() : fail(broken("an answer has no question"));
  if (found->second.answer) return fail(broken("a question is answered twice"));
  if (found->second.is_event) {
    --state_.events;
    state_.pending.erase(found);
  } else {
    found->second.answer = std::move(answer);
  }
  state_.changed.notify_all();
  return {};
}

Result<void> RunnerLoop::handle_log(const json::Value& content) {
  const std::string_view text = text_of(content, "text");
  // U+FFFD takes three bytes where the pack's text had one that is not UTF-8.
  if (text.size() > 3 * protocol::longest_log) return fail(broken("a line of its log is too long"));
  if (++lines_ == most_lines + 1) state_.listener.flooded();
  if (lines_ <= most_lines) state_.listener.logged(level_of(text_of(content, "level")), text);
  return {};
}

void RunnerLoop::begin_second(Clock::time_point now) {
  if (now - second_begun_ < second) return;
  second_begun_ = now;
  frames_ = 0;
  lines_ = 0;
}

}  // namespace cowork::loaders
