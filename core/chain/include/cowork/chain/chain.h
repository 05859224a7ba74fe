// The chain: interceptors in phases, compiled into one plan per operation.
//
// Order (DESIGN.md, "The chain"): observe, application, policy; inside a phase the order of use(). The judges are asked
// between observe and application.
// Threads: a built Chain is immutable and may run many calls at once.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cowork/chain/admitted.h"
#include "cowork/chain/interceptor.h"
#include "cowork/chain/trace.h"

namespace cowork {

struct ChainMember {
  std::shared_ptr<Interceptor> interceptor;
  Phase phase = Phase::application;
  std::string source;  ///< `host`, `application`, or the pack that brought it
};

/// What one operation goes through.
struct ChainPlan {
  std::vector<const ChainMember*> steps;   ///< in order
  std::size_t judged_before = 0;           ///< index in `steps` before which the judges are asked
  std::vector<const ChainMember*> judges;  ///< in order
};

class Chain {
 public:
  /// Sorts by phase, stably. Errors: invalid-argument for a duplicate or empty name, naming it.
  static Result<std::shared_ptr<const Chain>> build(std::vector<ChainMember> members);

  ChainPlan plan(const OperationInfo& info) const;
  const std::vector<ChainMember>& members() const noexcept { return members_; }
  /// Unique in this process; a newer chain has a greater one.
  std::uint64_t revision() const noexcept { return revision_; }
  /// Every interceptor's judge_state.
  Snapshot::States judge_states(Freshness freshness) const;
  /// Whether `states`, which this chain gave, are still in force.
  bool gives(const Snapshot::States& states) const;

 private:
  std::vector<ChainMember> members_;
  std::uint64_t revision_ = 0;
};

/// Asks the judges of `plan`; the strongest verdict, with its judge's name. A judge that throws denies
/// (`interceptor-failed`).
Verdict judge(const ChainPlan& plan, const CallView& call, const Snapshot& snapshot);

/// One run of one call. Made by the host for every call, nested ones too.
class ChainRun {
 public:
  /// `held_by`, when given, always says which interceptor has the call (null: the handler); `times` is told of every
  /// change of that.
  ChainRun(const ChainPlan& plan, ChainEnvironment& environment, std::atomic<const ChainMember*>* held_by = nullptr,
           StepTimes* times = nullptr)
      : plan_(&plan), environment_(&environment), held_by_(held_by), times_(times) {}

  /// Runs the chain around `handler`, a callable from Admitted<Op>& to Result<Op::Reply>. A ChainRun runs once.
  template <Operation Op, class Handler>
  Result<typename Op::Reply> run(const Op& request, const CallOptions& options, std::uint64_t id, std::uint64_t parent,
                                 const Handler& handler) {
    std::optional<typename Op::Reply> reply;
    Call call(request, reply, options, id, parent);
    const auto answer_call = [&](const Snapshot& snapshot) -> Result<void> {
      Admitted<Op> admitted(*this, call, request, snapshot);
      Result<typename Op::Reply> answer = handler(admitted);
      if (!answer) return fail(std::move(answer).error());
      reply.emplace(std::move(*answer));
      return {};
    };
    Outcome outcome = start(call, Terminal(answer_call));
    if (options.warnings) *options.warnings = call.warnings_;
    if (!outcome.ok()) return fail(std::move(*outcome.error_));
    return std::move(*reply);
  }

 private:
  friend class Next;
  friend class AdmittedBase;

  /// What stands at the chain's end, borrowed: nothing is allocated for it.
  class Terminal {
   public:
    Terminal() = default;
    template <class Function>
    explicit Terminal(const Function& function)
        : function_(&function), invoke_([](const void* given, const Snapshot& snapshot) {
            return (*static_cast<const Function*>(given))(snapshot);
          }) {}
    Result<void> operator()(const Snapshot& snapshot) const { return invoke_(function_, snapshot); }

   private:
    const void* function_ = nullptr;
    Result<void> (*invoke_)(const void*, const Snapshot&) = nullptr;
  };

  Outcome start(Call& call, const Terminal& terminal);
  Outcome step(Call& call, std::size_t index);
  Outcome step_checked(Call& call, std::size_t index);
  Outcome step_into(Call& call, std::size_t index);
  Outcome enter(const ChainMember& member, Call& call, std::size_t index);
  Outcome ask(const ChainMember& member, Call& call, std::size_t index);
  bool is_settled(const Call& call, const Outcome& outcome) const noexcept;
  Outcome settle(const ChainMember& member, Call& call, std::size_t index, Outcome outcome);
  Outcome refused(const ChainMember& member, Call& call, std::size_t index, Outcome outcome);
  Outcome pass(Call& call, std::size_t index);
  Outcome misused(Call& call, std::size_t index);
  Outcome handle(Call& call);
  void hold(const ChainMember* member) noexcept;
  Outcome judged(Call& call);
  Result<void> ask_judges(Call& call);
  Result<void> check_time(const Call& call) const;
  Result<void> commit(AdmittedBase& admitted, const std::function<Result<void>(const Snapshot&)>& effect);
  Result<void> judge_again(AdmittedBase& admitted, const Snapshot& snapshot);
  Result<void> announce_commit(Call& call);
  Result<void> record(Call& call, Verdict verdict, const Snapshot& snapshot);

  const ChainPlan* plan_;
  ChainEnvironment* environment_;
  std::atomic<const ChainMember*>* held_by_;
  StepTimes* times_;
  const Call* call_ = nullptr;
  Terminal terminal_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::size_t passed_ = 0;  ///< steps that have called next: always the first ones
  const ChainMember* repeated_next_ = nullptr;
  bool may_end_early_ = false;
  bool judged_ = false;  ///< with the verdict in the call
  bool handler_succeeded_ = false;
  bool commit_reached_ = false;  ///< also in a dry run, where nothing is committed
};

}  // namespace cowork
