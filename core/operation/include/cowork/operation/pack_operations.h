// The operations on packs that every host has (SPEC §7). How they look in JSON is written in core/host/json/.
#pragma once

#include <optional>
#include <string>

#include "cowork/operation/contribution_operations.h"
#include "cowork/operation/install_operations.h"
#include "cowork/operation/nested_operations.h"
#include "cowork/operation/operation.h"
#include "cowork/operation/pack.h"

namespace cowork {

struct ListPacks {
  using Reply = PackList;
  static constexpr OperationInfo info{.name = "pluginPack:list", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct GetPack {
  std::string name;
  using Reply = std::optional<Pack>;
  static constexpr OperationInfo info{.name = "pluginPack:get", .pace = Pace::memory};
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

}  // namespace cowork
