#include "memory_tree.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "beneath.h"
#include "path_rules.h"

namespace cowork::ports {
namespace {

constexpr std::int64_t first_modified_ns = 1'736'942'400'000'000'000;
constexpr std::int64_t step_ns = 1'000'000;
constexpr int most_links = 40;  // as the kernel

void push_steps(std::vector<std::string>& pending, std::string_view path) {
  std::vector<std::string> steps;
  while (!path.empty()) {
    const auto [step, rest] = split_first(path);
    if (!step.empty() && step != ".") steps.emplace_back(step);
    path = rest;
  }
  pending.insert(pending.end(), steps.rbegin(), steps.rend());
}

/// Marks a tree as gone and takes it apart without recursion, however deep it is.
void dismantle(NodePointer top) {
  std::vector<NodePointer> pending{std::move(top)};
  while (!pending.empty()) {
    const NodePointer node = std::move(pending.back());
    pending.pop_back();
    node->gone = true;
    for (auto& [name, child] : node->children) pending.push_back(std::move(child));
    node->children.clear();
  }
}

}  // namespace

NodePointer MemoryParent::child() const {
  const auto found = directory->children.find(name);
  return found == directory->children.end() ? nullptr : found->second;
}

std::string ResolvedPath::path() const {
  std::string text = "/";
  for (std::size_t i = 1; i < existing.size(); ++i) text = joined(text, existing[i].first);
  for (const std::string& name : missing) text = joined(text, name);
  return text;
}

MemoryTree::MemoryTree(std::uint32_t user_of_tree) : user(user_of_tree) {
  root = make(FileKind::directory, 0755, {});
  root->status.owner = 0;
}

MemoryTree::~MemoryTree() {
  dismantle(root);
}

std::optional<int> MemoryTree::fault_of(std::string_view operation, std::string_view path) {
  MemoryDisk::Fault asked;
  {
    const std::lock_guard guard(mutex);
    asked = fault;
  }
  return asked ? asked(operation, path) : std::nullopt;
}

ResolvedPath MemoryTree::resolve(std::string_view path) const {
  ResolvedPath resolved;
  resolved.existing.emplace_back("", root);
  std::vector<std::string> pending;
  push_steps(pending, path);
  for (int links = 0; !pending.empty();) {
    const std::string step = std::move(pending.back());
    pending.pop_back();
    auto& place = resolved.existing;
    if (step == "..") {
      if (!resolved.missing.empty()) {
        resolved.missing.pop_back();
        resolved.left_missing = true;
      } else if (place.size() > 1) {
        place.pop_back();
      }
      continue;
    }
    const auto found = place.back().second->children.find(step);
    if (!resolved.missing.empty() || found == place.back().second->children.end()) {
      resolved.missing.push_back(step);
      continue;
    }
    const NodePointer& node = found->second;
    if (node->status.kind == FileKind::link) {
      resolved.ends_in_link = pending.empty();
      if (++links > most_links) return resolved.error_number = ELOOP, resolved;
      if (node->bytes.starts_with('/')) place.resize(1);
      push_steps(pending, node->bytes);
    } else {
      place.emplace_back(step, node);
      if (node->status.kind != FileKind::directory && !pending.empty())
        return resolved.error_number = ENOTDIR, resolved;
    }
  }
  return resolved;
}

Result<NodePointer> MemoryTree::find(const NodePointer& from, std::string_view base, std::string_view relative,
                                     std::string_view verb) const {
  NodePointer node = from;
  std::string reached(base);
  for (std::string_view rest = relative; !rest.empty();) {
    if (node->status.kind == FileKind::link) return fail(link_refused(reached));
    if (node->status.kind != FileKind::directory) return fail(not_directory(reached));
    const auto [step, below] = split_first(rest);
    const auto found = node->children.find(step);
    if (found == node->children.end()) return fail(failed(ENOENT, verb, joined(base, relative)));
    node = found->second;
    reached = joined(reached, step);
    rest = below;
  }
  return node;
}

Result<MemoryParent> MemoryTree::parent(const NodePointer& from, std::string_view base, std::string_view relative,
                                        std::string_view verb) const {
  COWORK_TRY(check_relative(relative, base));
  const auto [above, name] = split_last(relative);
  MemoryParent parent{from, std::string(name), joined(base, relative)};
  if (above.empty()) return parent;
  auto found = find(from, base, above, verb);
  if (!found) {
    // Of an absence the message names the thing that was wanted.
    if (found.error().code() == ErrorCode::not_found) return fail(failed(ENOENT, verb, parent.path));
    return fail(std::move(found).error());
  }
  parent.directory = std::move(*found);
  const FileKind kind = parent.directory->status.kind;
  if (kind == FileKind::link) return fail(link_refused(joined(base, above)));
  if (kind != FileKind::directory) return fail(not_directory(joined(base, above)));
  return parent;
}

NodePointer MemoryTree::make(FileKind kind, std::uint32_t mode, std::string bytes) {
  auto node = std::make_shared<MemoryNode>();
  node->bytes = std::move(bytes);
  node->status.kind = kind;
  node->status.device = 1;
  node->status.inode = next_inode++;
  node->status.mode = mode & 0777U;
  node->status.owner = user;
  touch(*node);
  return node;
}

void MemoryTree::attach(const MemoryParent& place, const NodePointer& node) {
  place.directory->children[place.name] = node;
  node->above = place.directory;
  touch(*place.directory);
}

void MemoryTree::detach(const MemoryParent& place) {
  const auto found = place.directory->children.find(place.name);
  NodePointer node = std::move(found->second);
  place.directory->children.erase(found);
  touch(*place.directory);
  dismantle(std::move(node));
}

void MemoryTree::touch(MemoryNode& node) {
  ++steps;
  node.status.size = node.bytes.size();
  node.status.modified_ns = first_modified_ns + static_cast<std::int64_t>(steps) * step_ns;
  node.status.changed_ns = node.status.modified_ns;
}

}  // namespace cowork::ports
