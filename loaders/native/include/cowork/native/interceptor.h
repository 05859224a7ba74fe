// What a native pack brings for the chain: an interceptor, and what it is given.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/native/pack_reply.h"

namespace cowork::native {

/// Why an interceptor lets something not happen.
struct Refusal {
  std::string message;      ///< one sentence without a full stop
  std::string why = {};     ///< where the rule stands
  std::string remedy = {};  ///< what to try next
};

/// An operation of the host, as interceptors see it. The meaning of each member is in pack_api.h.
class Operation {
 public:
  explicit Operation(const cowork_operation& operation) : operation_(&operation) {}
  std::string_view name() const { return border::view_of(operation_->name); }
  bool mutates() const { return border::view_of(operation_->effect) == "mutate"; }
  std::string_view subject_kind() const { return border::view_of(operation_->subject_kind); }
  std::string_view subject_id() const { return border::view_of(operation_->subject_id); }
  std::string_view entry() const { return border::view_of(operation_->entry); }
  std::string_view actor() const { return border::view_of(operation_->actor); }
  bool dry_run() const { return operation_->dry_run != 0; }
  std::uint64_t id() const { return operation_->id; }
  std::uint64_t parent() const { return operation_->parent; }
  /// What Interceptor::revision said for this judgement: judge by it, and a whole list gets one answer.
  std::uint64_t revision() const { return operation_->revision; }

 private:
  const cowork_operation* operation_;
};

/// What the rest of the chain did.
struct Outcome {
  bool ok = false;
  std::string code = {};  ///< of the error, such as "policy-denied"
  std::string message = {};
};

/// The rest of the chain. Call it once, in the handler that was given it.
class Next {
 public:
  explicit Next(const cowork_next& next) : next_(&next) {}
  Outcome operator()() const {
    border::Answer answer;
    const cowork_reply reply = answer.reply();
    const bool done = next_->run(next_->context, &reply) == COWORK_PACK_OK;
    return {done && !answer.failed, answer.code, answer.message};
  }

 private:
  const cowork_next* next_;
};

/// What stands between a request and its handler. Each member but the name may be left out.
struct Interceptor {
  std::string name;
  /// Which operations it is for, by name and whether they change anything; left out: all.
  std::function<bool(std::string_view operation, bool mutates)> applies_to = {};
  /// May this happen? No side effects: it is asked for lists and by `explain`, too. A refusal here is better than one
  /// in `intercept`, which lists don't see.
  std::function<std::optional<Refusal>(const Operation&)> judge = {};
  /// Around the rest of the chain: call `next`, or throw a Refusal. What came of `next` stands when it returns.
  std::function<void(const Operation&, const Next&)> intercept = {};
  /// A number that changes when `judge` would answer otherwise; left out where it depends on the operation alone.
  std::function<std::uint64_t()> revision = {};
};

}  // namespace cowork::native
