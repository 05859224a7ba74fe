// The trail on the disk: appending under the lock that all processes share, and reading it for a query.
//
// Cost of a line: the lock, one append with its sync, and two writes of the lock file, which are not synced.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "cowork/ports/disk.h"
#include "head.h"
#include "verify.h"

namespace cowork::audit {

struct TrailOptions {
  std::shared_ptr<Disk> disk;
  std::string path;
  std::uint64_t max_bytes = 0;
  unsigned max_files = 0;
  std::chrono::milliseconds lock_wait{5'000};
};

/// What a query works on: one state of all files.
struct TrailContents {
  std::vector<TrailFile> files;  ///< as read_trail() gives them; empty when there is no trail at all
  std::optional<Head> head;
  std::string head_path;
};

/// Threads: every method may be called by any thread.
class Trail {
 public:
  explicit Trail(TrailOptions options);

  /// Writes `record` as the next line, durably; makes the trail's directory (0700) when it is missing. The result is
  /// empty, or a warning: what was found to be wrong with the trail. A trail that was tampered with goes on from its
  /// head, so that the break stays to be seen. Errors: io, timeout and whatever else the disk said; then there is no
  /// line.
  Result<std::string> append(const Record& record);

  /// Makes nothing, changes nothing. Errors: io, timeout, invalid-argument.
  Result<TrailContents> read() const;

  /// Whether `contents` is what was written.
  Walk verify(const TrailContents& contents) const;

  const std::string& path() const noexcept { return options_.path; }

 private:
  struct Position;
  Result<Position> find_position(Directory& directory, FileLock& lock) const;
  Result<Position> recover(Directory& directory, std::optional<Head> head, std::uint64_t size) const;
  Result<void> sync_head(Directory& directory, std::size_t size) const;
  Result<std::string> write_line(Directory& directory, FileLock& lock, Position position, const Record& record) const;

  TrailOptions options_;
  std::string directory_;
  std::string name_;
  std::string lock_name_;
  std::size_t max_file_bytes_;
  std::string boot_;
};

}  // namespace cowork::audit
