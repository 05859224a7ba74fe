// What the host asks of loaders. Core knows no loader: assembly hands these in.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/catalog/catalog.h"
#include "cowork/host/staging.h"
#include "cowork/operation/pack_operations.h"

namespace cowork {

/// Finds packs. Threads: scan() is called by one thread at a time.
class PackSource {
 public:
  virtual ~PackSource() = default;
  /// Looks at every root, in order. Never fails as a whole: what went wrong is in the findings' diagnostics. A pack
  /// that stands in `known`, the catalog of the scan before (or null), may be taken from it when its files surely are
  /// those that were read; its storage is then to be found in the findings.
  virtual std::vector<TierFindings> scan(const std::vector<TierRoot>& roots, const Catalog* known) = 0;
  /// Reads a pack's manifest again, for its long text. Errors: integrity when it no longer has
  /// `record.manifest_hash`, io.
  virtual Result<ParsedManifest> read_again(const PackRecord& record) = 0;
  /// The whole skill with its prompt, inline or from its SKILL.md.
  virtual Result<Skill> read_skill(const PackRecord& record, std::string_view skill_id) = 0;
  /// The hash of the whole tree at the absolute path `directory` as it is now (LockRecord::tree_sha256). Errors:
  /// not-found, invalid-argument (something that no pack may hold), io.
  virtual Result<std::string> tree_sha256(std::string_view directory) = 0;
};

/// Makes the files of a new pack. Pure.
class PackScaffolder {
 public:
  virtual ~PackScaffolder() = default;
  /// Errors: invalid-argument for an unknown kind (the message lists the known ones).
  virtual Result<std::vector<FileToWrite>> files(const ScaffoldPack& options) const = 0;
};

}  // namespace cowork
