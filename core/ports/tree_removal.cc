#include "tree_removal.h"

#include <dirent.h>

#include <algorithm>
#include <deque>
#include <memory>

#include "cowork/base/compact.h"
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

struct Listed {
  std::string_view name;
  FileKind kind;
  std::uint64_t begins;  ///< the first bytes of the name behind what all have in common, as a number in their order
};

/// No block of it is large: what a listing takes for a while is not to be what malloc() keeps from then on.
using Listing = std::deque<Listed>;

std::size_t shared_beginning(const Listing& listed) {
  std::string_view shared = listed.empty() ? std::string_view() : listed.front().name;
  for (const Listed& one : listed) {
    const auto [end, other] = std::mismatch(shared.begin(), shared.end(), one.name.begin(), one.name.end());
    shared = shared.substr(0, static_cast<std::size_t>(end - shared.begin()));
  }
  return shared.size();
}

/// Names hold no NUL, so that the shorter of two comes first.
std::uint64_t beginning_of(std::string_view name) {
  std::uint64_t begins = 0;
  for (std::size_t i = 0; i < sizeof begins; ++i)
    begins = begins << 8U | (i < name.size() ? static_cast<unsigned char>(name[i]) : 0U);
  return begins;
}

std::vector<DirectoryEntry> sorted_by_name(Listing& listed) {
  const std::size_t shared = shared_beginning(listed);
  for (Listed& one : listed) one.begins = beginning_of(one.name.substr(shared));
  std::sort(listed.begin(), listed.end(), [](const Listed& a, const Listed& b) {
    return a.begins != b.begins ? a.begins < b.begins : a.name < b.name;
  });
  std::vector<DirectoryEntry> entries;
  entries.reserve(listed.size());
  for (const Listed& one : listed) entries.push_back({std::string(one.name), one.kind});
  return entries;
}

}  // namespace

Result<std::vector<DirectoryEntry>> list_directory(int directory, std::string_view path) {
  // A description of its own: the position of `directory` is shared by all who hold it.
  Descriptor own(uninterrupted([&] { return ::openat(directory, ".", listable); }));
  if (!own.valid()) return fail(failed(errno, "list", path));
  const std::unique_ptr<DIR, CloseStream> stream(::fdopendir(own.get()));
  if (!stream) return fail(failed(errno, "list", path));
  own.release();
  Arena names;
  Listing listed;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr && errno == 0) break;
    if (entry == nullptr) return fail(failed(errno, "list", path));
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    auto* const kept = reinterpret_cast<char*>(names.allocate(name.size()));
    name.copy(kept, name.size());
    listed.push_back({{kept, name.size()}, kind_of_entry(::dirfd(stream.get()), *entry), 0});
  }
  return sorted_by_name(listed);
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
