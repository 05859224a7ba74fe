#include "target_directory.h"

#include <string_view>

namespace cowork::loaders {
namespace {

std::string_view without_slashes(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return without_slashes(path.substr(0, slash == 0 || slash == std::string_view::npos ? 1 : slash));
}

/// `path` and those above it that do not exist, deepest first.
std::vector<std::string> missing_directories(const Disk& disk, std::string_view path) {
  std::vector<std::string> missing;
  for (path = without_slashes(path); path.size() > 1; path = parent_of(path)) {
    const auto opened = disk.open(path);
    if (opened || opened.error().code() != ErrorCode::not_found) break;
    missing.emplace_back(path);
  }
  return missing;
}

bool is_empty(const Disk& disk, std::string_view path) {
  const auto directory = disk.open(path);
  if (!directory) return false;
  const auto entries = (*directory)->entries();
  return entries && entries->empty();
}

}  // namespace

Result<std::unique_ptr<TargetDirectory>> TargetDirectory::open(std::shared_ptr<Disk> disk, std::string_view path) {
  std::vector<std::string> missing = missing_directories(*disk, path);
  COWORK_ASSIGN(auto directory, disk->open_or_make(path, 0700));
  return std::unique_ptr<TargetDirectory>(
      new TargetDirectory(std::move(disk), std::move(directory), std::move(missing)));
}

// Whoever installs here at the same time holds a lock file in it, so that it is not empty.
TargetDirectory::~TargetDirectory() {
  for (const std::string& path : made_) {
    if (!is_empty(*disk_, path)) return;
    const auto parent = disk_->open(parent_of(path));
    if (!parent || !(*parent)->remove(path.substr(path.rfind('/') + 1))) return;
  }
}

}  // namespace cowork::loaders
