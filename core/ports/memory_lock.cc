#include <cerrno>

#include "beneath.h"
#include "memory_directory.h"
#include "path_rules.h"

namespace cowork::ports {
namespace {

class MemoryLock final : public FileLock {
 public:
  MemoryLock(std::shared_ptr<MemoryTree> tree, NodePointer node, std::string path)
      : tree_(std::move(tree)), node_(std::move(node)), path_(std::move(path)) {}
  MemoryLock(const MemoryLock&) = delete;
  MemoryLock& operator=(const MemoryLock&) = delete;
  ~MemoryLock() override {
    {
      const std::lock_guard guard(tree_->mutex);
      node_->locked = false;
    }
    tree_->unlocked.notify_all();
  }

  Result<std::string> read() const override {
    if (const auto fault = tree_->fault_of("lock-read", path_)) return fail(failed(*fault, "read", path_));
    const std::lock_guard guard(tree_->mutex);
    if (node_->bytes.size() > max_lock_bytes) return fail(larger_than(path_, max_lock_bytes));
    return node_->bytes;
  }

  Result<void> write(std::string_view bytes) override {
    if (bytes.size() > max_lock_bytes) return fail(larger_than(path_, max_lock_bytes));
    if (const auto fault = tree_->fault_of("lock-write", path_)) return fail(failed(*fault, "write", path_));
    const std::lock_guard guard(tree_->mutex);
    node_->bytes = bytes;
    tree_->touch(*node_);
    return {};
  }

 private:
  std::shared_ptr<MemoryTree> tree_;
  NodePointer node_;
  std::string path_;
};

/// The file to lock, with the mutex held; made when missing.
Result<NodePointer> lock_file(MemoryTree& tree, const MemoryParent& place) {
  NodePointer node = place.child();
  if (!node) {
    if (place.directory->gone) return fail(failed(ENOENT, "lock", place.path));
    node = tree.make(FileKind::regular, 0600, {});
    tree.attach(place, node);
  }
  if (node->status.kind == FileKind::link) return fail(link_refused(place.path));
  if (node->status.kind != FileKind::regular) return fail(not_regular(place.path));
  return node;
}

}  // namespace

Result<std::unique_ptr<FileLock>> take_memory_lock(const std::shared_ptr<MemoryTree>& tree, const MemoryParent& place,
                                                   std::chrono::milliseconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  std::unique_lock guard(tree->mutex);
  for (bool late = false;;) {
    // Looked up anew each time: the file may have been exchanged while this waited.
    COWORK_ASSIGN(const NodePointer node, lock_file(*tree, place));
    if (!node->locked) {
      node->locked = true;
      return std::unique_ptr<FileLock>(std::make_unique<MemoryLock>(tree, node, place.path));
    }
    if (late) return fail(still_locked(place.path, wait.count()));
    late = tree->unlocked.wait_until(guard, deadline) == std::cv_status::timeout;
  }
}

}  // namespace cowork::ports
