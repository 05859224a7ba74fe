// A clock that only tests move.
#pragma once

#include <atomic>

#include "cowork/ports/clock.h"

namespace cowork {

/// Stands still until it is advanced. Threads: any.
class ManualClock final : public Clock {
 public:
  /// Begins at 2025-01-15T12:00:00Z unless told otherwise; the steady clock begins at 0.
  explicit ManualClock(std::int64_t system_ms = 1'736'942'400'000) : system_ms_(system_ms) {}

  std::int64_t system_ms() const override { return system_ms_.load(); }
  std::int64_t steady_us() const override { return steady_us_.load(); }

  /// Moves both clocks forward; a negative `milliseconds` moves only the system's, as an administrator may.
  void advance_ms(std::int64_t milliseconds) {
    system_ms_ += milliseconds;
    if (milliseconds > 0) steady_us_ += milliseconds * 1000;
  }

 private:
  std::atomic<std::int64_t> system_ms_;
  std::atomic<std::int64_t> steady_us_{0};
};

}  // namespace cowork
