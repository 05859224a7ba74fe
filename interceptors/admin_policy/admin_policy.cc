#include "cowork/admin_policy/admin_policy.h"

#include "engine.h"
#include "findings.h"
#include "operations/register.h"
#include "rule_json.h"

namespace cowork::admin_policy {
namespace {

Diagnostic diagnostic_of(const Layer& layer, const Error& error) {
  std::string message = error.message();
  message += layer.is_broken() ? "; no last good content: closed until this is repaired"
                               : "; the last good content stays in force";
  return {Severity::error, "invalid-policy", std::move(message),
          error.place().value_or(SourcePlace{layer.path(), 0, 0, {}})};
}

/// Without a catalog: ids count as they are written. `admin:policiesStatus` knows which packs they mean.
void add_findings(const EffectivePolicy& policy, std::vector<Diagnostic>& diagnostics) {
  const auto no_packs = Catalog::build({}, nullptr);
  for (const Conflict& conflict : conflicts(policy, *no_packs))
    diagnostics.push_back({Severity::warning, "policy-conflict", conflict.message, conflict.against.place});
  for (const Remark& remark : remarks(policy, *no_packs))
    diagnostics.push_back({Severity::info, "policy-" + remark.code, remark.message, remark.rule.place});
}

class StandardAdminPolicy final : public AdminPolicy {
 public:
  explicit StandardAdminPolicy(const Options& options) : engine_(std::make_shared<Engine>(options)) {}

  std::shared_ptr<Interceptor> interceptor() override { return engine_->interceptor; }

  void register_operations(HostBuilder& builder) override {
    register_get_policies(builder, engine_);
    register_update_policies(builder, engine_);
    register_check_pack(builder, engine_);
    register_policies_status(builder, engine_);
    register_explain(builder);
    register_simulate(builder, engine_);
    register_agents(builder, engine_);
    register_use_connector(builder);
  }

  bool refresh() override { return engine_->store->refresh(); }

  std::string organization_directory() const override {
    return engine_->store->current()->organization_directory.value;
  }

  bool machine_layer_exists() const override {
    const auto policy = engine_->store->current();
    const Layer* machine = policy->layer(LayerKind::machine);
    return machine && machine->state() != LayerState::absent;
  }

  void contribute_status(GetStatus::Reply& status) const override {
    const auto policy = engine_->store->current();
    for (const auto& layer : policy->layers) {
      status.layers.push_back(to_json(*layer));
      for (const Error& error : layer->errors()) status.diagnostics.push_back(diagnostic_of(*layer, error));
    }
    add_findings(*policy, status.diagnostics);
  }

 private:
  SharedEngine engine_;
};

}  // namespace

std::shared_ptr<AdminPolicy> AdminPolicy::make(Options options) {
  return std::make_shared<StandardAdminPolicy>(options);
}

}  // namespace cowork::admin_policy
