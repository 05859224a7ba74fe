// The operations on packs that every host has (SPEC §7). How they look in JSON is written in core/host/json/.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/catalog/catalog.h"
#include "cowork/operation/operation.h"
#include "cowork/operation/pack.h"

namespace cowork {

struct ListPacks {
  using Reply = PackList;
  static constexpr OperationInfo info{.name = "pluginPack:list"};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct GetPack {
  std::string name;
  using Reply = std::optional<Pack>;
  static constexpr OperationInfo info{.name = "pluginPack:get"};
  Result<void> validate() const;
  Subject subject() const { return {"pack", name}; }
};

struct TogglePack {
  std::string name;  ///< or an alias; the reply has the name
  bool enabled = false;
  struct Reply {
    std::string name;
    bool enabled = false;
  };
  static constexpr OperationInfo info{.name = "pluginPack:toggle", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const { return {"pack", name}; }
};

struct ToggleSkill {
  std::string pack_name;
  std::string skill_id;
  bool enabled = false;
  struct Reply {
    std::string pack_name;
    std::string skill_id;
    bool enabled = false;
  };
  static constexpr OperationInfo info{.name = "pluginPack:toggleSkill", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const { return {"pack", pack_name}; }
};

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
  static constexpr OperationInfo info{.name = "pluginPack:getContext"};
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

struct ScaffoldPack {
  std::string name;
  std::string display_name;
  std::string description;
  std::string category;
  std::string icon;
  std::string author;
  std::string persona_template_id;
  std::string kind = "declarative";  ///< or `skill`
  std::string into;  ///< absolute directory to put `<into>/<name>`; empty: the home's extensions
  struct Reply {
    std::string path;
    std::vector<std::string> files_created;
  };
  static constexpr OperationInfo info{.name = "pluginPack:scaffold", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const { return {"pack", name}; }
};

struct InstallOptions {
  std::string ref;
  std::string sha256;
  std::optional<bool> enable;  ///< unset: the default of SPEC §5
  bool replace = false;
  bool allow_downgrade = false;
};

struct InstallReply {
  std::string pack_name;
  std::string path;
  PackManifest manifest;
  std::size_t skill_count = 0;
  std::size_t agent_count = 0;
  std::string sha256;
  std::string tree_sha256;
};

/// From a directory (or, with a fetcher, an archive) of this machine.
struct InstallPack {
  std::string path;
  InstallOptions options;
  using Reply = InstallReply;
  static constexpr OperationInfo info{.name = "pluginPack:install", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const { return {"pack", path}; }
};

struct InstallPackFromGit {
  std::string url;
  InstallOptions options;
  using Reply = InstallReply;
  static constexpr OperationInfo info{.name = "pluginPack:installGit", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const;  ///< the address without credentials
};

struct InstallPackFromUrl {
  std::string url;
  InstallOptions options;
  using Reply = InstallReply;
  static constexpr OperationInfo info{.name = "pluginPack:installUrl", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const;
};

struct UninstallPack {
  std::string name;
  struct Reply {
    std::string pack_name;
  };
  static constexpr OperationInfo info{.name = "pluginPack:uninstall", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const { return {"pack", name}; }
};

/// Nested: may this pack become visible? Asked between staging and publishing.
struct AdmitPack {
  std::string name;
  std::string alias = {};
  Scope scope = Scope::user;
  std::string source_kind = {};  ///< as LockRecord::source_kind, or `scaffold`
  const PackManifest* manifest = nullptr;  ///< borrowed for the time of the call; may be null when only the id is known
  struct Reply {};
  static constexpr OperationInfo info{.name = "pack:admit", .nested = true};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", name}; }
};

/// Nested, and the question behind every list and `explain`: may this pack of the catalog contribute? When a host starts,
/// declarative packs are judged by this question only; it runs as an operation when a pack becomes active in a running host.
/// A refusal inside intercept() puts the pack into state `error` for as long as this host runs; refuse in judge() to hold.
struct ActivatePack {
  std::string name;
  struct Reply {};
  static constexpr OperationInfo info{.name = "pack:activate", .nested = true};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", name}; }
};

struct DeactivatePack {
  std::string name;
  struct Reply {};
  static constexpr OperationInfo info{.name = "pack:deactivate", .nested = true, .refusable = false};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", name}; }
};

/// May the application run this connector? The host itself never runs one.
struct UseConnector {
  std::string connector_id;
  struct Reply {
    std::string connector_id;
  };
  static constexpr OperationInfo info{.name = "connector:use"};
  Result<void> validate() const;
  Subject subject() const { return {"connector", connector_id}; }
};

/// `https://user:secret@host/x?token=y` → `https://***@host/x?***`: what may be shown and written down of an address.
std::string masked_address(std::string_view address);

}  // namespace cowork
