#include <fmt/format.h>

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "cowork/loaders/pack_answers.h"
#include "native_pack.h"

namespace cowork::loaders {
namespace {

struct PackRevision final : JudgeState {};

std::string_view to_text(Effect effect) {
  return effect == Effect::mutate ? "mutate" : "read";
}

cowork_operation describe(const CallView& call) {
  cowork_operation operation{};
  operation.struct_size = sizeof operation;
  operation.dry_run = call.dry_run() ? 1 : 0;
  operation.name = to_cowork_text(call.info().name);
  operation.effect = to_cowork_text(to_text(call.info().effect));
  operation.subject_kind = to_cowork_text(call.subject().kind);
  operation.subject_id = to_cowork_text(call.subject().id);
  operation.entry = to_cowork_text(call.options().entry);
  operation.actor = to_cowork_text(call.options().actor);
  operation.id = call.id();
  operation.parent = call.parent();
  return operation;
}

void tell(const cowork_reply& reply, const Error& error) {
  const std::string why = error.why();
  const cowork_fault fault{sizeof fault, to_cowork_text(to_string(error.code())), to_cowork_text(error.message()),
                           to_cowork_text(why), to_cowork_text(error.remedy())};
  reply.fail(reply.context, &fault);
}

/// The rest of the chain, as the pack may call it.
struct RestOfChain {
  Call& call;
  Next next;
  std::thread::id thread = std::this_thread::get_id();
  std::optional<Outcome> outcome = {};
  std::exception_ptr thrown = {};

  static std::int32_t run(void* context, const cowork_reply* reply) noexcept {
    auto& self = *static_cast<RestOfChain*>(context);
    if (std::this_thread::get_id() != self.thread) return COWORK_PACK_FAULT;
    try {
      self.outcome = self.next(self.call);
      if (self.outcome->ok()) return COWORK_PACK_OK;
      if (reply != nullptr) tell(*reply, *self.outcome->error());
      return COWORK_PACK_REFUSED;
    } catch (...) {
      self.thrown = std::current_exception();  // not through the pack
      return COWORK_PACK_FAULT;
    }
  }
};

class PackInterceptor final : public Interceptor {
 public:
  PackInterceptor(std::shared_ptr<NativeInstance> instance, std::uint32_t index, std::string_view name)
      : instance_(std::move(instance)), index_(index), name_(fmt::format("{}/{}", instance_->name(), name)) {}

  std::string_view name() const noexcept override { return name_; }

  bool applies_to(const OperationInfo& info) const override {
    if (table().applies_to == nullptr) return true;
    bool applies = true;  // also when it fails: the call itself then shows the fault
    const PackAnswer answer = ask_pack([&](const cowork_reply&) -> std::int32_t {
      applies = table().applies_to(instance_->pack(), index_, to_cowork_text(info.name),
                                   to_cowork_text(to_text(info.effect))) != 0;
      return COWORK_PACK_OK;
    });
    return answer.kind != PackAnswer::Kind::ok || applies;
  }

  std::shared_ptr<const JudgeState> judge_state(Freshness) const override {
    if (table().revision == nullptr) return nullptr;
    auto state = std::make_shared<PackRevision>();
    const PackAnswer answer = ask_pack([&](const cowork_reply& reply) {
      return table().revision(instance_->pack(), index_, &state->revision, &reply);
    });
    if (answer.kind != PackAnswer::Kind::ok) throw std::runtime_error(answer.message);
    return state;
  }

  Verdict judge(const CallView& call, const Snapshot& snapshot) const override {
    if (table().judge == nullptr) return Verdict::no_opinion();
    cowork_operation operation = describe(call);
    if (table().revision != nullptr) operation.revision = pinned_revision(snapshot);
    const PackAnswer answer = ask_pack(
        [&](const cowork_reply& reply) { return table().judge(instance_->pack(), index_, &operation, &reply); });
    if (answer.kind == PackAnswer::Kind::ok) return Verdict::no_opinion();
    if (answer.kind == PackAnswer::Kind::fault) throw std::runtime_error(answer.message);
    return Verdict::deny(refusal(answer), "refused-by-pack", Rule{name_, {}, {}});
  }

  Outcome intercept(Call& call, Next next) override {
    if (table().intercept == nullptr) return next(call);
    const cowork_operation operation = describe(call);
    RestOfChain rest{call, next};
    const cowork_next border{sizeof border, &rest, &RestOfChain::run};
    const PackAnswer answer = ask_pack([&](const cowork_reply& reply) {
      return table().intercept(instance_->pack(), index_, &operation, &border, &reply);
    });
    if (rest.thrown) std::rethrow_exception(rest.thrown);
    if (answer.kind == PackAnswer::Kind::fault) throw std::runtime_error(answer.message);
    if (answer.kind == PackAnswer::Kind::refused) return refusal(answer);
    if (!rest.outcome) throw std::runtime_error("it neither went on with next nor refused");
    return *std::move(rest.outcome);
  }

 private:
  const cowork_pack_table& table() const noexcept { return instance_->table(); }

  /// A judge that has a revision decides by it: without one it would answer for a state that nobody looked at.
  std::uint64_t pinned_revision(const Snapshot& snapshot) const {
    const JudgeState* state = snapshot.state_of(*this);
    if (state == nullptr) throw std::runtime_error("its revision is not in the snapshot that it is asked about");
    return state->revision;
  }

  /// policy-denied, unless the pack says that it is something else.
  Error refusal(const PackAnswer& answer) const {
    const bool denied = answer.code.empty() || answer.code == to_string(ErrorCode::policy_denied);
    return Error(denied ? ErrorCode::policy_denied : public_code(answer.code), answer.message)
        .with_why(answer.why.empty() ? "interceptor " + name_ : answer.why)
        .with_remedy(answer.remedy);
  }

  std::shared_ptr<NativeInstance> instance_;
  std::uint32_t index_;
  std::string name_;
};

}  // namespace

std::shared_ptr<Interceptor> make_pack_interceptor(std::shared_ptr<NativeInstance> instance, std::uint32_t index,
                                                   std::string_view name) {
  return std::make_shared<PackInterceptor>(std::move(instance), index, name);
}

}  // namespace cowork::loaders
