#include "cowork/loaders/stager.h"

#include <fmt/format.h>

#include <set>

#include "cowork/base/text.h"
#include "cowork/loaders/pack_reader.h"
#include "cowork/operation/install_operations.h"
#include "staged_tree.h"

namespace cowork::loaders {
namespace {

constexpr std::uint32_t owner_may_execute = 0100;

/// A source that was looked through: nothing in it that a pack may not hold, and a pack that can be listed.
struct Source {
  std::shared_ptr<Directory> directory;
  std::vector<TreeEntry> entries;
  ParsedManifest parsed;
};

Result<Source> examine(const Disk& disk, std::string_view path) {
  COWORK_ASSIGN(auto directory, disk.open(path));
  // History is no part of a pack, and nobody wants its hooks.
  COWORK_ASSIGN(auto entries, list_tree(*directory, directory->path(), true));
  auto reading = read_pack(PackFiles(*directory, {}, directory->path(), nullptr));
  if (!reading) return fail(std::move(reading).error().error);
  return Source{std::move(directory), std::move(entries), std::move(reading->parsed)};
}

/// Makes the directories above `path` that `made` does not have yet.
Result<void> add_directories_above(StagedTree& tree, std::string_view path, std::set<std::string>& made) {
  for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    std::string directory(path.substr(0, slash));
    if (made.contains(directory)) continue;
    COWORK_TRY(tree.add_directory(directory));
    made.insert(std::move(directory));
  }
  return {};
}

Error wrong_hash(const FetchRequest& request, std::string_view found) {
  return Error(ErrorCode::integrity,
               fmt::format("what came from {} is not what was asked for", quoted(masked_address(request.address))))
      .with_why(fmt::format("its SHA-256 is {}, asked for was {}", found, request.sha256))
      .with_remedy("compare the hash with the one that the author of the pack has published");
}

class DirectoryStager final : public PackStager {
 public:
  explicit DirectoryStager(std::shared_ptr<Disk> disk) : disk_(std::move(disk)) {}

  Result<std::unique_ptr<StagedPack>> stage_directory(std::string_view source_directory,
                                                      std::string_view target_directory) override {
    // Everything that can be refused is refused before the first byte is written.
    COWORK_ASSIGN(const Source source, examine(*disk_, source_directory));
    COWORK_ASSIGN(auto tree, StagedTree::make(disk_, target_directory, source.directory->path()));
    for (const TreeEntry& entry : source.entries) {
      if (entry.kind == FileKind::directory) {
        COWORK_TRY(tree->add_directory(entry.path));
        continue;
      }
      FileStatus status;
      COWORK_ASSIGN(const std::string bytes, source.directory->read(entry.path, max_tree_bytes, &status));
      COWORK_TRY(tree->add_file(entry.path, bytes, (status.mode & owner_may_execute) != 0));
    }
    return StagedTree::finish(std::move(tree));
  }

  Result<std::unique_ptr<StagedPack>> stage_files(const std::vector<FileToWrite>& files,
                                                  std::string_view target_directory) override {
    COWORK_ASSIGN(auto tree, StagedTree::make(disk_, target_directory, {}));
    std::set<std::string> made;
    for (const FileToWrite& file : files) {
      COWORK_TRY(add_directories_above(*tree, file.path, made));
      COWORK_TRY(tree->add_file(file.path, file.content, false));
    }
    return StagedTree::finish(std::move(tree));
  }

  Result<std::unique_ptr<StagedPack>> stage_fetched(PackFetcher& fetcher, const FetchRequest& request,
                                                    const FetchControl& control,
                                                    std::string_view target_directory) override {
    COWORK_ASSIGN(auto tree, StagedTree::make(disk_, target_directory, {}));
    COWORK_ASSIGN(const std::string scratch, tree->make_scratch());
    COWORK_ASSIGN(FetchResult fetched, fetcher.fetch(request, scratch, *tree, control));
    const bool from_git = request.kind == FetchRequest::Kind::git;
    if (from_git) fetched.sha256 = tree->tree_sha256();
    if (!request.sha256.empty() && fetched.sha256 != request.sha256) return fail(wrong_hash(request, fetched.sha256));
    return StagedTree::finish(std::move(tree), std::move(fetched));
  }

  Result<ParsedManifest> inspect(std::string_view source_directory) override {
    COWORK_ASSIGN(Source source, examine(*disk_, source_directory));
    return std::move(source.parsed);
  }

  Result<void> remove(std::string_view directory, std::string_view name) override {
    COWORK_ASSIGN(const auto target, disk_->open(directory));
    const auto missing = [&] {
      return fail(Error::not_found(fmt::format("no pack directory {} in {}", quoted(name), quoted(target->path()))));
    };
    if (name.empty() || name.starts_with('.') || name.find('/') != std::string_view::npos) return missing();
    const auto status = target->status(name);
    if (!status && status.error().code() != ErrorCode::not_found) return fail(status.error());
    if (!status || (status->kind != FileKind::directory && status->kind != FileKind::link)) return missing();
    COWORK_ASSIGN(const auto area, StagingArea::make(target));
    // From here on it is gone; the area's end removes it for good.
    return target->rename(name, *target, area->path("removed"), RenameMode::no_replace);
  }

  void sweep(std::string_view target_directory) override {
    if (const auto target = disk_->open(target_directory)) sweep_staging(**target);
  }

 private:
  std::shared_ptr<Disk> disk_;
};

}  // namespace

std::shared_ptr<PackStager> make_pack_stager(std::shared_ptr<Disk> disk) {
  return std::make_shared<DirectoryStager>(std::move(disk));
}

}  // namespace cowork::loaders
