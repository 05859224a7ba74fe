// One hash for a pack's whole tree: what an install writes down and an activation compares.
//
// treeSha256 is the SHA-256, in lower-case hex, of one record for each regular file, in bytewise order of their paths:
//
//   path NUL ("x" if its owner may execute it, else "-") NUL (size in decimal) NUL (SHA-256 of its bytes, 64 hex
//   digits) LF
//
// `path` is relative to the pack and '/'-separated. Directories count by the files in them only; other bits of the
// mode, owners and times do not count.
//
// Threads: any for functions; one at a time for an object.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cowork/ports/disk.h"

namespace cowork::loaders {

class TreeHash {
 public:
  /// In any order; each path once.
  void add(std::string_view path, bool executable, std::string_view bytes);
  /// Of bytes whose hash is known; as sha256_hex() gives it.
  void add_hashed(std::string_view path, bool executable, std::size_t size, std::string_view sha256);
  std::string finish() const;

 private:
  std::vector<std::pair<std::string, std::string>> records_;  // path, and the rest of its record
};

/// The hash of the tree at `relative` beneath `directory` (empty: of `directory` itself). Errors: not-found,
/// invalid-argument (a link, a device, a name that no pack may have), io.
Result<std::string> tree_sha256(const Directory& directory, std::string_view relative);

}  // namespace cowork::loaders
