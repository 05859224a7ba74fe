// The admin policy in the chain: a thin adapter from requests to rules.h.
#pragma once

#include <memory>

#include "cowork/chain/interceptor.h"
#include "policy_store.h"

namespace cowork::admin_policy {

class PolicyInterceptor final : public Interceptor {
 public:
  explicit PolicyInterceptor(std::shared_ptr<PolicyStore> store) : store_(std::move(store)) {}

  std::string_view name() const noexcept override { return "admin-policy"; }
  bool applies_to(const OperationInfo& info) const override;
  Verdict judge(const CallView& call, const Snapshot& snapshot) const override;
  std::shared_ptr<const JudgeState> judge_state(Freshness freshness) const override;
  bool in_force(const JudgeState& state) const override { return store_->is_current(state); }

  /// What `snapshot` pinned; what is in force now where it was taken without this interceptor.
  std::shared_ptr<const EffectivePolicy> policy_of(const Snapshot& snapshot) const;

 private:
  std::shared_ptr<PolicyStore> store_;
};

}  // namespace cowork::admin_policy
