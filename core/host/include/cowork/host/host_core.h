// HostCore: registered operations, the compiled chain, the published state. Embedders use PluginHost; components that
// bring operations see HostServices.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cowork/chain/chain.h"
#include "cowork/host/codec.h"
#include "cowork/host/services.h"

namespace cowork {

class HostCore;

/// Does the work of one operation. The only argument that can't be made elsewhere is Admitted: the chain's own.
template <Operation Op>
using Handler = std::function<Result<typename Op::Reply>(HostCore&, Admitted<Op>&)>;

/// One registered operation. `Registered<Op>` knows the types; the table of operations sees this.
class RegisteredOperation {
 public:
  explicit RegisteredOperation(const OperationInfo& info, RequestType type) : info_(&info), type_(type) {}
  virtual ~RegisteredOperation() = default;
  const OperationInfo& info() const noexcept { return *info_; }
  RequestType type() const noexcept { return type_; }
  virtual bool has_codec() const noexcept = 0;
  virtual const OperationDescription& description() const noexcept = 0;
  virtual Result<json::Value> call_json(HostCore& core, const json::Value& params,
                                        const CallOptions& options) const = 0;
  /// The same reply, appended to `text` as compact JSON; on an error `text` is as it was.
  virtual Result<void> call_text(HostCore& core, const json::Value& params, const CallOptions& options,
                                 std::string& text) const = 0;
  virtual Result<Verdict> explain(HostCore& core, const json::Value& params, const CallOptions& options) const = 0;
  std::size_t index = 0;  ///< of its plan; given by the host

 private:
  const OperationInfo* info_;
  RequestType type_;
};

/// A chain with one plan for each registered operation. Immutable; replaced as a whole when packs bring or take
/// interceptors, and kept alive by every call that runs through it.
struct CompiledChain : std::enable_shared_from_this<CompiledChain> {
  std::shared_ptr<const Chain> chain;
  std::vector<ChainPlan> plans;     ///< by RegisteredOperation::index
  std::uint64_t code_revision = 0;  ///< of the running packs whose interceptors are in it
};

/// One call in progress, for as long as it runs: the host outlives it, the watchdog can name who holds it, and the
/// snapshot that it began with stays.
class RunningCall {
 public:
  RunningCall(HostCore& core, const OperationInfo& info, std::uint64_t id);
  ~RunningCall();
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;

  const OperationInfo& info() const noexcept { return *info_; }
  std::uint64_t id() const noexcept { return id_; }
  const Snapshot& snapshot() const noexcept { return *snapshot_; }
  /// The chain that its states are of: it stays with it.
  const CompiledChain& chain() const noexcept { return *chain_; }
  /// The interceptor that has the call now; null in the handler.
  std::atomic<const ChainMember*>& held_by() noexcept { return held_by_; }

 private:
  friend class RunningCalls;
  friend class HostImpl;
  HostCore* core_;
  const OperationInfo* info_;
  std::uint64_t id_;
  std::size_t place_ = 0;
  std::atomic<const ChainMember*> held_by_{nullptr};
  const Snapshot* snapshot_ = nullptr;
  const CompiledChain* chain_ = nullptr;
  std::shared_ptr<const Snapshot> own_;    ///< where it began with one that was not published
  std::shared_ptr<const Snapshot> given_;  ///< by whoever took that one off while the call was listed
};

template <Operation Op>
class Registered;

class HostCore : public HostServices {
 public:
  /// Runs `request` through the chain to its handler. `parent` is the id of the call it is nested in, or 0.
  template <Operation Op>
  Result<typename Op::Reply> run(const Op& request, const CallOptions& options, std::uint64_t parent);

  /// As PluginHost::explain().
  template <Operation Op>
  Result<Verdict> verdict(const Op& request, const CallOptions& options);

  std::shared_ptr<const Snapshot> snapshot(Freshness freshness) override = 0;

 protected:
  template <Operation Op>
  friend class Registered;
  virtual const RegisteredOperation* find(RequestType type) const noexcept = 0;
  /// Whether `snapshot`, one that a call began with, is in force.
  virtual bool is_in_force(const Snapshot& snapshot) const = 0;
  friend class CallEnvironment;
  virtual std::shared_ptr<const Snapshot> snapshot_for(const CompiledChain& chain, Freshness freshness) = 0;
  virtual Result<std::shared_ptr<void>> lock_for_mutation(const Call& call) = 0;
  virtual Verdict judge_question(const CompiledChain& chain, const CallView& question, const Snapshot& snapshot) = 0;
  friend class RunningCall;
  /// Keeps what a traced call took.
  virtual void keep_trace(const RunningCall& call, const ChainPlan& plan, StepTimes& times, const Error* error) = 0;
  /// Lists the call, and says what it begins with.
  virtual void begin(RunningCall& call) = 0;
  virtual void end(RunningCall& call) noexcept = 0;
  virtual Verdict judge_now(const RegisteredOperation& operation, const CallView& view) = 0;
  std::uint64_t next_id() noexcept { return 1 + ids_.fetch_add(1, std::memory_order_relaxed); }
  std::atomic<bool> tracing_{false};

