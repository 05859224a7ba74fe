// One request on its way through the chain, as interceptors see it.
//
// Threads: a Call belongs to the thread that runs it. Ownership: it lives in the caller's frame; keep no pointer to it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/chain/snapshot.h"
#include "cowork/operation/operation.h"
#include "cowork/operation/verdict.h"

namespace cowork {

/// CallOptions::entry of what a host does by itself while it starts: nothing changes by it.
inline constexpr std::string_view start_entry = "start";

/// Who asks, and how. Given by the entry point (C++ API, command line, JSON-RPC), copied into nested calls.
struct CallOptions {
  std::string entry = "c++";  ///< `c++`, `cli`, `socket`, `stdio`, `http`, `host`, `start`
  std::string actor = {};     ///< the user's name; empty: the process's user
  bool dry_run = false;       ///< the real chain, the handler told to change nothing
  std::stop_token stop = {};
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
  /// Where named warnings go (what went wrong after the commit point); may be null. Borrowed for the time of the call.
  std::vector<std::string>* warnings = nullptr;
};

/// What judges see of a call: the request and who asks. Also made without any call, for lists and `explain`.
class CallView {
 public:
  template <Operation Op>
  CallView(const Op& request, const CallOptions& options, std::uint64_t id = 0, std::uint64_t parent = 0)
      : info_(&Op::info),
        type_(request_type<Op>()),
        request_(&request),
        subject_(request.subject()),
        options_(&options),
        id_(id),
        parent_(parent) {}

  const OperationInfo& info() const noexcept { return *info_; }
  const Subject& subject() const noexcept { return subject_; }
  /// The request when it is an `Op`, else null: `if (auto* toggle = call.request<TogglePack>())`.
  template <Operation Op>
  const Op* request() const noexcept {
    return type_ == request_type<Op>() ? static_cast<const Op*>(request_) : nullptr;
  }
  const CallOptions& options() const noexcept { return *options_; }
  bool dry_run() const noexcept { return options_->dry_run; }
  /// Unique in this host, from 1; 0 for a question that is no call.
  std::uint64_t id() const noexcept { return id_; }
  /// The call that this one is nested in; 0 for none.
  std::uint64_t parent() const noexcept { return parent_; }

 private:
  const OperationInfo* info_;
  RequestType type_;
  const void* request_;
  Subject subject_;
  const CallOptions* options_;
  std::uint64_t id_;
  std::uint64_t parent_;
};

/// What came of a call. Interceptors can make a refusal; success comes only from `next`, which got it from the handler.
class [[nodiscard]] Outcome {
 public:
  Outcome(Error error) : error_(std::make_unique<Error>(std::move(error))) {}
  static Outcome refuse(Error error) { return Outcome(std::move(error)); }

  bool ok() const noexcept { return !error_; }
  /// Null on success.
  const Error* error() const noexcept { return error_.get(); }

 private:
  friend class ChainRun;
  friend class Call;
  Outcome() = default;
  std::unique_ptr<Error> error_;
};

/// A call that is being run.
class Call : public CallView {
 public:
  template <Operation Op>
  Call(const Op& request, std::optional<typename Op::Reply>& reply, const CallOptions& options, std::uint64_t id,
       std::uint64_t parent)
      : CallView(request, options, id, parent), reply_type_(request_type<Op>()), reply_(&reply) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// What the handler answered, after `next` came back with success; else null.
  template <Operation Op>
  const typename Op::Reply* reply() const noexcept {
    if (reply_type_ != request_type<Op>()) return nullptr;
    const auto& slot = *static_cast<const std::optional<typename Op::Reply>*>(reply_);
    return slot ? &*slot : nullptr;
  }
  /// Answers in the handler's stead. For operations that are not `answerable` the chain turns this into
  /// `interceptor-failed`, with the interceptor's name.
  template <Operation Op>
  Outcome answer(typename Op::Reply reply) {
    if (reply_type_ != request_type<Op>()) return Error::internal("the answer is of another operation's type");
    answered_ = true;
    if (info().answerable) static_cast<std::optional<typename Op::Reply>*>(reply_)->emplace(std::move(reply));
    return Outcome();
  }

  /// What the judges decided last: at entry, then again at the commit point. no_opinion before they were asked.
  const Verdict& verdict() const noexcept { return verdict_; }
  /// Snapshot::label() of the snapshot that the verdict was made from.
  const std::string& judged_revision() const noexcept { return judged_revision_; }
  /// True once the effect has taken place: the outcome is final.
  bool committed() const noexcept { return committed_; }
  /// A named warning: shown to the caller, never an error.
  void warn(std::string message);
  const std::vector<std::string>& warnings() const noexcept { return warnings_; }
  bool stop_requested() const noexcept { return options().stop.stop_requested(); }

 private:
  friend class ChainRun;
  RequestType reply_type_;
  void* reply_;
  Verdict verdict_ = Verdict::no_opinion();
  std::string judged_revision_;
  std::vector<std::string> warnings_;
  bool answered_ = false;
  bool committed_ = false;
};

}  // namespace cowork
