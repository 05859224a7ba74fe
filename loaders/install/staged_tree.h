// A pack in the making.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cowork/host/loading.h"
#include "cowork/loaders/pack_tree.h"
#include "cowork/loaders/tree_hash.h"
#include "staging_area.h"
#include "target_directory.h"

namespace cowork::loaders {

/// Writes a tree into staging, entry by entry, then checks what came of it.
class StagedTree final : public TreeWriter {
 public:
  /// `shown_root` begins paths in messages: where the tree comes from. Errors: io, invalid-argument.
  static Result<std::unique_ptr<StagedTree>> make(std::shared_ptr<Disk> disk, std::string_view target,
                                                  std::string shown_root);
  /// A directory's parent must be added before it, a file's directory before the file. Errors: invalid-argument, io.
  Result<void> add_directory(const std::string& path) override;
  Result<void> add_file(const std::string& path, std::string_view bytes, bool executable) override;

  /// Makes a scratch directory (0700) in the staging area, for a fetcher; its path. Errors: io.
  Result<std::string> make_scratch();

  std::string tree_sha256() const { return hash_.finish(); }

  /// Syncs and reads what was written, which came from `origin`. Ends the life of `tree`. Errors: invalid-manifest, io.
  static Result<std::unique_ptr<StagedPack>> finish(std::unique_ptr<StagedTree> tree, FetchResult origin = {});

 private:
  friend class PackInStaging;
  StagedTree(std::unique_ptr<TargetDirectory> target, std::unique_ptr<StagingArea> area, std::string shown_root)
      : target_(std::move(target)), area_(std::move(area)), shown_root_(std::move(shown_root)), rule_(shown_root_) {}
  std::string staged(std::string_view path) const;
  Result<void> sync_directories();

  // In this order, so that the area is gone when the target looks whether it is empty.
  std::unique_ptr<TargetDirectory> target_;
  std::unique_ptr<StagingArea> area_;
  std::string shown_root_;
  TreeRule rule_;
  TreeHash hash_;
  std::vector<std::string> directories_;
  std::vector<std::string> files_;
};

}  // namespace cowork::loaders
