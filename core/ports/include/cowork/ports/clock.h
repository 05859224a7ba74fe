// Time behind an interface, so that no test ever sleeps.
#pragma once

#include <cstdint>
#include <memory>

namespace cowork {

/// Threads: every method may be called by any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Milliseconds since the epoch, UTC.
  virtual std::int64_t system_ms() const = 0;
  /// Microseconds of a clock that never goes back.
  virtual std::int64_t steady_us() const = 0;
};

std::shared_ptr<Clock> make_real_clock();

}  // namespace cowork
