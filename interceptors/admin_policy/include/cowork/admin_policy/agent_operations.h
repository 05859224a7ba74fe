// Agents under the admin policy: how many run in a workspace, and how often they may wake up (SPEC §6, `agent:*`).
// Leases are shared by all processes on a home.
#pragma once

#include <cstdint>
#include <string>

#include "cowork/operation/operation.h"

namespace cowork::admin_policy {

/// One running agent. It ends by `agent:stop`, or after three intervals without a heartbeat.
struct Lease {
  std::string lease_id;
  std::string workspace;
  std::string agent_id;
  std::int64_t started_at_ms = 0;  ///< since the epoch, UTC
  std::int64_t last_heartbeat_at_ms = 0;
  double interval_sec = 0;  ///< effective agents.maxHeartbeatFrequencySec when it last beat
};

/// Errors: policy-denied above agents.maxConcurrentAgents, already-exists while this agent runs in this workspace.
struct StartAgent {
  std::string workspace;
  std::string agent_id;
  using Reply = Lease;
  static constexpr OperationInfo info{.name = "agent:start", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const { return {"agent", agent_id}; }
};

/// Errors: policy-denied (with `retryAfterSec` in its data) when too soon, not-found when no such agent runs.
struct HeartbeatAgent {
  std::string workspace;
  std::string agent_id;
  using Reply = Lease;
  static constexpr OperationInfo info{.name = "agent:heartbeat", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const { return {"agent", agent_id}; }
};

struct StopAgent {
  std::string workspace;
  std::string agent_id;
  struct Reply {
    bool stopped = false;  ///< false when no such agent ran
  };
  static constexpr OperationInfo info{.name = "agent:stop", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const { return {"agent", agent_id}; }
};

}  // namespace cowork::admin_policy
