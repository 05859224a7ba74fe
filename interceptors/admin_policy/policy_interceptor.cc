#include "policy_interceptor.h"

#include "cowork/operation/pack_operations.h"
#include "cowork/operation/quarantine_operations.h"
#include "rules.h"
#include "update.h"

namespace cowork::admin_policy {
namespace {

/// The rules for one question, from one policy and one snapshot.
class Question {
 public:
  Question(const EffectivePolicy& policy, const CallView& call, const Snapshot& snapshot)
      : policy_(policy), call_(call), snapshot_(snapshot) {}

  Verdict answer() const {
    const OperationInfo& info = call_.info();
    if (info.effect == Effect::mutate && !info.repairs_policy)
      if (Verdict verdict = judge_mutation(policy_); verdict.denied()) return verdict;
    if (const auto* request = call_.request<ActivatePack>())
      return judge_activation(policy_, pack_named(request->name));
    if (const auto* request = call_.request<UseConnector>()) return judge_connector(policy_, request->connector_id);
    // What is not permitted contributes nothing, and its code least of all.
    if (const auto* request = call_.request<CallTool>())
      return judge_activation(policy_, pack_meant(request->pack_name));
    if (const auto* request = call_.request<UpdatePolicies>())
      return judge_update(policy_, snapshot_.catalog(), *request);
    return answer_change();
  }

 private:
  Verdict answer_change() const {
    if (const auto* request = call_.request<TogglePack>())
      return judge_toggle(policy_, pack_meant(request->name), request->enabled);
    if (const auto* request = call_.request<ToggleSkill>())
      return judge_skill_toggle(policy_, pack_meant(request->pack_name), request->enabled);
    if (const auto* request = call_.request<UninstallPack>())
      return judge_uninstall(policy_, pack_meant(request->name));
    if (const auto* request = call_.request<ReleaseQuarantined>())
      return judge_toggle(policy_, pack_meant(request->name), true);
    if (const auto* request = call_.request<RemoveQuarantined>())
      return judge_uninstall(policy_, pack_meant(request->name));
    if (const auto* request = call_.request<ScaffoldPack>()) return judge_scaffold(policy_, request->name);
    if (call_.request<InstallPack>()) return judge_switch(policy_, Switch::custom_packs);
    if (call_.request<InstallPackFromGit>()) return judge_switch(policy_, Switch::git_install);
    if (call_.request<InstallPackFromUrl>()) return judge_switch(policy_, Switch::url_install);
    if (const auto* request = call_.request<UpdatePack>()) return answer_update(*request);
    if (const auto* request = call_.request<AdmitPack>()) return answer_admission(*request);
    return Verdict::no_opinion();
  }

  /// By the switch of the source that it came from, and by its id: both are known before anything is fetched.
  Verdict answer_update(const UpdatePack& request) const {
    const PackFacts pack = pack_meant(request.name);
    const LockRecord* record = snapshot_.locks().find(pack.name);
    if (!record) return Verdict::no_opinion();  // the handler says that nothing is known of it
    return judge_admission(policy_, pack, record->source_kind);
  }

  Verdict answer_admission(const AdmitPack& request) const {
    const PackFacts facts{request.name, request.alias, request.scope, snapshot_.catalog().tier(request.scope).trusted,
                          false};
    return judge_admission(policy_, facts, request.source_kind);
  }

  PackFacts pack_meant(std::string_view id) const { return facts_of_id(snapshot_.catalog(), snapshot_.locks(), id); }

  PackFacts pack_named(std::string_view name) const {
    const auto index = snapshot_.catalog().find(name);
    return index ? facts_of(snapshot_.catalog(), snapshot_.locks(), *index) : PackFacts{.name = name};
  }

  const EffectivePolicy& policy_;
  const CallView& call_;
  const Snapshot& snapshot_;
};

}  // namespace

bool PolicyInterceptor::applies_to(const OperationInfo& info) const {
  if (!info.refusable) return false;
  return info.effect == Effect::mutate || info.nested || info.name == UseConnector::info.name ||
         info.name == CallTool::info.name;
}

Verdict PolicyInterceptor::judge(const CallView& call, const Snapshot& snapshot) const {
  if (const auto* pinned = snapshot.state_of(*this))
    return Question(static_cast<const EffectivePolicy&>(*pinned), call, snapshot).answer();
  return Question(*store_->current(), call, snapshot).answer();
}

std::shared_ptr<const JudgeState> PolicyInterceptor::judge_state(Freshness freshness) const {
  if (freshness == Freshness::current) store_->refresh();
  return store_->current();
}

std::shared_ptr<const EffectivePolicy> PolicyInterceptor::policy_of(const Snapshot& snapshot) const {
  for (const auto& [judge, state] : snapshot.states())
    if (judge == this) return std::static_pointer_cast<const EffectivePolicy>(state);
  return store_->current();
}

}  // namespace cowork::admin_policy
