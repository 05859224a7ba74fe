// An eye on git while it fetches.
#pragma once

#include <chrono>
#include <cstdint>

#include "frame_writer.h"
#include "request.h"

namespace cowork::fetch {

/// What git has fetched is more than a fetch may bring.
Error too_large(const Request& request);

/// Threads: one owner.
class GitWatch {
 public:
  GitWatch(const Request& request, FrameWriter& frames);
  /// Looks at what lies in the scratch directory, and tells the host. Errors: invalid-argument (too much), timeout,
  /// network (nothing more comes).
  Result<void> look();

 private:
  const Request* request_;
  FrameWriter* frames_;
  std::chrono::steady_clock::time_point end_;
  std::chrono::steady_clock::time_point last_growth_;
  std::uint64_t bytes_ = 0;
};

}  // namespace cowork::fetch
