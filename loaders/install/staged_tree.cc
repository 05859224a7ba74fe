#include "staged_tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/text.h"
#include "cowork/loaders/pack_reader.h"

namespace cowork::loaders {
namespace {

// Within the area: the area itself is 0700, what becomes visible is 0755.
constexpr std::string_view pack_directory = "pack";
constexpr std::string_view scratch_directory = "fetch";

}  // namespace

class PackInStaging final : public StagedPack {
 public:
  PackInStaging(std::unique_ptr<StagedTree> tree, PackManifest manifest, FetchResult origin)
      : tree_(std::move(tree)),
        manifest_(std::move(manifest)),
        tree_sha256_(tree_->hash_.finish()),
        origin_(std::move(origin)),
        final_path_(join_path(tree_->target_->directory()->path(), manifest_.name)) {}

  const PackManifest& manifest() const noexcept override { return manifest_; }
  const std::string& tree_sha256() const noexcept override { return tree_sha256_; }
  const std::string& sha256() const noexcept override { return origin_.sha256; }
  const std::string& commit() const noexcept override { return origin_.commit; }
  const std::vector<std::string>& files() const noexcept override { return tree_->files_; }
  std::string final_path() const override { return final_path_; }

  Result<std::shared_ptr<Directory>> tree() const override {
    if (!tree_->area_) return fail(Error::internal(fmt::format("{} was published already", quoted(final_path_))));
    return tree_->area_->target().directory(tree_->area_->path(pack_directory));
  }

  Result<void> publish(bool replace) override {
    if (!tree_->area_) return fail(Error::internal(fmt::format("{} was published already", quoted(final_path_))));
    COWORK_TRY(move_into_sight(replace));
    tree_->target_->keep();
    tree_->area_.reset();  // what was replaced lies there now
    return {};
  }

 private:
  Result<void> move_into_sight(bool replace) {
    Directory& target = tree_->area_->target();
    const std::string staged = tree_->area_->path(pack_directory);
    // Twice, since the other one may come or go between the two ways.
    for (int attempt = 0; attempt < 2; ++attempt) {
      if (replace) {
        auto exchanged = target.rename(staged, target, manifest_.name, RenameMode::exchange);
        if (exchanged || exchanged.error().code() != ErrorCode::not_found) return exchanged;
      }
      auto moved = target.rename(staged, target, manifest_.name, RenameMode::no_replace);
      if (moved || moved.error().code() != ErrorCode::already_exists) return moved;
      if (!replace) break;
    }
    return fail(Error::already_exists(fmt::format("pack {} is installed already", quoted(manifest_.name)))
                    .with_why(fmt::format("{} exists", quoted(final_path_)))
                    .with_remedy("uninstall it first, or install with replace"));
  }

  std::unique_ptr<StagedTree> tree_;
  PackManifest manifest_;
  std::string tree_sha256_;
  FetchResult origin_;
  std::string final_path_;
};

Result<std::unique_ptr<StagedTree>> StagedTree::make(std::shared_ptr<Disk> disk, std::string_view target_path,
                                                     std::string shown_root) {
  COWORK_ASSIGN(auto target, TargetDirectory::open(std::move(disk), target_path));
  COWORK_ASSIGN(auto area, StagingArea::make(target->directory()));
  COWORK_TRY(area->target().make_directory(area->path(pack_directory), 0755));
  return std::unique_ptr<StagedTree>(new StagedTree(std::move(target), std::move(area), std::move(shown_root)));
}

std::string StagedTree::staged(std::string_view path) const {
  return area_->path(join_path(pack_directory, path));
}

Result<void> StagedTree::add_directory(const std::string& path) {
  COWORK_TRY(rule_.admit({path, FileKind::directory, 0, false}));
  COWORK_TRY(area_->target().make_directory(staged(path), 0755));
  directories_.push_back(path);
  return {};
}

Result<void> StagedTree::add_file(const std::string& path, std::string_view bytes, bool executable) {
  COWORK_TRY(rule_.admit({path, FileKind::regular, bytes.size(), executable}));
  COWORK_TRY(area_->target().write_new(staged(path), bytes, executable ? 0755 : 0644));
  hash_.add(path, executable, bytes);
  files_.push_back(path);
  return {};
}

Result<void> StagedTree::sync_directories() {
  std::sort(directories_.begin(), directories_.end(), std::greater<>());  // what lies below comes first
  directories_.emplace_back();
  for (const std::string& path : directories_) {
    COWORK_ASSIGN(const auto directory, area_->target().directory(staged(path)));
    COWORK_TRY(directory->sync());
  }
  return {};
}

Result<std::string> StagedTree::make_scratch() {
  COWORK_TRY(area_->target().make_directory(area_->path(scratch_directory), 0700));
  return join_path(area_->target().path(), area_->path(scratch_directory));
}

Result<std::unique_ptr<StagedPack>> StagedTree::finish(std::unique_ptr<StagedTree> tree, FetchResult origin) {
  // Read back, not taken from what was copied: these are the bytes that will be visible.
  auto reading =
      read_pack(PackFiles(tree->area_->target(), tree->area_->path(pack_directory), tree->shown_root_, nullptr));
  if (!reading) return fail(std::move(reading).error().error);
  COWORK_TRY(tree->sync_directories());
  std::sort(tree->files_.begin(), tree->files_.end());
  return std::make_unique<PackInStaging>(std::move(tree), std::move(reading->parsed.manifest), std::move(origin));
}

}  // namespace cowork::loaders
