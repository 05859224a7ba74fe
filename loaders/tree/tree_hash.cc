#include "cowork/loaders/tree_hash.h"

#include <algorithm>

#include "cowork/base/sha256.h"
#include "cowork/loaders/pack_tree.h"

namespace cowork::loaders {
namespace {

constexpr std::uint32_t owner_executes = 0100;

Result<std::string> hash_of(const Directory& root) {
  COWORK_ASSIGN(const auto entries, list_tree(root, root.path(), false));
  TreeHash hash;
  for (const TreeEntry& entry : entries) {
    if (entry.kind != FileKind::regular) continue;
    FileStatus status;
    COWORK_ASSIGN(const std::string bytes, root.read(entry.path, max_tree_bytes, &status));
    hash.add(entry.path, (status.mode & owner_executes) != 0, bytes);
  }
  return hash.finish();
}

}  // namespace

void TreeHash::add(std::string_view path, bool executable, std::string_view bytes) {
  add_hashed(path, executable, bytes.size(), sha256_hex(bytes));
}

void TreeHash::add_hashed(std::string_view path, bool executable, std::size_t size, std::string_view sha256) {
  std::string rest;
  rest += '\0';
  rest += executable ? 'x' : '-';
  rest += '\0';
  rest += std::to_string(size);
  rest += '\0';
  rest += sha256;
  rest += '\n';
  records_.emplace_back(path, std::move(rest));
}

std::string TreeHash::finish() const {
  auto sorted = records_;
  std::sort(sorted.begin(), sorted.end());
  std::string all;
  for (const auto& [path, rest] : sorted) all += path + rest;
  return sha256_hex(all);
}

Result<std::string> tree_sha256(const Directory& directory, std::string_view relative) {
  if (relative.empty()) return hash_of(directory);
  COWORK_ASSIGN(const auto root, directory.directory(relative));
  return hash_of(*root);
}

}  // namespace cowork::loaders
