#include <algorithm>

#include "cowork/base/text.h"
#include "cowork/chain/chain.h"
#include "guarded.h"

namespace cowork {
namespace {

Error interceptor_failed(const ChainMember& member, std::string_view did, std::string why) {
  return Error(ErrorCode::interceptor_failed,
               "interceptor " + quoted(member.interceptor->name()) + " " + std::string(did))
      .with_why(std::move(why));
}

/// The words of a denial are put together by the judge: foreign code again.
Error denial_in(const Verdict& verdict) {
  return guarded([&] { return *verdict.error(); },
                 [&](std::string_view what) {
                   return Error(ErrorCode::interceptor_failed,
                                "interceptor " + quoted(verdict.judge()) + " denied and failed to say why")
                       .with_why(std::string(what));
                 });
}

}  // namespace

void Call::warn(std::string message) {
  warnings_.push_back(std::move(message));
}

void AdmittedBase::after_commit(const std::function<void()>& follow_up) {
  if (!call_->committed()) return;
  const auto warn = [&](std::string_view what) -> bool {
    call_->warn("after " + std::string(call_->info().name) + " was done: " + std::string(what));
    return false;
  };
  guarded([&] { return follow_up(), true; }, warn);
}

Result<void> AdmittedBase::announce() {
  COWORK_TRY(run_->check_time(*call_));
  return run_->announce_commit(*call_);
}

Result<void> AdmittedBase::commit(const std::function<Result<void>(const Snapshot&)>& effect) {
  return run_->commit(*this, effect);
}

namespace {

// What a hop seldom needs stands apart, so that its frame has no room for it.

[[gnu::cold, gnu::noinline]] void switch_times(StepTimes& times, const void* holder) {
  times.switch_to(holder);
}

/// Asked at each step: whoever called may give a deadline meanwhile.
inline bool has_limits(const CallOptions& options) {
  return options.deadline || options.stop.stop_possible();
}

/// What is being thrown, as an outcome.
[[gnu::cold, gnu::noinline]] Outcome thrown_by(const ChainMember& member, const Call& call) {
  return guarded([]() -> Outcome { throw; },
                 [&](std::string_view what) -> Outcome {
                   return interceptor_failed(member, "failed in " + std::string(call.info().name), std::string(what));
                 });
}

}  // namespace

inline void ChainRun::hold(const ChainMember* member) noexcept {
  if (held_by_) held_by_->store(member, std::memory_order_relaxed);
  if (times_) switch_times(*times_, member);
}

inline bool ChainRun::is_settled(const Call& call, const Outcome& outcome) const noexcept {
  return outcome.ok() && handler_succeeded_ && !call.answered_ && !repeated_next_;
}

// A hop is one frame, since deep chains outgrow what processors remember of returns; and in it each function has one
// variable that it returns, so that all of them write to the outermost one's.

[[gnu::always_inline]] inline Outcome ChainRun::ask(const ChainMember& member, Call& call, std::size_t index) {
  try {
    return member.interceptor->intercept(call, Next(*this, index));
  } catch (...) {
    return thrown_by(member, call);
  }
}

[[gnu::always_inline]] inline Outcome ChainRun::enter(const ChainMember& member, Call& call, std::size_t index) {
  struct Apart {
    [[gnu::cold, gnu::noinline]] static void settle(ChainRun& run, const ChainMember& asked, Call& of, std::size_t at,
                                                    Outcome& came) {
      came = run.settle(asked, of, at, std::move(came));
    }
  };
  hold(&member);
  Outcome outcome = ask(member, call, index);
  if (!is_settled(call, outcome)) Apart::settle(*this, member, call, index, outcome);
  return outcome;
}

[[gnu::always_inline]] inline Outcome ChainRun::step_into(Call& call, std::size_t index) {
  if (index == plan_->steps.size()) return handle(call);
  return enter(*plan_->steps[index], call, index);
}

[[gnu::noinline]] Outcome ChainRun::step_checked(Call& call, std::size_t index) {
  if (may_end_early_ && has_limits(call.options()) && !call.committed_) {
    if (auto in_time = check_time(call); !in_time) return std::move(in_time).error();
  }
  if (index == plan_->judged_before) {
    if (Outcome agreed = judged(call); !agreed.ok()) return agreed;
  }
  return step_into(call, index);
}

[[gnu::always_inline]] inline Outcome ChainRun::step(Call& call, std::size_t index) {
  if ((may_end_early_ && has_limits(call.options())) || index == plan_->judged_before) return step_checked(call, index);
  return step_into(call, index);
}

Outcome ChainRun::start(Call& call, const Terminal& terminal) {
  call_ = &call;
  terminal_ = terminal;
  may_end_early_ = call.info().refusable;
  return step(call, 0);
}

[[gnu::cold, gnu::noinline]] Outcome ChainRun::misused(Call& call, std::size_t index) {
  const ChainMember& member = *plan_->steps[index];
  if (&call != call_)
    return interceptor_failed(member, "passed another call to next", "next takes the call that was given");
  repeated_next_ = &member;
  return interceptor_failed(member, "called next twice on " + std::string(call.info().name), "a mutation runs once");
}

[[gnu::always_inline]] inline Outcome ChainRun::pass(Call& call, std::size_t index) {
  passed_ = std::max(passed_, index + 1);
  Outcome outcome = step(call, index + 1);
  hold(plan_->steps[index]);
  return outcome;
}

Outcome Next::pass_on(ChainRun& run, Call& call, std::size_t index) {
  const bool again = index < run.passed_;
  if (&call != run.call_ || (again && call.info().effect == Effect::mutate)) return run.misused(call, index);
  return run.pass(call, index);
}

Outcome ChainRun::judged(Call& call) {
  // Once a call: what was denied stays denied, however often next is called.
  if (judged_ && call.verdict_.denied()) return denial_in(call.verdict_);
  if (judged_) return Outcome();
  const void* asking = times_ ? times_->holder() : nullptr;
  if (times_) times_->switch_to(StepTimes::judges());
  auto agreed = ask_judges(call);
  judged_ = true;  // not where that threw: whoever calls next again is judged then
  if (times_) times_->switch_to(asking);
  if (!agreed) return std::move(agreed).error();
  return Outcome();
}

Outcome ChainRun::settle(const ChainMember& member, Call& call, std::size_t index, Outcome outcome) {
  if (repeated_next_ == &member) {
    repeated_next_ = nullptr;
    outcome =
        interceptor_failed(member, "called next twice on " + std::string(call.info().name), "a mutation runs once");
  } else if (outcome.ok() && call.answered_ && !call.info().answerable) {
    call.answered_ = false;
    outcome = interceptor_failed(member, "answered " + std::string(call.info().name) + " in the handler's stead",
                                 "only the handler can make the success of this operation");
  } else if (outcome.ok() && !handler_succeeded_ && !call.answered_) {
    outcome =
        interceptor_failed(member, "reported success of " + std::string(call.info().name) + " that its handler did not",
                           "only the handler can make the success of this operation");
  }
  return outcome.ok() ? std::move(outcome) : refused(member, call, index, std::move(outcome));
}

Outcome ChainRun::refused(const ChainMember& member, Call& call, std::size_t index, Outcome outcome) {
  const auto warn = [&](std::string_view when) {
    call.warn("interceptor " + quoted(member.interceptor->name()) + " " + std::string(when) + ": " +
              outcome.error()->message());
  };
  if (call.committed_ && handler_succeeded_) {
    warn("failed after " + std::string(call.info().name) + " was done");
    return Outcome();
  }
  if (call.info().refusable) return outcome;
  if (index >= passed_) {
    warn("can't refuse " + std::string(call.info().name));
    passed_ = index + 1;
    return step_checked(call, index + 1);
  }
  if (!handler_succeeded_) return outcome;
  warn("failed after " + std::string(call.info().name));
  return Outcome();
}

Outcome ChainRun::handle(Call& call) {
  hold(nullptr);
  const auto handler_of = [&] { return "the handler of " + std::string(call.info().name); };
  Result<void> done = guarded([&] { return terminal_(*snapshot_); },
                              [&](std::string_view what) -> Result<void> {
                                return fail(Error::internal(handler_of() + " threw").with_why(std::string(what)));
                              });
  if (!done) return std::move(done).error();
  if (call.info().effect == Effect::mutate && !commit_reached_) {
    return Error::internal(handler_of() + " answered without its commit point");
  }
  handler_succeeded_ = true;
  return Outcome();
}

Result<void> ChainRun::check_time(const Call& call) const {
  const CallOptions& options = call.options();
  if (options.stop.stop_requested())
    return fail(Error(ErrorCode::cancelled, std::string(call.info().name) + " was cancelled"));
  if (options.deadline && std::chrono::steady_clock::now() >= *options.deadline) {
    return fail(Error(ErrorCode::timeout, std::string(call.info().name) + " ran past its deadline"));
  }
  return {};
}

namespace {

/// Whether somebody may want to know by which revision it was judged, though nothing was denied.
bool is_written_down(const OperationInfo& info) {
  return info.effect == Effect::mutate || info.nested || info.acts;
}

}  // namespace

Result<void> ChainRun::record(Call& call, Verdict verdict, const Snapshot& snapshot) {
  if (is_written_down(call.info()) || verdict.denied()) call.judged_revision_ = snapshot.label();
  call.verdict_ = std::move(verdict);
  if (call.verdict_.denied()) return fail(denial_in(call.verdict_));
  return {};
}

Result<void> ChainRun::ask_judges(Call& call) {
  snapshot_ = environment_->snapshot(Freshness::cached);
  if (!call.info().refusable) {
    call.judged_revision_ = snapshot_->label();
    return {};
  }
  Verdict verdict = judge(*plan_, call, *snapshot_);
  if (verdict.kind() == Verdict::Kind::no_opinion && !is_written_down(call.info())) return {};
  return record(call, std::move(verdict), *snapshot_);
}

Result<void> ChainRun::judge_again(AdmittedBase& admitted, const Snapshot& snapshot) {
  Call& call = *admitted.call_;
  COWORK_TRY(record(call, judge(*plan_, call, snapshot), snapshot));
  for (const CallView* question : admitted.questions_) {
    Verdict verdict = environment_->judge_question(*question, snapshot);
    if (verdict.denied()) return record(call, std::move(verdict), snapshot);
  }
  return {};
}

Result<void> ChainRun::announce_commit(Call& call) {
  for (const ChainMember* member : plan_->steps) {
    COWORK_TRY(guarded([&] { return member->interceptor->before_commit(call); },
                       [&](std::string_view what) -> Result<void> {
                         return fail(interceptor_failed(*member,
                                                        "failed before the commit of " + std::string(call.info().name),
                                                        std::string(what)));
                       }));
  }
  return {};
}

Result<void> ChainRun::commit(AdmittedBase& admitted, const std::function<Result<void>(const Snapshot&)>& effect) {
  Call& call = *admitted.call_;
  const std::string name(call.info().name);
  if (call.info().effect != Effect::mutate) return fail(Error::internal(name + " is a read and has no commit point"));
  if (commit_reached_) return fail(Error::internal(name + " came to its commit point twice"));
  COWORK_TRY(check_time(call));
  std::shared_ptr<void> lock;
  if (!call.dry_run()) {
    COWORK_ASSIGN(lock, environment_->lock_for_mutation(call));
  }
  const std::shared_ptr<const Snapshot> current = environment_->snapshot(Freshness::current);
  COWORK_TRY(judge_again(admitted, *current));
  COWORK_TRY(check_time(call));
  if (call.dry_run()) {
    commit_reached_ = true;
    return {};
  }
  COWORK_TRY(announce_commit(call));
  COWORK_TRY(guarded([&] { return effect(*current); },
                     [&](std::string_view what) -> Result<void> {
                       return fail(Error::internal("the effect of " + name + " threw").with_why(std::string(what)));
                     }));
  commit_reached_ = true;
  call.committed_ = true;
  return {};
}

}  // namespace cowork
