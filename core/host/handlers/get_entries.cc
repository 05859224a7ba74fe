#include "find_contribution.h"

namespace cowork::handlers {
namespace {

/// The whole entry as the manifest has it: element `index` of its member `list`.
Result<json::Value> entry_of(HostImpl& host, const PackRecord& record, std::string_view list, std::size_t index) {
  COWORK_ASSIGN(const ParsedManifest parsed, host.source().read_again(record));
  const json::Value* found = parsed.document.find(list);
  const json::Array* entries = found ? found->as_array() : nullptr;
  if (!entries || index >= entries->size())
    return fail(Error::internal("the manifest of " + std::string(record.name()) + " lost an entry"));
  return (*entries)[index];
}

}  // namespace

Result<GetAgentRole::Reply> get_agent_role(HostImpl& host, Admitted<GetAgentRole>& admitted) {
  COWORK_ASSIGN(const FoundContribution found,
                find_contribution(
                    host.table_of(admitted.snapshot()), "agent role", admitted.request().name,
                    &PackSummary::agent_roles, [](const AgentRoleSummary& role) { return role.name.view(); },
                    [](const Pack&, const AgentRoleSummary&) { return true; }));
  COWORK_ASSIGN(json::Value entry, entry_of(host, found.pack.record(), "agentRoles", found.index));
  return GetAgentRole::Reply{std::move(entry), std::string(found.pack.name())};
}

Result<GetConnector::Reply> get_connector(HostImpl& host, Admitted<GetConnector>& admitted) {
  COWORK_ASSIGN(const FoundContribution found,
                find_contribution(
                    host.table_of(admitted.snapshot()), "connector", admitted.request().name, &PackSummary::connectors,
                    [](const ConnectorSummary& connector) { return connector.name.view(); },
                    [](const Pack&, const ConnectorSummary&) { return true; }));
  COWORK_ASSIGN(json::Value entry, entry_of(host, found.pack.record(), "connectors", found.index));
  return GetConnector::Reply{std::move(entry), std::string(found.pack.name()),
                             found.pack.connector_blocked(admitted.request().name)};
}

}  // namespace cowork::handlers
