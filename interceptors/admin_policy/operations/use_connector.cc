#include "operations/register.h"

namespace cowork::admin_policy {
namespace {

Result<UseConnector> read_use_connector(const json::Value& params) {
  Parameters parameters(params, {"connectorId"});
  UseConnector request{parameters.string("connectorId")};
  COWORK_TRY(parameters.finish());
  return request;
}

json::Value write(const UseConnector::Reply& reply) {
  return json::Value::object({{"connectorId", reply.connector_id}, {"allowed", true}});
}

}  // namespace

/// A connector that no pack has may be the application's own: only the policy's word counts, and that was judged
/// already.
void register_use_connector(HostBuilder& builder) {
  builder.operation<UseConnector>(
      [](HostCore&, Admitted<UseConnector>& admitted) -> Result<UseConnector::Reply> {
        return UseConnector::Reply{admitted.request().connector_id};
      },
      {read_use_connector,
       write,
       {"Asks whether a connector may be used.",
        {{"connectorId", "string", true, "the connector's id"}},
        "{connectorId, allowed: true}"}});
}

}  // namespace cowork::admin_policy
