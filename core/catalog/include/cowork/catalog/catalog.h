// The catalog: every pack that was found, after the one rule of precedence (SPEC §4). Immutable once built; readers
// hold a shared_ptr and never see half a scan.
//
// Threads: a const Catalog may be read by many threads.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cowork/catalog/scope.h"
#include "cowork/manifest/manifest.h"

namespace cowork {

/// One pack as it was found.
struct PackRecord {
  Scope scope = Scope::user;
  std::string alias;            ///< the directory's name
  std::string path;             ///< absolute
  PackManifest manifest;        ///< without long text
  std::string manifest_sha256;  ///< of the manifest's bytes: long text that is read again must still have it
  /// Why the pack is listed but can't be active (`state: "error"`): a `main` that is no library, an unmet
  /// coworkVersion...
  std::optional<Error> fault;

  const std::string& name() const noexcept { return manifest.name; }
  bool is_native() const noexcept { return !manifest.main.empty(); }
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
  std::vector<PackRecord> packs;  ///< by directory name, bytewise
  /// Names of directories that are no usable pack (and their manifests' names, where those could be read): they stay
  /// reserved against the tiers below, so that a broken pack can't be replaced from there.
  std::vector<std::string> reserved;
  std::vector<Diagnostic> diagnostics;
};

struct TierStatus {
  Scope scope = Scope::user;
  std::string path;
  bool readable = true;
  bool trusted = false;
  std::string untrusted_reason;
  std::size_t packs = 0;
  /// Names and aliases this tier holds against the tiers below it, sorted; kept from the last successful reading of the
  /// same path while unreadable.
  std::vector<std::string> reserved;
  /// True when `reserved` is known: the tier was read, now or before.
  bool ever_read = false;
};

class Catalog {
 public:
  /// Applies precedence and reserved names (SPEC §4). `previous` supplies the reserved ids of tiers that can't be read
  /// now. At most one of `tiers` is of each scope, in any order; a scope that is missing is an empty tier. Adds the
  /// diagnostics `shadowed`, `tier-unreadable` (unless the findings have it) and `duplicate-contribution`.
  static std::shared_ptr<const Catalog> build(std::vector<TierFindings> tiers, const Catalog* previous);

  /// Builtin, organization, user; inside a tier by directory name.
  const std::vector<PackRecord>& packs() const noexcept { return packs_; }
  std::size_t size() const noexcept { return packs_.size(); }
  const PackRecord& operator[](std::size_t index) const noexcept { return packs_[index]; }

  /// By name, byte for byte.
  std::optional<std::size_t> find(std::string_view name) const noexcept;
  /// By name, or by an alias that exactly one pack of the builtin and organization tiers has.
  std::optional<std::size_t> resolve(std::string_view id) const noexcept;
  /// True when a tier above `scope` holds `id` as a name or alias.
  bool is_reserved(std::string_view id, Scope scope) const noexcept;

  const std::vector<TierStatus>& tiers() const noexcept { return tiers_; }
  const TierStatus& tier(Scope scope) const noexcept { return tiers_[static_cast<std::size_t>(scope)]; }
  /// In the order in which they were found: what was refused, shadowed or strange.
  const std::vector<Diagnostic>& diagnostics() const noexcept { return diagnostics_; }
  /// Unique in this process; a newer catalog has a greater one.
  std::uint64_t revision() const noexcept { return revision_; }

 private:
  Catalog() = default;
  friend class CatalogBuilder;

  std::vector<PackRecord> packs_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
  std::unordered_map<std::string_view, std::size_t> by_alias_;  ///< unambiguous ones of builtin and organization
  std::vector<TierStatus> tiers_;
  std::vector<Diagnostic> diagnostics_;
  std::uint64_t revision_ = 0;
};

}  // namespace cowork
