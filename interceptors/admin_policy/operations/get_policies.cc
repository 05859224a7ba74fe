#include "cowork/admin_policy/operations.h"
#include "effective_document.h"
#include "operations/register.h"
#include "update.h"

namespace cowork::admin_policy {
namespace {

Result<GetPolicies> read_get_policies(const json::Value& params) {
  Parameters outer(params, {"options"});
  const json::Value* options = outer.optional_object("options");
  COWORK_TRY(outer.finish());
  GetPolicies request;
  if (!options) return request;
  Parameters inner(*options, {"layer"});
  request.layer = inner.optional_string("layer", request.layer);
  COWORK_TRY(inner.finish());
  return request;
}

Result<GetPolicies::Reply> get(const Engine& engine, const GetPolicies& request, const Snapshot& snapshot) {
  const auto policy = engine.interceptor->policy_of(snapshot);
  if (request.layer == "effective")
    return GetPolicies::Reply{describe(*policy, snapshot.catalog(), engine.store->started_ms()).json};
  const Layer* layer = policy->layer(layer_kind(request.layer));
  if (!layer || !layer->document()) return GetPolicies::Reply{json::Value(json::Object{})};
  return GetPolicies::Reply{layer->document()->json()};
}

}  // namespace

Result<void> GetPolicies::validate() const {
  if (layer == "effective" || layer == "user" || layer == "machine") return {};
  return fail(Error::invalid_argument("layer must be \"effective\", \"user\" or \"machine\""));
}

void register_get_policies(HostBuilder& builder, const SharedEngine& engine) {
  builder.operation<GetPolicies>(
      [engine](HostCore&, Admitted<GetPolicies>& admitted) {
        return get(*engine, admitted.request(), admitted.snapshot());
      },
      {read_get_policies,
       [](const GetPolicies::Reply& reply) { return reply.policy; },
       {"The policy document in force, every default filled in.",
        {{"options", "object {layer?}", false, "layer: effective (the default), user or machine"}},
        "{version, updatedAt, packs, connectors, agents, general}"}});
}

}  // namespace cowork::admin_policy
