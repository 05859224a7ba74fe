// Pack: a pack as it is shown, with what policy and toggles say. A snapshot and an index, so that copying one is cheap
// and storage can change without callers noticing.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/base/rare_text.h"
#include "cowork/catalog/catalog.h"
#include "cowork/operation/verdict.h"
#include "cowork/state/lock_records.h"
#include "cowork/state/toggles.h"

namespace cowork {

enum class PackState : std::uint8_t { active, discovered, disabled, quarantined, error };
std::string_view to_string(PackState state) noexcept;

struct ToolSummary {
  std::string name;
  std::string description;
  json::Value input_schema;  ///< JSON Schema as the pack gave it; null for none
};

/// What stands beside each pack of a catalog, per (catalog, judges, toggles) revision.
struct PackFlags {
  PackState state = PackState::disabled;
  bool enabled = false;
  bool policy_blocked = false;
  bool policy_required = false;
  bool changed = false;    ///< its files are not those that were installed: `state` is error
  RareText policy_reason;  ///< `blocked`, `not-allowed`, `policy-unavailable`, or what another judge gave; empty
                           ///< when permitted
  RareText error;          ///< why `state` is error or quarantined, or why a native pack is not loaded; else empty
  /// Of a native pack that runs; null for all others.
  std::shared_ptr<const std::vector<ToolSummary>> tool_list;

  const std::vector<ToolSummary>& tools() const noexcept {
    static const std::vector<ToolSummary> none;
    return tool_list ? *tool_list : none;
  }
};

/// One consistent state of a host's packs. Immutable.
struct PackTable {
  std::shared_ptr<const Catalog> catalog;
  std::shared_ptr<const Toggles> toggles;
  std::shared_ptr<const LockRecords> locks;
  std::vector<PackFlags> flags;                 ///< parallel to catalog->packs()
  std::vector<std::string> blocked_connectors;  ///< sorted ids, of all connectors that the catalog knows
};

class Pack {
 public:
  Pack(std::shared_ptr<const PackTable> table, std::size_t index) : table_(std::move(table)), index_(index) {}

  const PackTable& table() const noexcept { return *table_; }
  std::size_t index() const noexcept { return index_; }
  const PackRecord& record() const noexcept { return (*table_->catalog)[index_]; }
  const PackSummary& manifest() const noexcept { return record().manifest; }
  std::string_view name() const noexcept { return record().name(); }
  Scope scope() const noexcept { return record().scope; }
  const PackFlags& flags() const noexcept { return table_->flags[index_]; }
  PackState state() const noexcept { return flags().state; }
  bool enabled() const noexcept { return flags().enabled; }
  bool skill_enabled(const SkillSummary& skill) const noexcept;
  bool connector_blocked(std::string_view connector) const noexcept;
  /// Null when no install recorded this pack.
  const LockRecord* lock_record() const noexcept { return table_->locks->find(name()); }

 private:
  std::shared_ptr<const PackTable> table_;
  std::size_t index_;
};

/// All packs, in the catalog's order.
class PackList {
 public:
  PackList() = default;
  explicit PackList(std::shared_ptr<const PackTable> table) : table_(std::move(table)) {}

  std::size_t size() const noexcept { return table_ ? table_->catalog->size() : 0; }
  Pack operator[](std::size_t index) const { return Pack(table_, index); }
  /// Diagnostics of the catalog that this list was made from.
  const std::vector<Diagnostic>& diagnostics() const noexcept { return table_->catalog->diagnostics(); }

  class Iterator {
   public:
    Iterator(const PackList* list, std::size_t index) : list_(list), index_(index) {}
    Pack operator*() const { return (*list_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const PackList* list_;
    std::size_t index_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  std::shared_ptr<const PackTable> table_;
};

}  // namespace cowork
