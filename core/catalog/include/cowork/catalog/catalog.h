// The catalog: every pack that was found, after the one rule of precedence (SPEC §4). Immutable once built; readers
// hold a shared_ptr and never see half a scan.
//
// Threads: a const Catalog may be read by many threads.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cowork/base/flat_index.h"
#include "cowork/catalog/scope.h"
#include "cowork/manifest/pack_summary.h"

namespace cowork {

/// A pack as a source found it.
struct FoundPack {
  std::string alias;            ///< the directory's name
  PackManifest manifest;        ///< long text is not looked at
  ContentHash manifest_hash{};  ///< of the manifest's bytes
  /// Why the pack is listed but can't be active (`state: "error"`): a `main` that is no library, an unmet
  /// coworkVersion...
  std::optional<Error> fault;
};

/// A pack in a catalog: one block of memory, of the PackStorage that made it. Catalogs that follow each other share
/// the records of packs that stay the same.
struct PackRecord {
  const CompactText* tier_path = nullptr;
  std::uint32_t block_bytes = 0;  ///< this record with all that belongs to it
  Scope scope = Scope::user;
  CompactText alias;  ///< the directory's name
  PackSummary manifest;
  ContentHash manifest_hash{};  ///< of the manifest's bytes: long text that is read again must still have it

  std::string_view name() const noexcept { return manifest.name; }
  bool is_native() const noexcept { return !manifest.main.empty(); }
  /// Of its directory, absolute.
  std::string path() const { return tier_path->str().append("/").append(alias.view()); }
  /// Whether both were read from the same place, and the same bytes.
  bool same_as(const PackRecord& other) const noexcept;
};

/// Where records lie, those of one tier and one reader. Threads: one adds; records may be read by many.
class PackStorage {
 public:
  PackStorage(Scope scope, std::string_view tier_path);
  PackStorage(const PackStorage&) = delete;
  PackStorage& operator=(const PackStorage&) = delete;

  /// Stays as long as the storage.
  const PackRecord& add(const FoundPack& found);
  /// A copy of one of the same tier's.
  const PackRecord& add(const PackRecord& record);
  Scope scope() const noexcept { return scope_; }
  std::size_t bytes() const noexcept { return arena_.bytes(); }

 private:
  Scope scope_;
  Arena arena_;
  BlockWriter block_;
  const CompactText* tier_path_;
};

/// Where to look for one tier. Made by whoever assembles the host.
struct TierRoot {
  Scope scope = Scope::user;
  std::string path;
  /// True where somebody named this directory, so that its absence is a diagnostic; false for a default place that may
  /// be missing.
  bool configured = false;

  bool operator==(const TierRoot&) const = default;
};

/// What a pack source found in one tier, before precedence.
struct TierFindings {
  TierRoot root;
  bool readable = true;  ///< false: the directory exists (or was configured) and could not be read
  bool trusted = false;  ///< SPEC §1 "Trusted directory", for the root and everything taken from it
  std::string untrusted_reason;
  struct Entry {
    const PackRecord* record;
    std::shared_ptr<const Error> fault;  ///< as FoundPack::fault; null for nearly all
    /// What `diagnostics` below has of this pack, kept for whoever scans next; null where there is nothing.
    std::shared_ptr<const std::vector<Diagnostic>> remarks;
    /// Of the files' identities, sizes and times, for whoever scans next; 0: nothing to rely on.
    std::uint64_t stamp = 0;

    /// Not what these say, but whether they are the very same.
    bool operator==(const Entry&) const = default;
  };
  std::vector<Entry> packs;                                 ///< by directory name, bytewise
  std::vector<std::shared_ptr<const PackStorage>> storage;  ///< of all `packs`
  /// Names of directories that are no usable pack (and their manifests' names, where those could be read): they stay
  /// reserved against the tiers below, so that a broken pack can't be replaced from there.
  std::vector<std::string> reserved;
  std::vector<Diagnostic> diagnostics;

  /// Puts a pack behind the others, in a storage of these findings' own. `root` has to be set.
  void add(FoundPack found);

 private:
  std::shared_ptr<PackStorage> own_storage_;
};

struct TierStatus {
  Scope scope = Scope::user;
  std::string path;
  bool readable = true;
  bool trusted = false;
  std::string untrusted_reason;
  std::size_t packs = 0;
  /// Names and aliases that this tier holds against the tiers below it beside those of its packs in the catalog,
  /// sorted; while it is unreadable, all of the last successful reading of the same path.
  std::vector<std::string> reserved;
  /// True when `reserved` is known: the tier was read, now or before.
  bool ever_read = false;

