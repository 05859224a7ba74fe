#include "memory_directory.h"

#include <cerrno>

#include "beneath.h"
#include "path_rules.h"

namespace cowork::ports {
namespace {

Result<void> check_regular(const MemoryNode& node, std::string_view path) {
  if (node.status.kind == FileKind::link) return fail(link_refused(path));
  if (node.status.kind != FileKind::regular) return fail(not_regular(path));
  return {};
}

/// Whether `node` lies in `directory`, or is it.
bool lies_in(NodePointer node, const NodePointer& directory) {
  while (node && node != directory) node = node->above.lock();
  return node != nullptr;
}

}  // namespace

Result<void> MemoryDirectory::ask(std::string_view operation, std::string_view verb, std::string_view relative) const {
  const std::string path = joined(path_, relative);
  const std::optional<int> error_number = tree_->fault_of(operation, path);
  if (error_number) return fail(failed(*error_number, verb, path));
  return {};
}

Result<NodePointer> MemoryDirectory::find(std::string_view relative, std::string_view verb) const {
  COWORK_TRY(check_relative(relative, path_));
  return tree_->find(node_, path_, relative, verb);
}

Result<NodePointer> MemoryDirectory::find_regular(std::string_view relative, std::string_view verb) const {
  COWORK_ASSIGN(NodePointer node, find(relative, verb));
  COWORK_TRY(check_regular(*node, joined(path_, relative)));
  return node;
}

Result<MemoryParent> MemoryDirectory::parent(std::string_view relative, std::string_view verb) const {
  return tree_->parent(node_, path_, relative, verb);
}

Result<MemoryParent> MemoryDirectory::vacant(std::string_view relative, std::string_view verb) const {
  COWORK_ASSIGN(MemoryParent place, parent(relative, verb));
  if (place.directory->gone) return fail(failed(ENOENT, verb, place.path));
  if (place.child()) return fail(failed(EEXIST, verb, place.path));
  return place;
}

Result<std::vector<DirectoryEntry>> MemoryDirectory::entries() const {
  COWORK_TRY(ask("entries", "list", {}));
  const std::lock_guard guard(tree_->mutex);
  std::vector<DirectoryEntry> entries;
  for (const auto& [name, node] : node_->children) entries.push_back({name, node->status.kind});
  return entries;
}

Result<FileStatus> MemoryDirectory::status(std::string_view relative) const {
  COWORK_TRY(ask("status", "look at", relative));
  const std::lock_guard guard(tree_->mutex);
  if (relative.empty()) return node_->status;
  COWORK_ASSIGN(const NodePointer node, find(relative, "look at"));
  return node->status;
}

Result<std::string> MemoryDirectory::read(std::string_view relative, std::size_t max_bytes,
                                          FileStatus* status_out) const {
  COWORK_TRY(ask("read", "read", relative));
  const std::lock_guard guard(tree_->mutex);
  COWORK_ASSIGN(const NodePointer node, find_regular(relative, "read"));
  if (status_out != nullptr) *status_out = node->status;
  if (node->bytes.size() > max_bytes) return fail(larger_than(joined(path_, relative), max_bytes));
  return node->bytes;
}

Result<std::shared_ptr<Directory>> MemoryDirectory::directory(std::string_view relative) const {
  COWORK_TRY(ask("directory", "open", relative));
  const std::lock_guard guard(tree_->mutex);
  COWORK_ASSIGN(NodePointer node, find(relative, "open"));
  std::string path = joined(path_, relative);
  if (node->status.kind == FileKind::link) return fail(link_refused(path));
  if (node->status.kind != FileKind::directory) return fail(not_directory(path));
  return std::make_shared<MemoryDirectory>(tree_, std::move(node), std::move(path));
}

Result<void> MemoryDirectory::make_directory(std::string_view relative, std::uint32_t mode) {
  COWORK_TRY(ask("make_directory", "make", relative));
  const std::lock_guard guard(tree_->mutex);
  COWORK_ASSIGN(const MemoryParent place, vacant(relative, "make"));
  tree_->attach(place, tree_->make(FileKind::directory, mode, {}));
  return {};
}

Result<void> MemoryDirectory::write_new(std::string_view relative, std::string_view bytes, std::uint32_t mode) {
  COWORK_TRY(ask("write_new", "write", relative));
  const std::lock_guard guard(tree_->mutex);
  COWORK_ASSIGN(const MemoryParent place, vacant(relative, "make"));
  tree_->attach(place, tree_->make(FileKind::regular, mode, std::string(bytes)));
  return {};
}

Result<void> MemoryDirectory::replace(std::string_view name, std::string_view bytes, std::uint32_t mode) {
  COWORK_TRY(ask("replace", "replace", name));
  const std::lock_guard guard(tree_->mutex);
  COWORK_ASSIGN(const MemoryParent place, parent(name, "replace"));
  if (place.directory->gone) return fail(failed(ENOENT, "replace", place.path));
  if (const NodePointer present = place.child()) COWORK_TRY(check_regular(*present, place.path));
  tree_->attach(place, tree_->make(FileKind::regular, mode, std::string(bytes)));
  return {};
}

Result<void> MemoryDirectory::grow(std::string_view name, std::string_view bytes, std::uint32_t mode) {
  const std::lock_guard guard(tree_->mutex);
  COWORK_ASSIGN(const MemoryParent place, parent(name, "append to"));
  NodePointer node = place.child();
  if (!node) {
    if (place.directory->gone) return fail(failed(ENOENT, "append to", place.path));
    node = tree_->make(FileKind::regular, mode, {});
    tree_->attach(place, node);
  }
  COWORK_TRY(check_regular(*node, place.path));
  node->bytes += bytes;
  tree_->touch(*node);
  return {};
}

Result<void> MemoryDirectory::append(std::string_view name, std::string_view bytes, std::uint32_t mode) {
  COWORK_TRY(ask("append", "append to", name));
  if (auto half = ask("append-half", "append to", name); !half) {
    COWORK_TRY(grow(name, bytes.substr(0, bytes.size() / 2), mode));
    return half;
  }
  return grow(name, bytes, mode);
}

Result<void> MemoryDirectory::truncate(std::string_view name, std::uint64_t size) {
  COWORK_TRY(ask("truncate", "cut", name));
  const std::lock_guard guard(tree_->mutex);
  COWORK_ASSIGN(const NodePointer node, find_regular(name, "cut"));
  if (size > node->bytes.size()) return fail(shorter_than(joined(path_, name), node->bytes.size(), size));
  node->bytes.resize(size);
  tree_->touch(*node);
  return {};
}

Result<void> MemoryDirectory::rename(std::string_view from, Directory& target, std::string_view to, RenameMode mode) {
  const auto* there = dynamic_cast<const MemoryDirectory*>(&target);
  if (there == nullptr || there->tree_ != tree_) return fail(foreign_directory(target.path()));
  COWORK_TRY(ask("rename", "rename", from));
  const std::lock_guard guard(tree_->mutex);
  COWORK_ASSIGN(const MemoryParent source, parent(from, "rename"));
  COWORK_ASSIGN(const MemoryParent destination, there->parent(to, "rename to"));
  const NodePointer moved = source.child();
  const NodePointer present = destination.child();
  const bool exchange = mode == RenameMode::exchange;
  const auto refused = [&](int error_number) {
    return fail(rename_failed(error_number, source.path, destination.path));
  };
  if (!moved || destination.directory->gone || (exchange && !present)) return refused(ENOENT);
  if (!exchange && present) return refused(EEXIST);
  if (lies_in(destination.directory, moved) || (present && lies_in(source.directory, present))) return refused(EINVAL);
  if (exchange) {
    tree_->attach(source, present);
  } else {
    source.directory->children.erase(source.name);
    tree_->touch(*source.directory);
  }
  tree_->attach(destination, moved);
  return {};
}

Result<void> MemoryDirectory::remove(std::string_view relative) {
  COWORK_TRY(ask("remove", "remove", relative));
  const std::lock_guard guard(tree_->mutex);
  COWORK_ASSIGN(const MemoryParent place, parent(relative, "remove"));
  if (!place.child()) return fail(failed(ENOENT, "remove", place.path));
  tree_->detach(place);
  return {};
}

Result<void> MemoryDirectory::sync() {
  return ask("sync", "sync", {});
}

Result<std::unique_ptr<FileLock>> MemoryDirectory::lock(std::string_view name, std::chrono::milliseconds wait) {
  COWORK_TRY(ask("lock", "lock", name));
  MemoryParent place;
  {
    const std::lock_guard guard(tree_->mutex);
    COWORK_ASSIGN(place, parent(name, "lock"));
  }
  return take_memory_lock(tree_, place, wait);
}

}  // namespace cowork::ports
