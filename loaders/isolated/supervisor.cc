#include "supervisor.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "cowork/base/text.h"
#include "cowork/loaders/runner_protocol.h"

namespace cowork::loaders {
namespace {

constexpr std::int64_t first_back_off_us = 100'000;
constexpr unsigned back_off_factor = 4;
constexpr unsigned longest_back_off = 4;  // in failures: 0.1, 0.4, 1.6, 6.4 s

Error resting(const std::string& pack, std::int64_t left_us) {
  const double seconds = static_cast<double>(left_us) / 1e6;
  return Error::conflict(fmt::format("pack {} is started again in {:.1f} s", quoted(pack), seconds))
      .with_why("its process ended by itself a moment ago")
      .with_remedy("call it again later")
      .with_data("retryAfterSec", seconds);
}

}  // namespace

Supervisor::Supervisor(std::shared_ptr<Isolation> isolation, const PackRecord& pack, CheckedLibrary library)
    : isolation_(std::move(isolation)),
      name_(pack.name()),
      directory_(pack.path()),
      library_(std::make_shared<const SealedFile>(std::move(library.file))),
      sha256_(std::move(library.sha256)),
      library_path_(std::move(library.path)),
      configuration_(std::move(library.configuration)) {}

Supervisor::~Supervisor() {
  isolation_->notices.forget(this);
}

Result<std::shared_ptr<RunnerProcess>> Supervisor::process() {
  std::shared_ptr<RunnerProcess> replaced;  // let go after the lock: that waits for its thread
  const std::lock_guard lock(mutex_);
  if (set_aside_) return fail(*set_aside_);
  if (process_ && !process_->has_ended()) return process_;
  const std::int64_t left_us = retry_us_ - isolation_->options.clock->steady_us();
  if (left_us > 0) return fail(resting(name_, left_us));
  replaced = std::move(process_);
  try {
    process_ = std::make_shared<RunnerProcess>(plan(), listener(), isolation_->live);
  } catch (const std::exception& exception) {
    return fail(
        Error::internal(fmt::format("pack {} can't be given a process", quoted(name_))).with_why(exception.what()));
  }
  return process_;
}

std::shared_ptr<RunnerProcess> Supervisor::running() {
  const std::lock_guard lock(mutex_);
  return process_ && !process_->has_ended() ? process_ : nullptr;
}

RunnerPlan Supervisor::plan() const {
  const IsolationLimits& limits = isolation_->options.limits;
  json::Value start = json::Value::object({{"pack", name_},
                                           {"hostVersion", isolation_->options.host_version},
                                           {"sha256", sha256_},
                                           {"library", library_path_},
                                           {"directory", directory_},
                                           {"data", data_directory()},
                                           {"configuration", configuration_},
                                           {"limits", json::Value::object({{"cpuSeconds", limits.cpu_seconds},
                                                                           {"memoryBytes", limits.memory_bytes},
                                                                           {"fileBytes", limits.file_bytes},
                                                                           {"descriptors", limits.descriptors}})}});
  return {isolation_->options.program, name_, library_, std::move(start), limits};
}

/// Made before the process starts, which can't reach the directory above. Empty when it can't be made.
std::string Supervisor::data_directory() const {
  const auto made = isolation_->options.disk->open_or_make(isolation_->options.home + "/data/" + name_, 0700);
  if (made) return (*made)->path();
  log(LogLevel::warning, "there is no directory for its data: " + made.error().message());
  return {};
}

RunnerListener Supervisor::listener() {
  const std::weak_ptr<Supervisor> weak = weak_from_this();
  const auto told = [weak](const auto& tell) {
    return [weak, tell](const auto&... what) {
      if (const auto self = weak.lock()) tell(*self, what...);
    };
  };
  return {told([](Supervisor& self, const PackDescription& description) { self.started(description); }),
          told([](Supervisor& self, LogLevel level, std::string_view text) { self.log(level, text); }),
          told([](Supervisor& self) { self.flooded(); }),
          told([](Supervisor& self, const ProcessEnd& end) { self.ended(end); })};
}

void Supervisor::log(LogLevel level, std::string_view message) const {
  if (isolation_->options.log) isolation_->options.log->write(level, name_, message);
}

void Supervisor::started(const PackDescription& description) {
  if (known_.load(std::memory_order_acquire) != nullptr) return;  // the same code: it brings what it brought
  if (!description.interceptors.empty()) {
    isolation_->notices.say(
        this, name_, "isolated-interceptors",
        fmt::format("pack {} brings {} interceptors, which are not used: only packs of trusted directories stand in "
                    "the chain",
                    quoted(name_), description.interceptors.size()));
  }
  description_ = std::make_unique<const PackDescription>(description);
  known_.store(description_.get(), std::memory_order_release);
}

void Supervisor::flooded() {
  log(LogLevel::warning, "it logs more than is taken of one pack in a second; the rest is dropped");
  isolation_->notices.add(
      "isolated-log-flood",
      fmt::format("pack {} logged more than is taken in a second: lines were dropped", quoted(name_)));
}

void Supervisor::drop_event() {
  isolation_->notices.add("isolated-events-dropped",
                          fmt::format("pack {} is slower than events come: some were dropped", quoted(name_)));
}

void Supervisor::answered() {
  if (failed_.load(std::memory_order_relaxed) && failed_.exchange(false)) isolation_->notices.forget(this, code_failed);
}

Error Supervisor::explained(Error error) {
  const std::lock_guard lock(mutex_);
  const bool by_its_end = error.code() == ErrorCode::internal || error.code() == ErrorCode::timeout;
  if (set_aside_ && by_its_end) error.with_remedy(set_aside_->remedy());
  return error;
}

std::int64_t Supervisor::back_off_us() {
  const std::int64_t now = isolation_->options.clock->steady_us();
  if (now - failed_us_ > crash_window_ms * 1000) failures_ = 0;
  failed_us_ = now;
  failures_ = std::min(failures_ + 1, longest_back_off);
  std::int64_t wait = first_back_off_us;
  for (unsigned failure = 1; failure < failures_; ++failure) wait *= back_off_factor;
  return wait;
}

void Supervisor::ended(const ProcessEnd& end) {
  if (end.kind == ProcessEnd::Kind::asked) return;
  const bool crashed = end.kind == ProcessEnd::Kind::crashed;
  std::string said =
      end.error ? end.error->message()
                : fmt::format("pack {} {}: {}", quoted(name_), end.before_start ? "did not start" : "failed", end.what);
  log(LogLevel::info, said);
  failed_ = true;
  isolation_->notices.say(this, name_, code_failed, std::move(said));
  const bool too_often = crashed && isolation_->ledger.note(name_, sha256_);
  {
    const std::lock_guard lock(mutex_);
    retry_us_ = isolation_->options.clock->steady_us() + back_off_us();
    if (!too_often) return;
    set_aside_ = loaders::set_aside(*isolation_, name_, end.what);
  }
  isolation_->given_up.tell(name_, loaders::set_aside(*isolation_, name_, end.what));
}

}  // namespace cowork::loaders
