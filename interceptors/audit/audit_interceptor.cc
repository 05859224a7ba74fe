#include "audit_interceptor.h"

#include <pwd.h>
#include <unistd.h>

#include <array>

#include "cowork/base/text.h"
#include "cowork/operation/pack_operations.h"

namespace cowork::audit {
namespace {

constexpr std::string_view allowed = "allowed";
constexpr std::string_view denied = "denied";
constexpr std::string_view failed = "failed";
constexpr std::string_view error_verdict = "error";

std::string process_user() {
  std::array<char, 4096> space{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, space.data(), space.size(), &found) == 0 && found != nullptr) {
    return found->pw_name;
  }
  return std::to_string(::geteuid());
}

/// UTC with milliseconds.
std::string time_text(std::int64_t milliseconds) {
  std::string text = utc_timestamp(milliseconds);
  const std::string fraction = std::to_string(1000 + milliseconds % 1000).substr(1);
  return text.insert(text.size() - 1, "." + fraction);
}

bool is_denial(const Call& call, const Error& error) {
  return error.code() == ErrorCode::policy_denied || error.code() == ErrorCode::policy_unavailable ||
         call.verdict().denied();
}

std::string_view verdict_of(const Call& call, const Outcome& outcome) {
  if (outcome.ok()) return allowed;
  return is_denial(call, *outcome.error()) ? denied : error_verdict;
}

/// What denied the call; of a nested call's denial, which its parent passes on, the place that the error names.
std::optional<Rule> denying_rule(const Call& call, const Error& error) {
  if (call.verdict().denied() && call.verdict().rule() != Rule{}) return call.verdict().rule();
  if (error.place()) return Rule{{}, {}, *error.place()};
  return std::nullopt;
}

}  // namespace

AuditInterceptor::AuditInterceptor(std::shared_ptr<Trail> trail, std::shared_ptr<Clock> clock, bool reads)
    : trail_(std::move(trail)),
      clock_(std::move(clock)),
      reads_(reads),
      instance_(random_id().substr(0, 8)),
      user_(process_user()) {}

Outcome AuditInterceptor::intercept(Call& call, Next next) {
  if (call.dry_run()) return next(call);
  // What acts is written down before it does, as a change is; nested operations are parts of one that was.
  if (call.info().effect == Effect::mutate || (call.info().acts && !call.info().nested))
    return intercept_mutation(call, next);
  const std::int64_t begun_us = clock_->steady_us();
  Outcome outcome = next(call);
  const std::string_view verdict = verdict_of(call, outcome);
  // What a host brings back when it starts was decided before, and written down then.
  const bool acts = call.info().acts && call.options().entry != start_entry;
  if (reads_ || verdict == denied || acts) {
    write_after(call, verdict, outcome.error(), begun_us);
  }
  return outcome;
}

Outcome AuditInterceptor::intercept_mutation(Call& call, Next next) {
  {
    const std::lock_guard guard(mutex_);
    running_[call.id()].begun_us = clock_->steady_us();
  }
  Outcome outcome = next(call);
  Running running;
  {
    const std::lock_guard guard(mutex_);
    running = std::move(running_.extract(call.id()).mapped());
  }
  finish_mutation(call, outcome, running);
  return outcome;
}

void AuditInterceptor::finish_mutation(Call& call, const Outcome& outcome, const Running& running) {
  if (!running.warning.empty()) call.warn(running.warning);
  if (running.written) {
    if (!outcome.ok() && !call.committed()) write_after(call, failed, outcome.error(), running.begun_us);
  } else if (!running.tried) {
    write_after(call, verdict_of(call, outcome), outcome.error(), running.begun_us);
  }
}

Result<void> AuditInterceptor::before_commit(const Call& call) {
  std::int64_t begun_us = clock_->steady_us();
  {
    const std::lock_guard guard(mutex_);
    begun_us = running_[call.id()].begun_us;
  }
  Result<std::string> appended = trail_->append(record(call, allowed, nullptr, begun_us));
  const std::lock_guard guard(mutex_);
  Running& running = running_[call.id()];
  running.tried = true;
  running.written = appended.has_value();
  if (appended) {
    running.warning = std::move(*appended);
    return {};
  }
  return fail(Error::io("the audit trail cannot be written, so nothing was changed: " + appended.error().message())
                  .with_why("every change is written to " + trail_->path() + " first")
                  .with_remedy("make that file and its directory writable, then try again"));
}

void AuditInterceptor::write_after(Call& call, std::string_view verdict, const Error* error, std::int64_t begun_us) {
  const Result<std::string> appended = trail_->append(record(call, verdict, error, begun_us));
  if (!appended) call.warn("the audit trail cannot be written: " + appended.error().message());
  if (appended && !appended->empty()) call.warn(*appended);
}

Record AuditInterceptor::record(const Call& call, std::string_view verdict, const Error* error,
                                std::int64_t begun_us) const {
  const std::string& subject = call.subject().id;
  const CallOptions& options = call.options();
  Record record;
  record.time = time_text(clock_->system_ms());
  record.id = instance_ + "-" + std::to_string(call.id());
  if (call.parent() != 0) record.parent = instance_ + "-" + std::to_string(call.parent());
  record.operation = call.info().name;
  record.subject = subject.find("://") == std::string::npos ? subject : masked_address(subject);
  record.actor = options.actor.empty() ? user_ : options.actor;
  record.entry = options.entry;
  record.verdict = verdict;
  if (error != nullptr) record.code = to_string(error->code());
  if (error != nullptr && verdict == denied) record.rule = denying_rule(call, *error);
  record.policy_revision = call.judged_revision();
  record.micros = clock_->steady_us() - begun_us;
  return record;
}

}  // namespace cowork::audit
