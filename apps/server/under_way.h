// How many documents are being carried out, for whoever waits until none is.
//
// Threads: any.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>

namespace cowork::server {

class UnderWay {
 public:
  void enter() noexcept { count_.fetch_add(1); }
  void leave() noexcept {
    if (count_.fetch_sub(1) == 1 && awaited_) {
      const std::lock_guard lock(mutex_);
      none_.notify_all();
    }
  }
  /// False when `deadline` came first; no deadline: waits as long as it takes.
  bool wait(std::optional<std::chrono::steady_clock::time_point> deadline, const std::atomic<bool>& give_up) {
    std::unique_lock lock(mutex_);
    awaited_ = true;
    const auto over = [&] { return count_ == 0 || give_up; };
    if (deadline)
      none_.wait_until(lock, *deadline, over);
    else
      none_.wait(lock, over);
    return count_ == 0;
  }
  /// Makes wait() look at `give_up` again.
  void wake() {
    const std::lock_guard lock(mutex_);
    none_.notify_all();
  }

 private:
  std::atomic<std::size_t> count_{0};
  std::atomic<bool> awaited_{false};
  std::mutex mutex_;
  std::condition_variable none_;
};

}  // namespace cowork::server
