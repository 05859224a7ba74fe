// Interceptor: the one interface between the host and everything that watches, refuses or decides.
//
// Threads: intercept() and judge() may run on several threads at once; judge() is const and has no side effects.
// Ownership: the chain shares ownership; an interceptor outlives every call it sees.
#pragma once

#include <memory>
#include <string_view>

#include "cowork/chain/call.h"

namespace cowork {

class ChainRun;

/// Fixed order, outermost first: `observe` sees everything including refusals, `policy` stands next to the handler.
enum class Phase : std::uint8_t { observe, application, policy };
std::string_view to_string(Phase phase) noexcept;

/// The rest of the chain. Call it once; a second call on a mutating operation is an error that names the interceptor.
class Next {
 public:
  Outcome operator()(Call& call) { return pass_on(*run_, call, index_); }

 private:
  friend class ChainRun;
  Next(ChainRun& run, std::size_t index) : run_(&run), index_(index) {}
  // Not the object itself is handed on, so that passing on can be the last thing that intercept() does: no frame stays.
  static Outcome pass_on(ChainRun& run, Call& call, std::size_t index);
  ChainRun* run_;
  std::size_t index_;
};

class Interceptor {
 public:
  virtual ~Interceptor() = default;

  /// Unique in a host; shown in errors, the audit trail and `host:chain`.
  virtual std::string_view name() const noexcept = 0;

  /// Asked once per operation whenever a chain is made: when the host starts, and when packs bring interceptors or take
  /// them away; on any thread. Operations it is not for pay nothing.
  virtual bool applies_to(const OperationInfo&) const { return true; }

  /// Around the rest of the chain: pass on (`next(call)`), refuse (return an Error), or look at what came back. Refuse
  /// in judge() where you can: lists and `explain` see that, and it is asked again at the commit point.
  virtual Outcome intercept(Call& call, Next next) { return next(call); }

  /// A decision without side effects, from the call and one snapshot. Asked at entry (after the `observe` phase) and,
  /// for mutations, again at the commit point under the mutation lock; also for lists (`pack:activate` of each pack,
  /// `connector:use` of each connector) and for `explain`. Must not call the host.
  virtual Verdict judge(const CallView&, const Snapshot&) const { return Verdict::no_opinion(); }

  /// What judge() depends on beside the snapshot's catalog and toggles, pinned for a whole read. Null when nothing:
  /// who gave none is asked again at commit points, and when the host looks for changes (PluginHost::refresh()).
  virtual std::shared_ptr<const JudgeState> judge_state(Freshness) const { return nullptr; }

  /// Whether `state`, which judge_state() gave, is what judge_state(Freshness::cached) would give now. Asked in
  /// every call before its judges are, on any thread: worth overriding where judge_state() has something to do.
  virtual bool in_force(const JudgeState& state) const;

  /// At the commit point of a mutation, after the judges agreed and just before the effect; not in a dry run. An error
  /// here refuses the mutation.
  virtual Result<void> before_commit(const Call&) { return {}; }
};

}  // namespace cowork
