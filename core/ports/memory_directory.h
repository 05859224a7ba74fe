// A directory of a MemoryDisk.
#pragma once

#include "memory_tree.h"

namespace cowork::ports {

/// Threads: any; the tree's mutex is held for each step, never while a fault is asked for.
class MemoryDirectory final : public Directory {
 public:
  MemoryDirectory(std::shared_ptr<MemoryTree> tree, NodePointer node, std::string path)
      : tree_(std::move(tree)), node_(std::move(node)), path_(std::move(path)) {}

  const std::string& path() const noexcept override { return path_; }
  Result<std::vector<DirectoryEntry>> entries() const override;
  Result<FileStatus> status(std::string_view relative) const override;
  Result<std::string> read(std::string_view relative, std::size_t max_bytes, FileStatus* status_out) const override;
  Result<std::shared_ptr<Directory>> directory(std::string_view relative) const override;
  Result<void> make_directory(std::string_view relative, std::uint32_t mode) override;
  Result<void> write_new(std::string_view relative, std::string_view bytes, std::uint32_t mode) override;
  Result<void> replace(std::string_view name, std::string_view bytes, std::uint32_t mode) override;
  Result<void> append(std::string_view name, std::string_view bytes, std::uint32_t mode) override;
  Result<void> truncate(std::string_view name, std::uint64_t size) override;
  Result<void> rename(std::string_view from, Directory& target, std::string_view to, RenameMode mode) override;
  Result<void> remove(std::string_view relative) override;
  Result<void> sync() override;
  Result<std::unique_ptr<FileLock>> lock(std::string_view name, std::chrono::milliseconds wait) override;

 private:
  /// The fault that a test wants, worded as the operation's own failure.
  Result<void> ask(std::string_view operation, std::string_view verb, std::string_view relative) const;
  Result<NodePointer> find(std::string_view relative, std::string_view verb) const;
  Result<NodePointer> find_regular(std::string_view relative, std::string_view verb) const;
  Result<MemoryParent> parent(std::string_view relative, std::string_view verb) const;
  /// A place where nothing is, in a directory that still exists.
  Result<MemoryParent> vacant(std::string_view relative, std::string_view verb) const;
  Result<void> grow(std::string_view name, std::string_view bytes, std::uint32_t mode);

  std::shared_ptr<MemoryTree> tree_;
  NodePointer node_;
  std::string path_;
};

/// Takes the lock of the file at `place`, making it when missing.
Result<std::unique_ptr<FileLock>> take_memory_lock(const std::shared_ptr<MemoryTree>& tree, const MemoryParent& place,
                                                   std::chrono::milliseconds wait);

}  // namespace cowork::ports
