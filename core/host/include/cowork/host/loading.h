// What the host asks of loaders. Core knows no loader: assembly hands these in.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/catalog/catalog.h"
#include "cowork/operation/pack_operations.h"

namespace cowork {

/// Finds packs. Threads: scan() is called by one thread at a time.
class PackSource {
 public:
  virtual ~PackSource() = default;
  /// Reads every root, in order. Never fails as a whole: what went wrong is in the findings' diagnostics.
  virtual std::vector<TierFindings> scan(const std::vector<TierRoot>& roots) = 0;
  /// Changes when something directly below a root changed (a directory added, removed or replaced). Cheap: no manifest
  /// is read.
  virtual std::uint64_t fingerprint(const std::vector<TierRoot>& roots) = 0;
  /// Reads a pack's manifest again, for its long text. Errors: integrity when it no longer has
  /// `record.manifest_sha256`, io.
  virtual Result<ParsedManifest> read_again(const PackRecord& record) = 0;
  /// The whole skill with its prompt, inline or from its SKILL.md.
  virtual Result<Skill> read_skill(const PackRecord& record, std::string_view skill_id) = 0;
};

/// A pack in staging: complete, validated, hashed, synced, not yet visible. Its destructor sweeps what was not
/// published.
class StagedPack {
 public:
  virtual ~StagedPack() = default;
  virtual const PackManifest& manifest() const noexcept = 0;
  virtual const std::string& tree_sha256() const noexcept = 0;
  virtual const std::string& sha256() const noexcept = 0;  ///< of the bytes fetched; empty for a directory
  /// Relative paths of the files, sorted.
  virtual const std::vector<std::string>& files() const noexcept = 0;
  /// Makes it visible as `<target>/<name>` by one rename. `replace` exchanges it with what is there. Errors:
  /// already-exists, io.
  virtual Result<void> publish(bool replace) = 0;
  /// The path that publish() gives it.
  virtual std::string final_path() const = 0;
};

struct FileToWrite {
  std::string path;  ///< relative, '/'-separated
  std::string content;
};

/// Brings packs into `<directory>/<name>` through staging on the same file system.
class PackStager {
 public:
  virtual ~PackStager() = default;
  /// Copies the pack at `source_directory` (absolute; regular files and directories only, links refused, bounds on
  /// files and bytes) into staging below `target_directory`. Errors: not-found, invalid-manifest, invalid-argument, io.
  virtual Result<std::unique_ptr<StagedPack>> stage_directory(std::string_view source_directory,
                                                              std::string_view target_directory) = 0;
  /// The same for files made in memory.
  virtual Result<std::unique_ptr<StagedPack>> stage_files(const std::vector<FileToWrite>& files,
                                                          std::string_view target_directory) = 0;
  /// Only reads and checks what stage_directory would stage: for dry runs.
  virtual Result<ParsedManifest> inspect(std::string_view source_directory) = 0;
  /// Takes `<directory>/<name>` out of sight by one rename into staging, then removes it. Errors: not-found, io.
  virtual Result<void> remove(std::string_view directory, std::string_view name) = 0;
  /// Removes leftovers of killed installs below `target_directory`.
  virtual void sweep(std::string_view target_directory) = 0;
};

/// Makes the files of a new pack. Pure.
class PackScaffolder {
 public:
  virtual ~PackScaffolder() = default;
  /// Errors: invalid-argument for an unknown kind (the message lists the known ones).
  virtual Result<std::vector<FileToWrite>> files(const ScaffoldPack& options) const = 0;
};

}  // namespace cowork
