// Admitted<Op>: a request that has come through the chain. Only the chain can make one, and a handler takes nothing
// else: there is no other way to reach a handler.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cowork/chain/call.h"

namespace cowork {

class ChainRun;

/// What the chain asks of whoever runs it (the host).
class ChainEnvironment {
 public:
  virtual ~ChainEnvironment() = default;
  /// One consistent state for a read or a judgement; it may be borrowed from the call, which it must not outlive.
  virtual std::shared_ptr<const Snapshot> snapshot(Freshness freshness) = 0;
  /// Takes the mutation lock of this home (all processes); released when the returned handle goes. Errors: timeout, io.
  virtual Result<std::shared_ptr<void>> lock_for_mutation(const Call& call) = 0;
  /// Asks the judges of the question's own operation.
  virtual Verdict judge_question(const CallView& question, const Snapshot& snapshot) = 0;
};

class AdmittedBase {
 public:
  AdmittedBase(const AdmittedBase&) = delete;
  AdmittedBase& operator=(const AdmittedBase&) = delete;

  Call& call() noexcept { return *call_; }
  bool dry_run() const noexcept { return call_->dry_run(); }
  /// What the entry judgement was made from; for reads, the one state to answer from.
  const Snapshot& snapshot() const noexcept { return *snapshot_; }

  /// A further question that has to be answered with "yes" at the commit point too, such as `pack:admit` for an
  /// install. `question` and what it borrows must stay alive until commit() returns.
  void also_judge(const CallView& question) { questions_.push_back(&question); }

  /// The commit point. Takes the mutation lock, a current snapshot, asks the judges once more, lets interceptors write
  /// what they have to (audit), then runs `effect`. When `effect` succeeds the call is committed and has succeeded. In
  /// a dry run the judges are asked with a current snapshot and nothing else happens. Errors: those of the judges, of
  /// before_commit(), of `effect`, cancelled, timeout. Call it at most once; a mutation that never commits is an
  /// internal error. After it succeeded the handler has to answer: what goes wrong from there on is for Call::warn().
  Result<void> commit(const std::function<Result<void>(const Snapshot&)>& effect);

  /// For an operation that `acts` without a commit: lets interceptors write what they have to (audit), just before the
  /// effect. Errors: those of before_commit(), cancelled, timeout; then nothing may be done.
  Result<void> announce();

  /// What follows from a commit and can no longer change its outcome (rescans, events). Not run when nothing was
  /// committed (a dry run); what it throws becomes a warning.
  void after_commit(const std::function<void()>& follow_up);

 protected:
  AdmittedBase(ChainRun& run, Call& call, const Snapshot& snapshot) : run_(&run), call_(&call), snapshot_(&snapshot) {}
  ~AdmittedBase() = default;

 private:
  friend class ChainRun;
  ChainRun* run_;
  Call* call_;
  const Snapshot* snapshot_;  ///< the run's
  std::vector<const CallView*> questions_;
};

template <Operation Op>
class Admitted final : public AdmittedBase {
 public:
  const Op& request() const noexcept { return *request_; }

 private:
  friend class ChainRun;
  Admitted(ChainRun& run, Call& call, const Op& request, const Snapshot& snapshot)
      : AdmittedBase(run, call, snapshot), request_(&request) {}
  const Op* request_;
};

}  // namespace cowork
