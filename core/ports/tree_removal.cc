#include "tree_removal.h"

#include <dirent.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "path_rules.h"

namespace cowork::ports {
namespace {

constexpr int listable = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

struct CloseStream {
  void operator()(DIR* stream) const noexcept { ::closedir(stream); }
};

FileKind kind_of_entry(int directory, const dirent& entry) {
  if (entry.d_type == DT_REG) return FileKind::regular;
  if (entry.d_type == DT_DIR) return FileKind::directory;
  if (entry.d_type == DT_LNK) return FileKind::link;
  struct stat status {};
  if (entry.d_type != DT_UNKNOWN || ::fstatat(directory, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return FileKind::other;
  }
  return kind_of(status.st_mode);
}

/// One directory on the way down to the one that is being emptied.
struct Level {
  dev_t device = 0;
  ino_t inode = 0;
  std::string name;                    // in the level above
  std::vector<std::string> remaining;  // directories in it
};

/// Walks down and up with one open directory. The way up is "..", which a move of the directory could turn elsewhere;
/// so what it leads to must be the very directory that the way down came through.
class TreeRemoval {
 public:
  explicit TreeRemoval(const Parent& parent) : parent_(parent) {}

  Result<void> run() {
    COWORK_TRY(descend(parent_.directory, parent_.name));
    while (!levels_.empty()) {
      if (levels_.back().remaining.empty()) {
        COWORK_TRY(ascend());
      } else {
        const std::string name = std::move(levels_.back().remaining.back());
        levels_.back().remaining.pop_back();
        COWORK_TRY(descend(current_.get(), name));
      }
    }
    return {};
  }

 private:
  Error failure(int error_number) const { return failed(error_number, "remove", parent_.path); }

  /// Enters a directory and removes all in it that is none.
  Result<void> descend(int from, const std::string& name) {
    Descriptor entered(uninterrupted([&] { return ::openat(from, name.c_str(), listable); }));
    struct stat status {};
    if (!entered.valid() || ::fstat(entered.get(), &status) != 0) return fail(failure(errno));
    current_ = std::move(entered);
    Level level{status.st_dev, status.st_ino, name, {}};
    COWORK_ASSIGN(auto entries, list_directory(current_.get(), parent_.path));
    for (DirectoryEntry& entry : entries) {
      if (entry.kind == FileKind::directory) {
        level.remaining.push_back(std::move(entry.name));
      } else if (::unlinkat(current_.get(), entry.name.c_str(), 0) != 0 && errno != ENOENT) {
        return fail(failure(errno));
      }
    }
    levels_.push_back(std::move(level));
    return {};
  }

  /// Leaves the emptied directory and removes it.
  Result<void> ascend() {
    const std::string name = std::move(levels_.back().name);
    levels_.pop_back();
    int above = parent_.directory;
    if (!levels_.empty()) {
      Descriptor left(uninterrupted([&] { return ::openat(current_.get(), "..", listable); }));
      struct stat status {};
      if (!left.valid() || ::fstat(left.get(), &status) != 0) return fail(failure(errno));
      if (status.st_dev != levels_.back().device || status.st_ino != levels_.back().inode) {
        return fail(Error::io("cannot remove " + named(parent_.path) + ": a directory in it was moved meanwhile"));
      }
      current_ = std::move(left);
      above = current_.get();
    }
    if (::unlinkat(above, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) return fail(failure(errno));
    return {};
  }

  const Parent& parent_;
  Descriptor current_;
  std::vector<Level> levels_;
};

/// By way of pointers: entries are not moved more than once.
std::vector<DirectoryEntry> sorted_by_name(std::vector<DirectoryEntry>& entries) {
  std::vector<std::pair<std::string_view, DirectoryEntry*>> order;
  order.reserve(entries.size());
  for (DirectoryEntry& entry : entries) order.emplace_back(entry.name, &entry);
  std::sort(order.begin(), order.end());
  std::vector<DirectoryEntry> sorted;
  sorted.reserve(entries.size());
  for (const auto& [name, entry] : order) sorted.push_back(std::move(*entry));
  return sorted;
}

}  // namespace

Result<std::vector<DirectoryEntry>> list_directory(int directory, std::string_view path) {
  // A description of its own: the position of `directory` is shared by all who hold it.
  Descriptor own(uninterrupted([&] { return ::openat(directory, ".", listable); }));
  if (!own.valid()) return fail(failed(errno, "list", path));
  const std::unique_ptr<DIR, CloseStream> stream(::fdopendir(own.get()));
  if (!stream) return fail(failed(errno, "list", path));
  own.release();
  std::vector<DirectoryEntry> entries;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr && errno == 0) break;
    if (entry == nullptr) return fail(failed(errno, "list", path));
    std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    entries.push_back({std::move(name), kind_of_entry(::dirfd(stream.get()), *entry)});
  }
  return sorted_by_name(entries);
}

Result<void> remove_tree(const Parent& parent) {
  struct stat status {};
  if (::fstatat(parent.directory, parent.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return fail(failed(errno, "remove", parent.path));
  }
  const bool directory = S_ISDIR(status.st_mode);
  // An empty directory goes without being opened, also where there are no descriptors left to clean up with.
  if (::unlinkat(parent.directory, parent.name.c_str(), directory ? AT_REMOVEDIR : 0) == 0) return {};
  if (directory && (errno == ENOTEMPTY || errno == EEXIST)) return TreeRemoval(parent).run();
  return fail(failed(errno, "remove", parent.path));
}

}  // namespace cowork::ports
