// Operations that bring packs in and take them out (SPEC §7).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cowork/manifest/manifest.h"
#include "cowork/operation/operation.h"
#include "cowork/state/scan_report.h"

namespace cowork {

struct ScaffoldPack {
  std::string name;
  std::string display_name;
  std::string description;
  std::string category;
  std::string icon;
  std::string author;
  std::string persona_template_id;
  std::string kind = "declarative";  ///< or `skill`, `native`, `interceptor`
  std::string into;                  ///< absolute directory to put `<into>/<name>`; empty: the home's extensions
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
  /// What the pack must be called, when the caller knows: whatever else comes is `conflict`. Empty: any name.
  std::string name = {};
};

struct InstallReply {
  std::string pack_name;
  std::string path;
  PackManifest manifest;
  std::size_t skill_count = 0;
  std::size_t agent_count = 0;
  std::string sha256;
  std::string tree_sha256;
  std::shared_ptr<const ScanReport> scan = {};  ///< null where nobody examined it
};

/// From a directory or (with a fetcher) an archive of this machine.
struct InstallPack {
  std::string path;
  InstallOptions options;
  using Reply = InstallReply;
  static constexpr OperationInfo info{.name = "pluginPack:install", .effect = Effect::mutate, .pace = Pace::unbounded};
  Result<void> validate() const;
  Subject subject() const { return {"pack", path}; }
};

struct InstallPackFromGit {
  std::string url;
  InstallOptions options;
  using Reply = InstallReply;
  static constexpr OperationInfo info{
      .name = "pluginPack:installGit", .effect = Effect::mutate, .pace = Pace::unbounded};
  Result<void> validate() const;
  Subject subject() const;  ///< the address without credentials
};

struct InstallPackFromUrl {
  std::string url;
  InstallOptions options;
  using Reply = InstallReply;
  static constexpr OperationInfo info{
      .name = "pluginPack:installUrl", .effect = Effect::mutate, .pace = Pace::unbounded};
  Result<void> validate() const;
  Subject subject() const;
};

/// Again from the source that its lock record names; the ref of the record unless `options` has one. Errors: not-found
/// (no such pack, or no record of where it came from), conflict (the source holds a pack of another name now, or a
/// lower version), and those of an install from there.
struct UpdatePack {
  std::string name;  ///< of a user pack
  InstallOptions options;
  struct Reply {
    InstallReply installed;
    std::string previous_version;
    bool changed = false;  ///< false: the tree is the same as before
  };
  static constexpr OperationInfo info{.name = "pluginPack:update", .effect = Effect::mutate, .pace = Pace::unbounded};
  Result<void> validate() const;
  Subject subject() const { return {"pack", name}; }
};

/// Compares installed packs with their lock records.
struct VerifyPacks {
  std::string name;  ///< empty: every pack that has a record
  struct Entry {
    std::string name;
    bool verified = false;
    std::string expected;  ///< treeSha256 of the lock record
    std::string found;     ///< as it is now; empty when the tree can't be read
    std::string problem;   ///< in words; empty when verified
  };
  using Reply = std::vector<Entry>;
  static constexpr OperationInfo info{.name = "pluginPack:verify", .pace = Pace::unbounded};
  Result<void> validate() const;
  Subject subject() const { return name.empty() ? Subject{} : Subject{"pack", name}; }
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

/// `https://user:secret@host/x?token=y` → `https://***@host/x?***`: what may be shown and written down of an address.
std::string masked_address(std::string_view address);

}  // namespace cowork
