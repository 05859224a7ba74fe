#include <functional>

#include "cowork/admin_policy/agent_operations.h"
#include "cowork/base/text.h"
#include "operations/register.h"

namespace cowork::admin_policy {
namespace {

constexpr std::size_t longest_name = 1024;

Result<void> check_name(std::string_view what, const std::string& name) {
  if (!name.empty() && name.size() <= longest_name) return {};
  return fail(
      Error::invalid_argument(std::string(what) + " must have 1 to " + std::to_string(longest_name) + " bytes"));
}

Result<void> check_names(const std::string& workspace, const std::string& agent_id) {
  COWORK_TRY(check_name("workspace", workspace));
  return check_name("agentId", agent_id);
}

template <class Op>
Result<Op> read(const json::Value& params) {
  Parameters outer(params, {"options"});
  const json::Value& options = outer.object("options");
  COWORK_TRY(outer.finish());
  Parameters inner(options, {"workspace", "agentId"});
  Op request{inner.string("workspace"), inner.string("agentId")};
  COWORK_TRY(inner.finish());
  return request;
}

/// The leases that run; those of a file at fault are moved aside under the lock, and the caller is told.
Result<std::vector<Lease>> running_leases(Engine& engine, Call* committing) {
  COWORK_ASSIGN(LeaseFile::Content content, engine.leases.load());
  const std::int64_t now_ms = engine.clock->system_ms();
  if (content.fault && committing) {
    COWORK_ASSIGN(const std::string name, engine.leases.move_aside(now_ms));
    committing->warn("leases.json can't be read (" + content.fault->message() + "): moved aside to " + name +
                     ", agents are counted anew");
  }
  drop_ended(content.leases, now_ms);
  return std::move(content.leases);
}

/// Changes the leases under the lock. `change` is tried before the commit point already, so that a refusal is no failed
/// effect and a dry run has an answer.
template <class Op>
Result<typename Op::Reply> change_leases(
    Engine& engine, Admitted<Op>& admitted,
    const std::function<Result<typename Op::Reply>(const EffectivePolicy&, std::vector<Lease>&)>& change) {
  COWORK_ASSIGN(std::vector<Lease> leases, running_leases(engine, nullptr));
  COWORK_ASSIGN(typename Op::Reply reply, change(*engine.interceptor->policy_of(admitted.snapshot()), leases));
  COWORK_TRY(admitted.commit([&](const Snapshot& current) -> Result<void> {
    COWORK_ASSIGN(leases, running_leases(engine, &admitted.call()));
    COWORK_ASSIGN(reply, change(*engine.interceptor->policy_of(current), leases));
    return engine.leases.save(leases);
  }));
  return reply;
}

Result<Lease> start(Engine& engine, Admitted<StartAgent>& admitted) {
  return change_leases<StartAgent>(engine, admitted, [&](const EffectivePolicy& policy, std::vector<Lease>& leases) {
    return start_lease(policy, leases, admitted.request(), random_id(), engine.clock->system_ms());
  });
}

Result<Lease> heartbeat(Engine& engine, Admitted<HeartbeatAgent>& admitted) {
  return change_leases<HeartbeatAgent>(
      engine, admitted, [&](const EffectivePolicy& policy, std::vector<Lease>& leases) {
        return renew_lease(policy, leases, admitted.request(), engine.clock->system_ms());
      });
}

Result<StopAgent::Reply> stop(Engine& engine, Admitted<StopAgent>& admitted) {
  const StopAgent& request = admitted.request();
  return change_leases<StopAgent>(engine, admitted,
                                  [&](const EffectivePolicy&, std::vector<Lease>& leases) -> Result<StopAgent::Reply> {
                                    const std::size_t stopped = std::erase_if(leases, [&](const Lease& lease) {
                                      return lease.workspace == request.workspace && lease.agent_id == request.agent_id;
                                    });
                                    return StopAgent::Reply{stopped > 0};
                                  });
}

}  // namespace

Result<void> StartAgent::validate() const {
  return check_names(workspace, agent_id);
}
Result<void> HeartbeatAgent::validate() const {
  return check_names(workspace, agent_id);
}
Result<void> StopAgent::validate() const {
  return check_names(workspace, agent_id);
}

void register_agents(HostBuilder& builder, const SharedEngine& engine) {
  const std::vector<ParameterDescription> options = {
      {"options", "object {workspace, agentId}", true, "the agent limit counts per workspace"}};
  constexpr std::string_view shape = "{leaseId, workspace, agentId, startedAt, lastHeartbeatAt, intervalSec}";
  const auto lease_json = [](const Lease& lease) { return to_json(lease); };
  builder.operation<StartAgent>(
      [engine](HostCore&, Admitted<StartAgent>& admitted) { return start(*engine, admitted); },
      {read<StartAgent>, lease_json, {"Starts an agent in a workspace: takes a lease.", options, shape}});
  builder.operation<HeartbeatAgent>(
      [engine](HostCore&, Admitted<HeartbeatAgent>& admitted) { return heartbeat(*engine, admitted); },
      {read<HeartbeatAgent>, lease_json, {"Renews an agent's lease; refused when it comes too soon.", options, shape}});
  builder.operation<StopAgent>([engine](HostCore&, Admitted<StopAgent>& admitted) { return stop(*engine, admitted); },
                               {read<StopAgent>,
                                [](const StopAgent::Reply& reply) {
                                  return json::Value::object({{"stopped", reply.stopped}});
                                },
                                {"Ends an agent's lease.", options, "{stopped}"}});
}

}  // namespace cowork::admin_policy
