// The file system, as narrow as the host needs it. RealDisk works beneath directory descriptors (openat2 with
// RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS, or component by component with O_NOFOLLOW); MemoryDisk
// is its twin.
//
// Paths: `path` is absolute and may pass through links, resolved once when it is opened. `relative` is a name or names
// joined by '/', resolved beneath the open directory: no "..", no ".", not absolute, never through a link; anything
// else is invalid-argument. Strings are bytes. Errors: not-found, already-exists, invalid-argument (a link, a wrong
// kind of file, a bad relative path), io; each names the path. Threads: every method may be called by any thread.
// Ownership: handles are shared; closing is the last owner's release.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/result.h"

namespace cowork {

enum class FileKind : std::uint8_t { regular, directory, link, other };

struct FileStatus {
  FileKind kind = FileKind::other;
  std::uint64_t size = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;
  std::uint32_t mode = 0;  ///< permission bits, 07777
  std::uint32_t owner = 0;

  bool operator==(const FileStatus&) const = default;
};

struct DirectoryEntry {
  std::string name;
  FileKind kind = FileKind::other;
};

enum class RenameMode : std::uint8_t { no_replace, exchange };

/// Room for the bytes of one file after another.
class FileBuffer {
 public:
  /// What was kept last.
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }
  /// At least `size` bytes, of which the first `kept` are what they were.
  char* room(std::size_t size, std::size_t kept) {
    if (size > capacity_) {
      auto larger = std::make_unique_for_overwrite<char[]>(size);
      std::copy_n(bytes_.get(), kept, larger.get());
      bytes_ = std::move(larger);
      capacity_ = size;
    }
    return bytes_.get();
  }
  std::size_t capacity() const noexcept { return capacity_; }
  void keep(std::size_t size) noexcept { size_ = size; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

/// An inter-process lock (flock on a file of its own, which is never removed). Released by its destructor. Locks of one
/// process exclude each other as well.
class FileLock {
 public:
  virtual ~FileLock() = default;
  /// The content of the lock file (at most 64 KiB): a small state that belongs to whoever holds the lock.
  virtual Result<std::string> read() const = 0;
  /// Replaces that content in place.
  virtual Result<void> write(std::string_view bytes) = 0;
};

class Directory {
 public:
  virtual ~Directory() = default;

  /// The path with links resolved, as it was when opened.
  virtual const std::string& path() const noexcept = 0;

  /// Names sorted bytewise, without "." and "..".
  virtual Result<std::vector<DirectoryEntry>> entries() const = 0;
  /// Never follows a link. An empty `relative` is this directory.
  virtual Result<FileStatus> status(std::string_view relative) const = 0;
  /// As status(), but links on the way may be followed (not one at its end): for seeing that a file whose identity is
  /// known is as it was, and for nothing else. One system call.
  virtual Result<FileStatus> identity(std::string_view relative) const { return status(relative); }
  /// The bytes of a regular file (opened without blocking, so a FIFO is refused at once). Larger than `max_bytes` is
  /// invalid-argument. `status_out`, when given, is of the descriptor that was read.
  virtual Result<std::string> read(std::string_view relative, std::size_t max_bytes,
                                   FileStatus* status_out = nullptr) const = 0;
  /// The same into `buffer`, for readers of many files. The result lies there.
  virtual Result<std::string_view> read_into(FileBuffer& buffer, std::string_view relative, std::size_t max_bytes,
                                             FileStatus* status_out = nullptr) const;
  virtual Result<std::shared_ptr<Directory>> directory(std::string_view relative) const = 0;

  /// One directory; its parent must exist.
  virtual Result<void> make_directory(std::string_view relative, std::uint32_t mode) = 0;
  /// A new file (O_EXCL | O_NOFOLLOW): all bytes written and synced before it succeeds.
  virtual Result<void> write_new(std::string_view relative, std::string_view bytes, std::uint32_t mode) = 0;
  /// The durable write of HOSTILE.md: temporary file in the same directory, write all, fsync, close, rename over
  /// `name`, fsync the directory. A link or a directory of that name is refused. After a failure `name` holds what it
  /// held.
  virtual Result<void> replace(std::string_view name, std::string_view bytes, std::uint32_t mode) = 0;
  /// Appends in one go to a regular file (made with `mode` when missing) and syncs its data.
  virtual Result<void> append(std::string_view name, std::string_view bytes, std::uint32_t mode) = 0;
  /// Cuts a file to `size` bytes and syncs it: for taking back an append that was only half written.
  virtual Result<void> truncate(std::string_view name, std::uint64_t size) = 0;
  /// Moves `from` to `to` beneath `target`, then syncs both parents.
  virtual Result<void> rename(std::string_view from, Directory& target, std::string_view to, RenameMode mode) = 0;
  /// Removes a file, or a directory with everything in it; links are removed, not followed. Missing is not-found.
  virtual Result<void> remove(std::string_view relative) = 0;
  virtual Result<void> sync() = 0;
  /// Takes the lock file `name`, waiting at most `wait`; timeout when it stays taken. Made (0600) when missing.
  virtual Result<std::unique_ptr<FileLock>> lock(std::string_view name, std::chrono::milliseconds wait) = 0;
};

/// Whether something may be relied on against the user (SPEC §1, "Trusted directory"); `reason` says why not.
struct Trust {
  bool trusted = false;
  std::string reason;
};

class Disk {
 public:
  virtual ~Disk() = default;
  virtual Result<std::shared_ptr<Directory>> open(std::string_view path) const = 0;
  /// Makes the directory and the missing ones above it (each 0700 & `mode`), then opens it.
  virtual Result<std::shared_ptr<Directory>> open_or_make(std::string_view path, std::uint32_t mode) = 0;
  /// SPEC §1: `path` and every directory above it are owned by root and writable by nobody else (root-owned sticky
  /// directories excepted as ancestors). Does not look inside.
  virtual Trust trust_of_directory(std::string_view path) const = 0;
};

/// The rule of SPEC §1 for one thing taken from a trusted directory: owned by root, writable by nobody else.
Trust trust_of(const FileStatus& status, std::string_view what);
/// The same without the reason.
bool is_trusted(const FileStatus& status) noexcept;

/// The process's file system.
std::shared_ptr<Disk> make_real_disk();

}  // namespace cowork
