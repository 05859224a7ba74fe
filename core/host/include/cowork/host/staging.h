// How packs come in: fetched, put together in staging, admitted, made visible by one rename.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/host/fetching.h"
#include "cowork/manifest/manifest.h"
#include "cowork/ports/disk.h"

namespace cowork {

struct FileToWrite {
  std::string path;  ///< relative, '/'-separated
  std::string content;
};

/// A pack in staging: complete, validated, hashed, synced, not yet visible. Its destructor sweeps what was not
/// published.
class StagedPack {
 public:
  virtual ~StagedPack() = default;
  virtual const PackManifest& manifest() const noexcept = 0;
  virtual const std::string& tree_sha256() const noexcept = 0;
  virtual const std::string& sha256() const noexcept = 0;  ///< of the bytes fetched; empty for a directory
  virtual const std::string& commit() const noexcept = 0;  ///< what a git ref stood for; else empty
  /// Relative paths of the files, sorted.
  virtual const std::vector<std::string>& files() const noexcept = 0;
  /// Its files, for whoever examines them before they become visible. Errors: io.
  virtual Result<std::shared_ptr<Directory>> tree() const = 0;
  /// Makes it visible as `<target>/<name>` by one rename. `replace` exchanges it with what is there. Errors:
  /// already-exists, io.
  virtual Result<void> publish(bool replace) = 0;
  /// The path that publish() gives it.
  virtual std::string final_path() const = 0;
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
  /// The same for what `fetcher` brings, which works in a scratch directory of the staging area. Errors: those of
  /// PackFetcher::fetch, invalid-manifest, invalid-argument, io.
  virtual Result<std::unique_ptr<StagedPack>> stage_fetched(PackFetcher& fetcher, const FetchRequest& request,
                                                            const FetchControl& control,
                                                            std::string_view target_directory) = 0;
  /// Only reads and checks what stage_directory would stage: for dry runs.
  virtual Result<ParsedManifest> inspect(std::string_view source_directory) = 0;
  /// Takes `<directory>/<name>` out of sight by one rename into staging, then removes it. Errors: not-found, io.
  virtual Result<void> remove(std::string_view directory, std::string_view name) = 0;
  /// Removes leftovers of killed installs below `target_directory`.
  virtual void sweep(std::string_view target_directory) = 0;
};

}  // namespace cowork
