// Operations on what active packs contribute: skills, roles, connectors (SPEC §7).
#pragma once

#include <string>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/manifest/manifest.h"
#include "cowork/operation/operation.h"

namespace cowork {

/// Everything that active packs contribute.
struct GetContext {
  struct ConnectorEntry {
    std::string id;
    std::string name;
    std::string icon;
    std::string status;  ///< `available` or `blocked`
    std::vector<std::string> tools;
  };
  struct SkillEntry {
    std::string id;
    std::string name;
    std::string icon;
    std::string pack_name;
  };
  struct Reply {
    std::vector<ConnectorEntry> connectors;
    std::vector<SkillEntry> skills;
    std::vector<SlashCommand> slash_commands;
    std::vector<AgentRole> agent_roles;
  };
  static constexpr OperationInfo info{.name = "pluginPack:getContext", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct GetSkill {
  std::string skill_id;
  struct Reply {
    Skill skill;
    std::string pack_name;
  };
  static constexpr OperationInfo info{.name = "skill:get"};
  Result<void> validate() const;
  Subject subject() const { return {"skill", skill_id}; }
};

struct RenderSkill {
  std::string skill_id;
  json::Value values;  ///< object: parameter name → string, number or boolean; null for none
  struct Reply {
    std::string prompt;
  };
  static constexpr OperationInfo info{.name = "skill:render"};
  Result<void> validate() const;
  Subject subject() const { return {"skill", skill_id}; }
};

struct GetAgentRole {
  std::string name;
  struct Reply {
    json::Value entry;  ///< the manifest's whole entry
    std::string pack_name;
  };
  static constexpr OperationInfo info{.name = "agentRole:get"};
  Result<void> validate() const;
  Subject subject() const { return {"agentRole", name}; }
};

struct GetConnector {
  std::string name;
  struct Reply {
    json::Value entry;
    std::string pack_name;
    bool policy_blocked = false;
  };
  static constexpr OperationInfo info{.name = "connector:get"};
  Result<void> validate() const;
  Subject subject() const { return {"connector", name}; }
};

/// Runs a tool of an active native pack. Errors: not-found (no such pack or tool; `why` says so when the pack is not
/// active), those that the tool gives, internal.
struct CallTool {
  std::string pack_name;
  std::string tool;
  json::Value input;  ///< null for none
  struct Reply {
    json::Value output;
  };
  static constexpr OperationInfo info{.name = "tool:call", .pace = Pace::unbounded, .acts = true};
  Result<void> validate() const;
  Subject subject() const { return {"pack", pack_name}; }
};

/// May the application run this connector? The host itself never runs one.
struct UseConnector {
  std::string connector_id;
  struct Reply {
    std::string connector_id;
  };
  static constexpr OperationInfo info{.name = "connector:use", .pace = Pace::memory};
  Result<void> validate() const;
  Subject subject() const { return {"connector", connector_id}; }
};

}  // namespace cowork
