// The handlers of core: one a file under handlers/. Private to core/host.
#pragma once

#include "cowork/operation/quarantine_operations.h"
#include "host_impl.h"

namespace cowork::handlers {

Result<PackList> list_packs(HostImpl& host, Admitted<ListPacks>& admitted);
Result<std::optional<Pack>> get_pack(HostImpl& host, Admitted<GetPack>& admitted);
Result<TogglePack::Reply> toggle_pack(HostImpl& host, Admitted<TogglePack>& admitted);
Result<ToggleSkill::Reply> toggle_skill(HostImpl& host, Admitted<ToggleSkill>& admitted);
Result<GetContext::Reply> get_context(HostImpl& host, Admitted<GetContext>& admitted);
Result<GetSkill::Reply> get_skill(HostImpl& host, Admitted<GetSkill>& admitted);
Result<RenderSkill::Reply> render_skill(HostImpl& host, Admitted<RenderSkill>& admitted);
Result<GetAgentRole::Reply> get_agent_role(HostImpl& host, Admitted<GetAgentRole>& admitted);
Result<GetConnector::Reply> get_connector(HostImpl& host, Admitted<GetConnector>& admitted);
Result<ScaffoldPack::Reply> scaffold_pack(HostImpl& host, Admitted<ScaffoldPack>& admitted);
Result<InstallReply> install_pack(HostImpl& host, Admitted<InstallPack>& admitted);
Result<InstallReply> install_from_git(HostImpl& host, Admitted<InstallPackFromGit>& admitted);
Result<InstallReply> install_from_url(HostImpl& host, Admitted<InstallPackFromUrl>& admitted);
Result<UpdatePack::Reply> update_pack(HostImpl& host, Admitted<UpdatePack>& admitted);
Result<VerifyPacks::Reply> verify_packs(HostImpl& host, Admitted<VerifyPacks>& admitted);
Result<CallTool::Reply> call_tool(HostImpl& host, Admitted<CallTool>& admitted);
Result<UninstallPack::Reply> uninstall_pack(HostImpl& host, Admitted<UninstallPack>& admitted);
Result<ListQuarantine::Reply> list_quarantine(HostImpl& host, Admitted<ListQuarantine>& admitted);
Result<ReleaseQuarantined::Reply> release_quarantined(HostImpl& host, Admitted<ReleaseQuarantined>& admitted);
Result<RemoveQuarantined::Reply> remove_quarantined(HostImpl& host, Admitted<RemoveQuarantined>& admitted);
Result<DescribeChain::Reply> describe_chain(HostImpl& host, Admitted<DescribeChain>& admitted);
Result<DescribeOperations::Reply> describe_operations(HostImpl& host, Admitted<DescribeOperations>& admitted);
Result<TraceCalls::Reply> trace_calls(HostImpl& host, Admitted<TraceCalls>& admitted);
Result<GetStatus::Reply> get_status(HostImpl& host, Admitted<GetStatus>& admitted);
Result<Rescan::Reply> rescan(HostImpl& host, Admitted<Rescan>& admitted);
Result<SearchRegistry::Reply> search_registry(HostImpl& host, Admitted<SearchRegistry>& admitted);
Result<GetRegistryDetails::Reply> get_registry_details(HostImpl& host, Admitted<GetRegistryDetails>& admitted);
Result<GetRegistryCategories::Reply> get_registry_categories(HostImpl& host, Admitted<GetRegistryCategories>& admitted);
Result<CheckUpdates::Reply> check_updates(HostImpl& host, Admitted<CheckUpdates>& admitted);

/// What active packs contribute, found by id: the first pack in the catalog's order that is active and has it.
struct FoundContribution {
  Pack pack;
  std::size_t index;  ///< into the manifest's skills, agent_roles or connectors
};
/// Errors: not-found; `why` names the pack that has it but is not active.
Result<FoundContribution> find_skill(const std::shared_ptr<const PackTable>& table, std::string_view skill_id);

}  // namespace cowork::handlers
