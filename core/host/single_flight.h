// Work that must not run twice at once, asked for by many. Private to core/host.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace cowork {

/// Threads: any. No lock is held while the work runs.
class SingleFlight {
 public:
  /// Runs `work`, or has whoever runs it now run it once more and waits for that (at most `wait`). Asked for inside the
  /// work itself, it comes back at once: the work is run once more afterwards. Whatever was there to be seen when run()
  /// was called has been seen by the work when run() returns, but for these two.
  void run(const std::function<void()>& work, std::chrono::milliseconds wait);

 private:
  class Turn;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::uint64_t asked_ = 0;
  std::uint64_t done_ = 0;
  std::thread::id running_;
};

}  // namespace cowork
