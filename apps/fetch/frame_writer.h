// Frames to the host (cowork/loaders/fetch_protocol.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "cowork/base/json.h"
#include "cowork/base/result.h"
#include "cowork/host/fetching.h"

namespace cowork::fetch {

/// Threads: one owner. A host that is gone ends the process.
class FrameWriter {
 public:
  /// `descriptor` is not owned.
  explicit FrameWriter(int descriptor) noexcept : descriptor_(descriptor) {}

  /// At most ten a second are sent: call it as often as there is something to tell, and once a second even if not, so
  /// that the host knows that somebody is at work.
  void progress(std::string_view phase, std::uint64_t bytes, std::uint64_t total);
  void directory(std::string_view path);
  /// `size` bytes must follow by data().
  void file(std::string_view path, std::uint64_t size, bool executable);
  void data(std::string_view bytes);
  void done(const FetchResult& result);
  void error(const Error& error);

 private:
  void frame(std::string_view name, json::Value content);
  int descriptor_;
  std::chrono::steady_clock::time_point next_progress_{};
};

}  // namespace cowork::fetch
