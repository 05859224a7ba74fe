#include "cowork/loaders/pack_tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "folded_path.h"

namespace cowork::loaders {
namespace {

constexpr std::uint32_t owner_may_execute = 0100;
constexpr std::size_t longest_step = 255;  // of a file's name, to the system

Error refused(std::string_view path, std::string_view fault) {
  return Error::invalid_argument(fmt::format("\"{}\" {}", printable(path), fault));
}

bool is_git_directory(std::string_view step) {
  constexpr std::string_view name = ".git";
  return std::equal(step.begin(), step.end(), name.begin(), name.end(),
                    [](char c, char lower) { return (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) == lower; });
}

/// What is wrong with a path by itself, or nothing.
std::string_view fault_of(std::string_view path) {
  if (path.size() > max_tree_path_bytes) return "is longer than 512 bytes";
  if (!json::is_valid_utf8(path)) return "is no valid UTF-8";
  if (printable(path) != path) return "has control or invisible characters in its name";
  if (path.find('\\') != std::string_view::npos) return "has a backslash in its name";
  if (path.empty() || path.front() == '/') return "is no path within a pack";
  std::size_t depth = 0;
  for (std::size_t begin = 0; begin <= path.size(); ++depth) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view step = path.substr(begin, end - begin);
    if (step.empty() || step == "." || step == "..") return "is no path within a pack";
    if (step.size() > longest_step) return "has a step of more than 255 bytes";
    if (is_git_directory(step)) return "has a step named .git, which belongs to git";
    begin = end + 1;
  }
  return depth > max_tree_depth ? "lies deeper than 32 steps" : std::string_view{};
}

std::string_view fault_of(FileKind kind) {
  switch (kind) {
    case FileKind::regular:
    case FileKind::directory:
      return {};
    case FileKind::link:
      return "is a link; a pack holds regular files and directories only";
    case FileKind::other:
      break;
  }
  return "is neither a regular file nor a directory; a pack holds nothing else";
}

class Walk {
 public:
  Walk(std::string_view shown_root, bool leave_out_git) : rule_(shown_root), leave_out_git_(leave_out_git) {}

  /// `prefix` is the path of `directory` within the tree. The depth is bounded by the rule, which every directory
  /// passes before it is entered.
  Result<void> visit(const Directory& directory, const std::string& prefix) {
    COWORK_ASSIGN(const auto names, directory.entries());
    for (const DirectoryEntry& name : names) {
      if (prefix.empty() && leave_out_git_ && name.name == ".git" && name.kind == FileKind::directory) continue;
      COWORK_ASSIGN(const FileStatus status, directory.status(name.name));
      TreeEntry entry{join_path(prefix, name.name), status.kind, 0, (status.mode & owner_may_execute) != 0};
      if (status.kind == FileKind::regular) entry.size = status.size;
      COWORK_TRY(rule_.admit(entry));
      entries_.push_back(entry);
      if (status.kind != FileKind::directory) continue;
      COWORK_ASSIGN(const auto below, directory.directory(name.name));
      COWORK_TRY(visit(*below, entry.path));
    }
    return {};
  }

  std::vector<TreeEntry> sorted() && {
    std::sort(entries_.begin(), entries_.end(), [](const TreeEntry& a, const TreeEntry& b) { return a.path < b.path; });
    return std::move(entries_);
  }

 private:
  TreeRule rule_;
  bool leave_out_git_;
  std::vector<TreeEntry> entries_;
};

}  // namespace

Result<void> TreeRule::admit(const TreeEntry& entry) {
  const std::string shown = join_path(shown_root_, entry.path);
  if (const auto fault = fault_of(entry.path); !fault.empty()) return fail(refused(shown, fault));
  if (const auto fault = fault_of(entry.kind); !fault.empty()) return fail(refused(shown, fault));
  const auto [known, added] = folded_.try_emplace(folded_path(entry.path), entry.path);
  if (!added) {
    if (known->second == entry.path) return fail(refused(shown, "is there twice"));
    return fail(refused(shown, fmt::format("is the same as \"{}\" to file systems that fold case or normalise names",
                                           printable(join_path(shown_root_, known->second)))));
  }
  if (folded_.size() > max_tree_entries) {
    return fail(refused(
        shown, fmt::format("is one too many: a pack holds at most {} files and directories", max_tree_entries)));
  }
  if (entry.size > max_tree_bytes - bytes_) {
    return fail(refused(shown, fmt::format("is too much: a pack holds at most {} bytes", max_tree_bytes)));
  }
  bytes_ += entry.size;
  return {};
}

Result<std::vector<TreeEntry>> list_tree(const Directory& root, std::string_view shown_root, bool leave_out_git) {
  Walk walk(shown_root, leave_out_git);
  COWORK_TRY(walk.visit(root, {}));
  return std::move(walk).sorted();
}

std::string join_path(std::string_view directory, std::string_view relative) {
  if (directory.empty() || relative.empty()) return std::string(directory.empty() ? relative : directory);
  std::string path;
  path.reserve(directory.size() + 1 + relative.size());
  path += directory;
  if (!directory.ends_with('/')) path += '/';
  path += relative;
  return path;
}

}  // namespace cowork::loaders
