// Operations about the host itself (SPEC §7: host:chain, host:status, host:rescan).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "cowork/chain/interceptor.h"
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
  static constexpr OperationInfo info{.name = "host:chain"};
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
  static constexpr OperationInfo info{.name = "host:status"};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct Rescan {
  struct Reply {
    std::vector<std::string> added, removed, changed;
    std::vector<Diagnostic> diagnostics;
  };
  static constexpr OperationInfo info{.name = "host:rescan"};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

}  // namespace cowork
