// Agents' leases as data and rules: who runs, who may start, who may beat (SPEC §6, `agent:*`). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/admin_policy/agent_operations.h"
#include "cowork/base/json.h"
#include "layers.h"

namespace cowork::admin_policy {

/// False after three silent intervals. A heartbeat from the future (the clock was set back) counts for as long, no
/// longer.
bool is_running(const Lease& lease, std::int64_t now_ms) noexcept;
void drop_ended(std::vector<Lease>& leases, std::int64_t now_ms);
/// The lease of an agent in a workspace; null when it has none.
Lease* find_lease(std::vector<Lease>& leases, std::string_view workspace, std::string_view agent_id) noexcept;

/// Adds a lease to those that run. Errors: policy-denied at the limit, already-exists.
Result<Lease> start_lease(const EffectivePolicy& policy, std::vector<Lease>& running, const StartAgent& request,
                          std::string lease_id, std::int64_t now_ms);
/// Errors: policy-denied with `retryAfterSec` in its data, not-found.
Result<Lease> renew_lease(const EffectivePolicy& policy, std::vector<Lease>& running, const HeartbeatAgent& request,
                          std::int64_t now_ms);

/// `{leaseId, workspace, agentId, startedAt, lastHeartbeatAt, intervalSec}`; times in milliseconds since the epoch.
json::Value to_json(const Lease& lease);
/// The file: `{"leases": [...]}`.
std::string leases_text(const std::vector<Lease>& leases);
/// Errors: io, with the place of what is wrong.
Result<std::vector<Lease>> parse_leases(std::string_view text, std::string_view file);

}  // namespace cowork::admin_policy
