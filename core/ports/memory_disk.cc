#include "cowork/ports/memory_disk.h"

#include <cerrno>
#include <stdexcept>

#include "beneath.h"
#include "memory_directory.h"
#include "path_rules.h"
#include "trust.h"

namespace cowork {
namespace {

using ports::MemoryDirectory;
using ports::MemoryParent;
using ports::MemoryTree;
using ports::NodePointer;
using ports::ResolvedPath;

/// Why `path` is no directory that exists; nothing when it is one.
std::optional<Error> obstacle(const ResolvedPath& resolved, std::string_view path) {
  if (resolved.error_number == ENOTDIR) return ports::not_directory(path);
  if (resolved.error_number != 0) return ports::failed(resolved.error_number, "open", path);
  if (!resolved.missing.empty() || resolved.left_missing) {
    return resolved.ends_in_link ? ports::link_to_nothing(path) : ports::failed(ENOENT, "open", path);
  }
  if (resolved.existing.back().second->status.kind != FileKind::directory) return ports::not_directory(path);
  return std::nullopt;
}

/// Makes the missing directories, with the tree's mutex held.
NodePointer make_missing(MemoryTree& tree, const ResolvedPath& resolved, std::uint32_t mode) {
  NodePointer node = resolved.existing.back().second;
  for (const std::string& name : resolved.missing) {
    NodePointer made = tree.make(FileKind::directory, mode, {});
    tree.attach({node, name, {}}, made);
    node = std::move(made);
  }
  return node;
}

[[noreturn]] void cannot_plant(std::string_view path) {
  throw std::invalid_argument("cannot plant " + ports::named(path));
}

/// Where something is to be planted, with the tree's mutex held.
MemoryParent place_for(MemoryTree& tree, std::string_view path) {
  if (!ports::check_absolute(path)) cannot_plant(path);
  const auto [above, name] = ports::split_last(path);
  if (!ports::check_relative(name, "/")) cannot_plant(path);
  const ResolvedPath resolved = tree.resolve(above);
  const bool blocked =
      resolved.error_number != 0 || resolved.existing.back().second->status.kind != FileKind::directory;
  if (blocked) cannot_plant(path);
  return {make_missing(tree, resolved, 0755), std::string(name), std::string(path)};
}

}  // namespace

MemoryDisk::MemoryDisk(std::uint32_t user) : tree_(std::make_shared<MemoryTree>(user)) {}

MemoryDisk::~MemoryDisk() = default;

Result<std::shared_ptr<Directory>> MemoryDisk::open(std::string_view path) const {
  COWORK_TRY(ports::check_absolute(path));
  if (const auto fault = tree_->fault_of("open", path)) return fail(ports::failed(*fault, "open", path));
  const std::lock_guard guard(tree_->mutex);
  const ResolvedPath resolved = tree_->resolve(path);
  if (auto error = obstacle(resolved, path)) return fail(std::move(*error));
  return std::make_shared<MemoryDirectory>(tree_, resolved.existing.back().second, resolved.path());
}

Result<std::shared_ptr<Directory>> MemoryDisk::open_or_make(std::string_view path, std::uint32_t mode) {
  COWORK_TRY(ports::check_absolute(path));
  if (const auto fault = tree_->fault_of("open_or_make", path)) return fail(ports::failed(*fault, "make", path));
  const std::lock_guard guard(tree_->mutex);
  ResolvedPath resolved = tree_->resolve(path);
  const bool leads_nowhere = resolved.ends_in_link && !resolved.missing.empty();
  if (leads_nowhere) return fail(ports::link_refused(path));
  const bool blocked =
      resolved.error_number != 0 || resolved.existing.back().second->status.kind != FileKind::directory;
  if (blocked) {
    const std::string reached = ResolvedPath{resolved.existing, {}}.path();
    return fail(resolved.error_number == ELOOP ? ports::failed(ELOOP, "open", path) : ports::not_directory(reached));
  }
  NodePointer node = make_missing(*tree_, resolved, mode & 0700U);
  return std::make_shared<MemoryDirectory>(tree_, std::move(node), resolved.path());
}

Trust MemoryDisk::trust_of_directory(std::string_view path) const {
  if (const auto checked = ports::check_absolute(path); !checked) return {false, checked.error().message()};
  const std::lock_guard guard(tree_->mutex);
  ResolvedPath resolved = tree_->resolve(path);
  if (const auto error = obstacle(resolved, path)) return {false, error->message()};
  std::string reached = "/";
  for (const auto& [name, node] : resolved.existing) {
    reached = ports::joined(reached, name);
    const bool last = node == resolved.existing.back().second;
    Trust trust = last ? trust_of(node->status, reached) : ports::trust_of_ancestor(node->status, reached);
    if (!trust.trusted) return trust;
  }
  return {true, {}};
}

void MemoryDisk::plant_file(std::string_view path, std::string_view bytes, std::uint32_t mode) {
  const std::lock_guard guard(tree_->mutex);
  const MemoryParent place = place_for(*tree_, path);
  if (const NodePointer present = place.child(); present && present->status.kind != FileKind::regular)
    cannot_plant(path);
  tree_->attach(place, tree_->make(FileKind::regular, mode, std::string(bytes)));
}

void MemoryDisk::plant_link(std::string_view path, std::string_view target) {
  const std::lock_guard guard(tree_->mutex);
  const MemoryParent place = place_for(*tree_, path);
  if (place.child()) cannot_plant(path);
  tree_->attach(place, tree_->make(FileKind::link, 0777, std::string(target)));
}

void MemoryDisk::plant_other(std::string_view path) {
  const std::lock_guard guard(tree_->mutex);
  const MemoryParent place = place_for(*tree_, path);
  if (place.child()) cannot_plant(path);
  tree_->attach(place, tree_->make(FileKind::other, 0644, {}));
}

void MemoryDisk::set_status(std::string_view path, std::uint32_t owner, std::uint32_t mode) {
  const std::lock_guard guard(tree_->mutex);
  NodePointer node = tree_->root;
  if (path != "/") node = place_for(*tree_, path).child();
  if (!node) cannot_plant(path);
  node->status.owner = owner;
  node->status.mode = mode & 07777U;
  ++tree_->steps;
  node->status.changed_ns += 1;
}

void MemoryDisk::set_fault(Fault fault) {
  const std::lock_guard guard(tree_->mutex);
  tree_->fault = std::move(fault);
}

std::uint64_t MemoryDisk::steps() const {
  const std::lock_guard guard(tree_->mutex);
  return tree_->steps;
}

}  // namespace cowork