 private:
  /// Null when nobody registered it.
  template <Operation Op>
  const Registered<Op>* registered() const {
    return static_cast<const Registered<Op>*>(find(request_type<Op>()));
  }
  static Error unregistered(const OperationInfo& info) {
    return Error::invalid_argument("no handler is registered for " + std::string(info.name));
  }

  std::atomic<std::uint64_t> ids_{0};
};

/// What one call sees of its host: always by the chain that it began with, whatever packs bring or take meanwhile.
class CallEnvironment final : public ChainEnvironment {
 public:
  CallEnvironment(HostCore& core, const RunningCall& call) : core_(&core), call_(&call) {}
  std::shared_ptr<const Snapshot> snapshot(Freshness freshness) override {
    // Nearly always it still is: the call keeps it, so that nobody has to count who else does.
    if (freshness == Freshness::cached && core_->is_in_force(call_->snapshot()))
      return std::shared_ptr<const Snapshot>(std::shared_ptr<const Snapshot>(), &call_->snapshot());
    return core_->snapshot_for(call_->chain(), freshness);
  }
  Result<std::shared_ptr<void>> lock_for_mutation(const Call& call) override { return core_->lock_for_mutation(call); }
  Verdict judge_question(const CallView& question, const Snapshot& snapshot) override {
    return core_->judge_question(call_->chain(), question, snapshot);
  }

 private:
  HostCore* core_;
  const RunningCall* call_;
};

template <Operation Op>
class Registered final : public RegisteredOperation {
 public:
  Registered(Handler<Op> handler, Codec<Op> codec)
      : RegisteredOperation(Op::info, request_type<Op>()), handler_(std::move(handler)), codec_(std::move(codec)) {}

  bool has_codec() const noexcept override { return static_cast<bool>(codec_.read); }
  const OperationDescription& description() const noexcept override { return codec_.description; }
  Result<json::Value> call_json(HostCore& core, const json::Value& params, const CallOptions& options) const override {
    COWORK_ASSIGN(const Op request, codec_.read(params));
    const auto write = codec_.write;  // the host may go once the call is over, and with it the codec
    COWORK_ASSIGN(const auto reply, core.run(request, options, 0));
    return write(reply);
  }
  Result<void> call_text(HostCore& core, const json::Value& params, const CallOptions& options,
                         std::string& text) const override {
    COWORK_ASSIGN(const Op request, codec_.read(params));
    const auto append = codec_.append;  // as above
    const auto write = append ? decltype(codec_.write)() : codec_.write;
    COWORK_ASSIGN(const auto reply, core.run(request, options, 0));
    if (append)
      append(reply, text);
    else
      text += json::to_text(write(reply));
    return {};
  }
  Result<Verdict> explain(HostCore& core, const json::Value& params, const CallOptions& options) const override {
    COWORK_ASSIGN(const Op request, codec_.read(params));
    return core.verdict(request, options);
  }

 private:
  friend class HostCore;
  Handler<Op> handler_;
  Codec<Op> codec_;
};

template <Operation Op>
Result<Verdict> HostCore::verdict(const Op& request, const CallOptions& options) {
  COWORK_TRY(request.validate());
  const Registered<Op>* operation = registered<Op>();
  if (!operation) return fail(unregistered(Op::info));
  return judge_now(*operation, CallView(request, options));
}

template <Operation Op>
Result<typename Op::Reply> HostCore::run(const Op& request, const CallOptions& options, std::uint64_t parent) {
  COWORK_TRY(request.validate());
  const Registered<Op>* found = registered<Op>();
  if (!found) return fail(unregistered(Op::info));
  const Registered<Op>& operation = *found;
  const std::uint64_t id = next_id();
  RunningCall running(*this, Op::info, id);
  const ChainPlan& plan = running.chain().plans[operation.index];
  CallEnvironment environment(*this, running);
  const auto handle = [&](Admitted<Op>& admitted) { return operation.handler_(*this, admitted); };
  if (parent != 0 || !tracing_.load(std::memory_order_relaxed))
    return ChainRun(plan, environment, &running.held_by()).run(request, options, id, parent, handle);
  StepTimes times;
  ChainRun traced(plan, environment, &running.held_by(), &times);
  auto reply = traced.run(request, options, id, parent, handle);
  keep_trace(running, plan, times, reply ? nullptr : &reply.error());
  return reply;
}

}  // namespace cowork
