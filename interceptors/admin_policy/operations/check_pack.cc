#include "cowork/admin_policy/operations.h"
#include "operations/register.h"
#include "rules.h"

namespace cowork::admin_policy {
namespace {

Result<CheckPack> read_check_pack(const json::Value& params) {
  Parameters parameters(params, {"packId"});
  CheckPack request{parameters.string("packId")};
  COWORK_TRY(parameters.finish());
  return request;
}

Result<CheckPack::Reply> check(const Engine& engine, const CheckPack& request, const Snapshot& snapshot) {
  const auto policy = engine.interceptor->policy_of(snapshot);
  const PackFacts pack = facts_of_id(snapshot.catalog(), snapshot.locks(), request.pack_id);
  const PackStanding standing = standing_of(*policy, pack);
  return CheckPack::Reply{request.pack_id, standing.permitted(), standing.required()};
}

json::Value write(const CheckPack::Reply& reply) {
  return json::Value::object({{"packId", reply.pack_id}, {"allowed", reply.allowed}, {"required", reply.required}});
}

}  // namespace

Result<void> CheckPack::validate() const {
  if (!pack_id.empty()) return {};
  return fail(Error::invalid_argument("packId must not be empty"));
}

void register_check_pack(HostBuilder& builder, const SharedEngine& engine) {
  builder.operation<CheckPack>(
      [engine](HostCore&, Admitted<CheckPack>& admitted) {
        return check(*engine, admitted.request(), admitted.snapshot());
      },
      {read_check_pack,
       write,
       {"Whether a pack is allowed and whether it is required.",
        {{"packId", "string", true, "any id: known, unknown, name or alias"}},
        "{packId, allowed, required}"}});
}

}  // namespace cowork::admin_policy