  bool operator==(const TierStatus&) const = default;
};

/// The packs of a catalog, for loops.
class PackRecords {
 public:
  class Iterator {
   public:
    using value_type = PackRecord;
    using difference_type = std::ptrdiff_t;
    using pointer = const PackRecord*;
    using reference = const PackRecord&;
    using iterator_category = std::forward_iterator_tag;
    Iterator() = default;
    explicit Iterator(const PackRecord* const* at) : at_(at) {}
    const PackRecord& operator*() const noexcept { return **at_; }
    const PackRecord* operator->() const noexcept { return *at_; }
    Iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    Iterator operator++(int) noexcept { return Iterator(at_++); }
    bool operator==(const Iterator&) const = default;

   private:
    const PackRecord* const* at_ = nullptr;
  };

  explicit PackRecords(const std::vector<const PackRecord*>& packs) : packs_(&packs) {}
  Iterator begin() const noexcept { return Iterator(packs_->data()); }
  Iterator end() const noexcept { return Iterator(packs_->data() + packs_->size()); }
  std::size_t size() const noexcept { return packs_->size(); }
  bool empty() const noexcept { return packs_->empty(); }
  const PackRecord& operator[](std::size_t index) const noexcept { return *(*packs_)[index]; }

 private:
  const std::vector<const PackRecord*>* packs_;
};

class Catalog {
 public:
  /// Applies precedence and reserved names (SPEC §4). `previous` supplies the reserved ids of tiers that can't be read
  /// now. At most one of `tiers` is of each scope, in any order; a scope that is missing is an empty tier. Adds the
  /// diagnostics `shadowed`, `tier-unreadable` (unless the findings have it) and `duplicate-contribution`.
  ///
  /// What says the same as `previous` keeps its revision; where even its records and stamps are the same, `previous`
  /// itself is returned.
  static std::shared_ptr<const Catalog> build(std::vector<TierFindings> tiers,
                                              const std::shared_ptr<const Catalog>& previous);

  /// Builtin, organization, user; inside a tier by directory name.
  PackRecords packs() const noexcept { return PackRecords(packs_); }
  std::size_t size() const noexcept { return packs_.size(); }
  const PackRecord& operator[](std::size_t index) const noexcept { return *packs_[index]; }
  /// Why the pack at `index` can't be active; null: nothing here stands in its way.
  const Error* fault(std::size_t index) const noexcept;
  /// The pack at `index` as it was found.
  TierFindings::Entry entry(std::size_t index) const noexcept;
  /// Where the records of a tier lie: whoever takes some over has to keep it.
  std::vector<std::shared_ptr<const PackStorage>> storage(Scope scope) const;

  /// By name, byte for byte.
  std::optional<std::size_t> find(std::string_view name) const noexcept;
  /// By name, or by an alias that exactly one pack of the builtin and organization tiers has.
  std::optional<std::size_t> resolve(std::string_view id) const noexcept;
  /// True when a tier above `scope` holds `id` as a name or alias.
  bool is_reserved(std::string_view id, Scope scope) const noexcept;
  /// All names and aliases that a tier holds, sorted.
  std::vector<std::string> reserved(Scope scope) const;

  const std::vector<TierStatus>& tiers() const noexcept { return tiers_; }
  const TierStatus& tier(Scope scope) const noexcept { return tiers_[static_cast<std::size_t>(scope)]; }
  /// In the order in which they were found: what was refused, shadowed or strange.
  const std::vector<Diagnostic>& diagnostics() const noexcept { return diagnostics_; }
  /// Unique in this process to what the catalog says; a newer catalog that says something else has a greater one.
  std::uint64_t revision() const noexcept { return revision_; }

 private:
  Catalog() = default;
  friend class CatalogBuilder;
  bool repeats(const std::vector<TierFindings>& tiers) const noexcept;
  bool says_the_same(const Catalog& other) const noexcept;

  std::vector<const PackRecord*> packs_;
  std::vector<std::uint64_t> stamps_;  ///< parallel to packs_
  /// Entries that have a fault or remarks, by index, sorted.
  std::vector<std::pair<std::size_t, TierFindings::Entry>> remarked_;
  std::vector<std::shared_ptr<const PackStorage>> storage_;
  std::vector<std::pair<std::size_t, Error>> faults_;  ///< by index, sorted
  FlatIndex by_name_;
  FlatIndex by_alias_;  ///< of builtin and organization; empty where each is the name of its pack
  std::vector<TierStatus> tiers_;
  std::vector<Diagnostic> diagnostics_;
  std::uint64_t revision_ = 0;
};

}  // namespace cowork
