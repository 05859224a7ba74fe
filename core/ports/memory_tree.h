// What a MemoryDisk holds, and how its paths resolve.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

#include "cowork/ports/memory_disk.h"

namespace cowork::ports {

/// A file, directory, link or other thing.
struct MemoryNode {
  FileStatus status;
  std::string bytes;  // of a link: where it leads
  std::map<std::string, std::shared_ptr<MemoryNode>, std::less<>> children;
  std::weak_ptr<MemoryNode> above;
  bool gone = false;    // a removed directory: nothing can be made in it
  bool locked = false;  // as by flock
};
using NodePointer = std::shared_ptr<MemoryNode>;

/// Where something is or would be.
struct MemoryParent {
  NodePointer directory;
  std::string name;
  std::string path;

  /// Null when nothing has that name.
  NodePointer child() const;
};

/// An absolute path with its links resolved: what exists of it (from "/"), and the names after that.
struct ResolvedPath {
  std::vector<std::pair<std::string, NodePointer>> existing;
  std::vector<std::string> missing;
  bool ends_in_link = false;
  bool left_missing = false;  // by a ".."
  int error_number = 0;       // ENOTDIR, ELOOP

  std::string path() const;
};

/// Every member but `mutex`, `unlocked` and fault_of() is used with the mutex held.
struct MemoryTree {
  explicit MemoryTree(std::uint32_t user_of_tree);
  ~MemoryTree();
  MemoryTree(const MemoryTree&) = delete;
  MemoryTree& operator=(const MemoryTree&) = delete;

  std::optional<int> fault_of(std::string_view operation, std::string_view path);
  ResolvedPath resolve(std::string_view path) const;
  /// The thing at `relative` beneath `from`; a link or a file on the way is refused, a link at the end is not.
  Result<NodePointer> find(const NodePointer& from, std::string_view base, std::string_view relative,
                           std::string_view verb) const;
  Result<MemoryParent> parent(const NodePointer& from, std::string_view base, std::string_view relative,
                              std::string_view verb) const;
  NodePointer make(FileKind kind, std::uint32_t mode, std::string bytes);
  /// Takes what may be there out and puts `node` in.
  void attach(const MemoryParent& place, const NodePointer& node);
  void detach(const MemoryParent& place);
  /// Counts a change of `node` and sets its times.
  void touch(MemoryNode& node);

  std::mutex mutex;
  std::condition_variable unlocked;
  NodePointer root;
  std::uint32_t user;
  std::uint64_t steps = 0;
  std::uint64_t next_inode = 1;
  MemoryDisk::Fault fault;
};

}  // namespace cowork::ports
