// Operations on the pack registry: the catalog of packs that can be installed. They change nothing; installing an entry
// is an ordinary install. Errors of all of them: those of PackRegistry::catalog (core/host).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cowork/operation/operation.h"

namespace cowork {

/// One entry of `pack-catalog.json`. Optional members are empty where the catalog has none.
struct RegistryEntry {
  std::string id;
  std::string name;
  std::string display_name;
  std::string description;
  std::string version;  ///< SemVer 2.0.0
  std::string author;
  std::string icon, category;
  std::vector<std::string> tags;
  std::string git_url, download_url;  ///< https
  std::string sha256;                 ///< of what download_url brings, or of the tree that git_url brings
  std::optional<std::uint64_t> skill_count, agent_count;
};

struct SearchRegistry {
  static constexpr std::int64_t default_page_size = 20, largest_page_size = 100;
  std::string query;  ///< in any of id, name, display name, description, tags, category; empty: all
  std::int64_t page = 1;
  std::int64_t page_size = default_page_size;
  std::string category;  ///< empty: any; else equal, whatever its case
  struct Reply {
    std::string query;
    std::size_t total = 0;  ///< on all pages
    std::int64_t page = 1;
    std::int64_t page_size = default_page_size;
    std::vector<RegistryEntry> results;  ///< best match first
  };
  static constexpr OperationInfo info{.name = "pluginPack:registrySearch", .pace = Pace::unbounded};
  Result<void> validate() const;
  Subject subject() const { return {}; }
};

struct GetRegistryDetails {
  std::string pack_id;
  using Reply = std::optional<RegistryEntry>;  ///< none when the catalog has no such id
  static constexpr OperationInfo info{.name = "pluginPack:registryDetails", .pace = Pace::unbounded};
  Result<void> validate() const;
  Subject subject() const { return {"pack", pack_id}; }
};

struct GetRegistryCategories {
  using Reply = std::vector<std::string>;  ///< sorted, each once
  static constexpr OperationInfo info{.name = "pluginPack:registryCategories", .pace = Pace::unbounded};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

/// User packs whose registry entry (by name) has a greater version, in the catalog's order.
struct CheckUpdates {
  struct Update {
    std::string name;
    std::string current_version;
    std::string latest_version;
  };
  using Reply = std::vector<Update>;
  static constexpr OperationInfo info{.name = "pluginPack:checkUpdates", .pace = Pace::unbounded};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

}  // namespace cowork
