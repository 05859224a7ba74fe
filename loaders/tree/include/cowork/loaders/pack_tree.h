// What may lie in a pack's directory: regular files and directories, with plain names, within bounds.
//
// Threads: any. Ownership: values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/ports/disk.h"

namespace cowork::loaders {

inline constexpr std::size_t max_tree_entries = 10'000;
inline constexpr std::uint64_t max_tree_bytes = 256ULL << 20U;
inline constexpr std::size_t max_tree_depth = 32;
inline constexpr std::size_t max_tree_path_bytes = 512;

struct TreeEntry {
  std::string path;                   ///< relative to the tree's root, '/'-separated
  FileKind kind = FileKind::regular;  ///< or directory; nothing else is let in
  std::uint64_t size = 0;
  bool executable = false;  ///< by its owner
};

/// The rule for the entries of one tree, whatever they come from. Every refusal is invalid-argument and names the path.
class TreeRule {
 public:
  /// `shown_root` begins the paths in messages; may be empty.
  explicit TreeRule(std::string_view shown_root) : shown_root_(shown_root) {}
  /// Takes one entry in: its path (valid UTF-8 without control characters, no "..", no ".git" in any case, no
  /// backslash, 512 bytes, 32 steps, equal to no other after Unicode case folding and normalisation), its kind, and
  /// what it adds to the bounds.
  Result<void> admit(const TreeEntry& entry);

 private:
  std::string shown_root_;
  std::map<std::string, std::string> folded_;  // to the path as it was written
  std::uint64_t bytes_ = 0;
};

/// Everything below `root`, sorted bytewise by path, checked by TreeRule. `shown_root` stands for root in messages.
/// `leave_out_git` passes over a directory `.git` at the top. Errors: invalid-argument, io.
Result<std::vector<TreeEntry>> list_tree(const Directory& root, std::string_view shown_root, bool leave_out_git);

/// "directory/relative"; just one of them where the other is empty.
std::string join_path(std::string_view directory, std::string_view relative);

}  // namespace cowork::loaders
