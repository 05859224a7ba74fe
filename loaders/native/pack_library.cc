#include "pack_library.h"

#include <fmt/format.h>

#include "cowork/base/json_reader.h"
#include "cowork/base/sha256.h"
#include "cowork/base/text.h"
#include "cowork/loaders/library_file.h"
#include "cowork/loaders/pack_files.h"
#include "cowork/loaders/pack_tree.h"
#include "cowork/loaders/tree_hash.h"
#include "elf_check.h"

namespace cowork::loaders {
namespace {

constexpr std::uint32_t owner_may_execute = 0100;

Error unreadable(const FileProblem& problem) {
  Error error = problem.kind == FileProblem::Kind::failed ? Error::io(problem.message)
                                                          : Error::invalid_manifest(problem.message, SourcePlace{});
  return std::move(error).with_place(SourcePlace{problem.path, 0, 0, {}});
}

Error changed(const PackRecord& pack, std::string_view what, std::string_view remedy) {
  return Error(ErrorCode::integrity, fmt::format("{} of pack {} has changed", what, quoted(pack.name())))
      .with_place(SourcePlace{pack.path(), 0, 0, {}})
      .with_remedy(std::string(remedy));
}

Result<ParsedManifest> read_manifest(const PackFiles& files, const PackRecord& pack) {
  const auto text = files.read(manifest_file_name, json::manifest_limits.max_bytes);
  if (!text) return fail(unreadable(text.error()));
  if (content_hash(*text) != pack.manifest_hash) {
    return fail(changed(pack, "the manifest", "reload the packs, then try again"));
  }
  return parse_manifest(*text, files.shown(manifest_file_name));
}

/// The hash of the tree with these bytes for the library, which is not read again: what is compared is what will be
/// loaded.
Result<std::string> tree_with(const Directory& root, std::string_view library, std::string_view bytes,
                              std::string_view sha256) {
  COWORK_ASSIGN(const auto entries, list_tree(root, root.path(), false));
  TreeHash hash;
  for (const TreeEntry& entry : entries) {
    if (entry.kind != FileKind::regular) continue;
    if (entry.path == library) {
      hash.add_hashed(entry.path, entry.executable, bytes.size(), sha256);
      continue;
    }
    FileStatus status;
    COWORK_ASSIGN(const std::string read, root.read(entry.path, max_tree_bytes, &status));
    hash.add(entry.path, (status.mode & owner_may_execute) != 0, read);
  }
  return hash.finish();
}

}  // namespace

Result<PackLibrary> read_pack_library(const Disk& disk, const PackRecord& pack, const LockRecord* lock_record) {
  COWORK_ASSIGN(const auto root, disk.open(pack.path()));
  const PackFiles files(*root, {}, pack.path(), nullptr);
  COWORK_ASSIGN(ParsedManifest manifest, read_manifest(files, pack));
  const auto path = find_library(files, manifest.manifest.main);
  if (!path) return fail(unreadable(path.error()));
  auto bytes = files.read(*path, max_tree_bytes);
  if (!bytes) return fail(unreadable(bytes.error()));
  std::string sha256 = sha256_hex(*bytes);
  if (lock_record != nullptr && !lock_record->tree_sha256.empty()) {
    COWORK_ASSIGN(const std::string now, tree_with(*root, *path, *bytes, sha256));
    if (now != lock_record->tree_sha256) {
      return fail(changed(pack, "the tree", "cowork pack verify " + std::string(pack.name())));
    }
  }
  std::string shown = files.shown(*path);
  if (const auto fault = fault_of_elf(*bytes)) {
    return fail(
        Error::invalid_manifest(fmt::format("{} is no library of a pack for this host: {}", quoted(*path), *fault),
                                SourcePlace{shown, 0, 0, {}}));
  }
  return PackLibrary{std::move(manifest), std::move(shown), *std::move(bytes), std::move(sha256)};
}

}  // namespace cowork::loaders
