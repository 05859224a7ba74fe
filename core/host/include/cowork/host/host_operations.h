// Operations about the host itself (SPEC §7: host:chain, host:status, host:rescan).
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cowork/chain/interceptor.h"
#include "cowork/operation/description.h"
#include "cowork/operation/operation.h"

namespace cowork {

struct DescribeChain {
  std::string operation;  ///< empty: the whole chain
  struct Member {
    std::string name;
    Phase phase = Phase::application;
    std::vector<std::string> operations;  ///< those it applies to, sorted
    std::string source;
  };
  using Reply = std::vector<Member>;
  static constexpr OperationInfo info{.name = "host:chain", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

/// The public operations, sorted by name: what docs/ipc.md is made of.
struct DescribeOperations {
  struct Entry {
    OperationInfo info;
    OperationDescription description;
  };
  using Reply = std::vector<Entry>;
  static constexpr OperationInfo info{.name = "host:operations", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

/// Where the time of one call went.
struct CallTrace {
  struct Step {
    std::string name;                  ///< an interceptor's, or `judges`, `handler`
    std::string phase;                 ///< the interceptor's; else as its name
    std::chrono::nanoseconds time{0};  ///< its own, without what it passed on
  };
  std::string operation;
  std::uint64_t id = 0;
  std::int64_t finished_at_ms = 0;  ///< since 1970
  std::optional<ErrorCode> code;    ///< of its error; none when it succeeded
  std::vector<Step> steps;          ///< in the order of the chain
};

/// Switches tracing on or off (off by default) and shows the last traced call. Not traced are nested calls and those
/// that look at the host itself: host:trace, host:chain, host:operations, host:status.
struct TraceCalls {
  std::optional<bool> enabled;  ///< unset: as it is
  std::string operation;        ///< the last call of this one; empty: of any
  struct Reply {
    bool enabled = false;
    std::optional<CallTrace> last;
  };
  static constexpr OperationInfo info{.name = "host:trace", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct GetStatus {
  struct Counts {
    std::size_t packs = 0, active = 0, disabled = 0, discovered = 0, quarantined = 0, error = 0;
    std::size_t policy_blocked = 0, policy_required = 0;
  };
  struct Reply {
    std::string version;
    std::string home;
    std::vector<TierStatus> tiers;
    json::Value layers;  ///< what the host's status contributors say (the policy's layers); an array
    Counts counts;
    std::vector<Diagnostic> diagnostics;
  };
  static constexpr OperationInfo info{.name = "host:status", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct Rescan {
  struct Reply {
    std::vector<std::string> added, removed, changed;
    std::vector<Diagnostic> diagnostics;
  };
  static constexpr OperationInfo info{.name = "host:rescan", .pace = Pace::unbounded};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

}  // namespace cowork
