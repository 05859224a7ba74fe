// The in-memory twin of RealDisk, for tests: the same contract and the same messages, and whatever a test wants to go
// wrong.
//
// Nothing is checked against permissions, as for root; times move by a millisecond with every change. Threads: every
// method may be called by any thread. Ownership: directories and locks share what the disk holds and may outlive it.
#pragma once

#include <functional>
#include <optional>

#include "cowork/ports/disk.h"

namespace cowork {

namespace ports {
struct MemoryTree;
}

class MemoryDisk final : public Disk {
 public:
  /// Asked before each step, with no lock held; an errno makes the step fail, having changed nothing. Operations are
  /// named as the methods: "open", "open_or_make", "entries", "status", "read", "directory", "make_directory",
  /// "write_new", "replace", "append", "truncate", "rename" (asked with the path it moves from), "remove", "sync",
  /// "lock"; of a lock "lock-read" and "lock-write". One more, "append-half", lets an append fail after half of its
  /// bytes.
  using Fault = std::function<std::optional<int>(std::string_view operation, std::string_view path)>;

  /// An empty disk; what is made through it belongs to `user`, "/" to root.
  explicit MemoryDisk(std::uint32_t user = 0);
  ~MemoryDisk() override;

  Result<std::shared_ptr<Directory>> open(std::string_view path) const override;
  Result<std::shared_ptr<Directory>> open_or_make(std::string_view path, std::uint32_t mode) override;
  Trust trust_of_directory(std::string_view path) const override;

  /// What tests put on the disk behind the interface's back. The directories above are made (0755) when missing. Paths
  /// are absolute; one that cannot be had, or is taken (by anything but a regular file, for plant_file), throws
  /// std::invalid_argument.
  void plant_file(std::string_view path, std::string_view bytes, std::uint32_t mode = 0644);
  void plant_link(std::string_view path, std::string_view target);
  /// Neither file, directory nor link: a FIFO, say.
  void plant_other(std::string_view path);
  /// Of something that is there; a link at the end is not followed.
  void set_status(std::string_view path, std::uint32_t owner, std::uint32_t mode);

  void set_fault(Fault fault);
  /// How many changes were made so far, planted ones included.
  std::uint64_t steps() const;

 private:
  std::shared_ptr<ports::MemoryTree> tree_;
};

}  // namespace cowork
