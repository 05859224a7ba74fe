#include "cowork/admin_policy/operations.h"
#include "cowork/host/services.h"
#include "effective_document.h"
#include "operations/register.h"
#include "update.h"

namespace cowork::admin_policy {
namespace {

Result<UpdatePolicies> read_update_policies(const json::Value& params) {
  Parameters outer(params, {"updates", "options"});
  UpdatePolicies request;
  request.updates = outer.object("updates");
  const json::Value* options = outer.optional_object("options");
  COWORK_TRY(outer.finish());
  if (!options) return request;
  Parameters inner(*options, {"ifRevision", "startFrom", "layer"});
  request.if_revision = inner.optional_string("ifRevision");
  request.start_from = inner.optional_string("startFrom");
  request.layer = inner.optional_string("layer", request.layer);
  COWORK_TRY(inner.finish());
  return request;
}

Result<UpdatePolicies::Reply> update(Engine& engine, HostServices& host, Admitted<UpdatePolicies>& admitted) {
  const auto plan = [&](const Snapshot& snapshot) {
    const auto policy = engine.interceptor->policy_of(snapshot);
    return plan_update(*policy, snapshot.catalog(), admitted.request(), engine.clock->system_ms());
  };
  // Before the commit point already: what is invalid is no failed effect, and a dry run tells it too.
  COWORK_ASSIGN(const PlannedUpdate rehearsal, plan(admitted.snapshot()));
  COWORK_TRY(admitted.commit([&](const Snapshot& current) -> Result<void> {
    COWORK_ASSIGN(const PlannedUpdate planned, plan(current));
    const auto judged = engine.interceptor->policy_of(current);
    return engine.store->write(*judged, planned.layer->kind(), planned.text);
  }));
  if (!admitted.dry_run()) host.reconcile(admitted.call().id());
  const auto policy = admitted.dry_run()
                          ? with_layer(*engine.interceptor->policy_of(admitted.snapshot()), rehearsal.layer)
                          : engine.store->current();
  return UpdatePolicies::Reply{describe(*policy, admitted.snapshot().catalog(), engine.store->started_ms()).json};
}

}  // namespace

Result<void> UpdatePolicies::validate() const {
  if (!updates.is_object()) return fail(Error::invalid_argument("updates must be an object"));
  if (!start_from.empty() && start_from != "last-good" && start_from != "defaults")
    return fail(Error::invalid_argument("startFrom must be \"last-good\" or \"defaults\""));
  if (layer == "user" || layer == "machine") return {};
  return fail(Error::invalid_argument("layer must be \"user\" or \"machine\""));
}

void register_update_policies(HostBuilder& builder, const SharedEngine& engine) {
  builder.operation<UpdatePolicies>(
      [engine](HostCore& core, Admitted<UpdatePolicies>& admitted) { return update(*engine, core, admitted); },
      {read_update_policies,
       [](const UpdatePolicies::Reply& reply) { return reply.policy; },
       {"Merges a partial document (RFC 7396) into the policy file; in force at once.",
        {{"updates", "object", true, "null takes an optional member out"},
         {"options", "object {ifRevision?, startFrom?, layer?}", false,
          "ifRevision: conflict when the file has another one; startFrom: last-good or defaults, when the file is "
          "invalid; layer: machine works for root"}},
        "the merged document"}});
}

}  // namespace cowork::admin_policy
