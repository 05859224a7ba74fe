#include "cowork/admin_policy/operations.h"
#include "effective_document.h"
#include "findings.h"
#include "operations/register.h"
#include "rule_json.h"

namespace cowork::admin_policy {
namespace {

json::Value layers_of(const EffectivePolicy& policy) {
  json::Array layers;
  for (const auto& layer : policy.layers) layers.push_back(to_json(*layer));
  return layers;
}

json::Value origins_of(const EffectiveDocument& document) {
  json::Object origins;
  for (const Origin& origin : document.origins) {
    json::Value value = json::Value::object({{"layer", origin.layer ? origin.layer->name() : "default"}});
    add_place(value, origin.place);
    origins.push_back({origin.pointer, std::move(value)});
  }
  return origins;
}

json::Value unmatched_in(const EffectivePolicy& policy, const Catalog& catalog) {
  json::Array items;
  for (const UnmatchedEntry& entry : unmatched_entries(policy, catalog)) {
    json::Value item =
        json::Value::object({{"list", rule_name(entry.list)}, {"id", entry.id}, {"layer", entry.rule.layer}});
    add_place(item, entry.rule.place);
    if (!entry.nearest.empty()) item.set("nearest", entry.nearest);
    items.push_back(std::move(item));
  }
  return items;
}

json::Value conflicts_in(const EffectivePolicy& policy, const Catalog& catalog) {
  json::Array items;
  for (const Conflict& conflict : conflicts(policy, catalog))
    items.push_back(json::Value::object({{"pack", conflict.pack},
                                         {"message", conflict.message},
                                         {"required", to_json(conflict.required)},
                                         {"against", to_json(conflict.against)}}));
  return items;
}

json::Value warnings_in(const EffectivePolicy& policy, const Catalog& catalog) {
  json::Array items;
  for (const Remark& remark : remarks(policy, catalog)) {
    json::Value item =
        json::Value::object({{"code", remark.code}, {"message", remark.message}, {"layer", remark.rule.layer}});
    add_place(item, remark.rule.place);
    items.push_back(std::move(item));
  }
  return items;
}

Result<GetPoliciesStatus::Reply> status(const Engine& engine, const Snapshot& snapshot) {
  const auto policy = engine.interceptor->policy_of(snapshot);
  const Catalog& catalog = snapshot.catalog();
  json::Value status = json::Value::object({{"layers", layers_of(*policy)}});
  status.set("origins", origins_of(describe(*policy, catalog, engine.store->started_ms())));
  status.set("unmatched", unmatched_in(*policy, catalog));
  status.set("conflicts", conflicts_in(*policy, catalog));
  status.set("warnings", warnings_in(*policy, catalog));
  return GetPoliciesStatus::Reply{std::move(status)};
}

}  // namespace

void register_policies_status(HostBuilder& builder, const SharedEngine& engine) {
  builder.operation<GetPoliciesStatus>(
      [engine](HostCore&, Admitted<GetPoliciesStatus>& admitted) { return status(*engine, admitted.snapshot()); },
      {[](const json::Value& params) -> Result<GetPoliciesStatus> {
         COWORK_TRY(Parameters(params, {}).finish());
         return GetPoliciesStatus{};
       },
       [](const GetPoliciesStatus::Reply& reply) { return reply.status; },
       {"The layers of the policy, where each value comes from, and entries that match nothing.",
        {},
        "{layers: [{layer, state, revision, path, errors}], origins, unmatched, conflicts, warnings}"}});
}

}  // namespace cowork::admin_policy
