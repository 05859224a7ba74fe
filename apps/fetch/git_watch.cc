#include "git_watch.h"

#include <fmt/format.h>

#include <filesystem>

#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"

namespace cowork::fetch {
namespace {

using Clock = std::chrono::steady_clock;

// Qualified, since <filesystem> brings std::quoted.
std::string shown(const Request& request) {
  return cowork::quoted(masked_address(request.what.address));
}

std::uint64_t bytes_below(const std::string& directory) {
  std::uint64_t bytes = 0;
  std::error_code ignored;  // files come and go while git works
  for (auto at = std::filesystem::recursive_directory_iterator(directory, ignored);
       at != std::filesystem::recursive_directory_iterator(); at.increment(ignored)) {
    std::error_code gone;
    const auto size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

}  // namespace

Error too_large(const Request& request) {
  return Error::invalid_argument(
      fmt::format("{} is larger than {} bytes", shown(request), request.limits.download_bytes));
}

GitWatch::GitWatch(const Request& request, FrameWriter& frames)
    : request_(&request), frames_(&frames), end_(Clock::now() + request.limits.total), last_growth_(Clock::now()) {}

Result<void> GitWatch::look() {
  const std::uint64_t bytes = bytes_below(request_->scratch);
  const auto now = Clock::now();
  if (bytes != bytes_) last_growth_ = now;
  bytes_ = bytes;
  frames_->progress("download", bytes, 0);
  if (bytes > request_->limits.download_bytes) return fail(too_large(*request_));
  if (now >= end_)
    return fail(Error(ErrorCode::timeout, fmt::format("fetching {} took longer than {} ms", shown(*request_),
                                                      request_->limits.total.count())));
  // libcurl's own clock counts whole seconds, and none while it connects.
  if (now - last_growth_ >= request_->limits.stall)
    return fail(Error(ErrorCode::network,
                      fmt::format("nothing came from {} for {} ms", shown(*request_), request_->limits.stall.count())));
  return {};
}

}  // namespace cowork::fetch
