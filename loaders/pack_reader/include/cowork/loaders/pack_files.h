// The files of one pack, read beneath an open directory without following a link.
//
// Threads: one at a time for an object. Ownership: the directory is borrowed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "cowork/ports/disk.h"

namespace cowork::loaders {

/// Remembers the first thing met that is not root's alone to write (SPEC §1, "Trusted directory"). After that nothing
/// more needs to be looked at.
class TrustTrail {
 public:
  void add(const Trust& trust);
  bool intact() const noexcept { return reason_.empty(); }
  /// Empty while intact.
  const std::string& reason() const noexcept { return reason_; }

 private:
  std::string reason_;
};

/// What kept a file from being read.
struct FileProblem {
  enum class Kind : std::uint8_t { missing, link, wrong_kind, too_large, failed };
  Kind kind = Kind::failed;
  std::string path;  ///< as shown: of the file, or of the link on the way to it
  std::string message;
};

/// By what the files of a pack are known to be those that were read: identities, sizes and times. Keyed, so that
/// nobody can aim at another pack's.
class FileStamp {
 public:
  void add(const FileStatus& status);
  /// 0, "read it again", when a file changed less than two seconds before `began_ns` (CLOCK_REALTIME), or after it: it
  /// may have changed once more within the file system's shortest time.
  std::uint64_t value(std::int64_t began_ns) const noexcept;

 private:
  std::uint64_t state_ = 0;
  std::int64_t newest_ns_ = INT64_MIN;
};

class PackFiles {
 public:
  /// The pack lies at `directory` beneath `base` (empty: it is `base`). `shown` stands for it in messages and places.
  /// `trail` may be null; what is read is added to it, the directories on the way included. So is it to `stamp`,
  /// without the directories.
  PackFiles(const Directory& base, std::string_view directory, std::string_view shown, TrustTrail* trail,
            FileStamp* stamp = nullptr)
      : base_(base), directory_(directory), shown_(shown), trail_(trail), stamp_(stamp) {}
  /// The same, shown by its path.
  PackFiles(const Directory& base, std::string_view directory, TrustTrail* trail, FileStamp* stamp)
      : base_(base), directory_(directory), trail_(trail), stamp_(stamp) {}

  /// `path` is relative to the pack, here and below.
  std::string shown(std::string_view path) const;
  tl::expected<std::string, FileProblem> read(std::string_view path, std::size_t max_bytes) const;
  /// The same into `buffer`.
  tl::expected<std::string_view, FileProblem> read_into(FileBuffer& buffer, std::string_view path,
                                                        std::size_t max_bytes) const;
  /// Adds a file to trail and stamp as read() does. False when it is not there.
  bool look(std::string_view path) const;
  /// Status of a file or directory of the pack; missing, link or failed are problems.
  tl::expected<FileStatus, FileProblem> status(std::string_view path) const;
  /// Adds the pack's own directory to the trail.
  void trace_directory() const;

 private:
  std::string beneath(std::string_view path) const;
  FileProblem problem(std::string_view path, const Error& error, std::size_t max_bytes) const;
  void trace_way(std::string_view path) const;
  void note(std::string_view path, const FileStatus& status) const;
  bool tracing() const { return trail_ != nullptr && trail_->intact(); }

  const Directory& base_;
  std::string directory_;
  std::optional<std::string> shown_;
  TrustTrail* trail_;
  FileStamp* stamp_;
};

/// "a directory", "a link"...: for messages.
std::string_view describe(FileKind kind) noexcept;

}  // namespace cowork::loaders
