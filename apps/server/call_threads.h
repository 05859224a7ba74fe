// Threads that calls run on when the one that read them must not wait.
//
// Threads: any. Destroying it is close().
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cowork::server {

/// At most `most` tasks run at once, in the order in which they came; more wait. Threads are made when they are needed.
class CallThreads {
 public:
  explicit CallThreads(std::size_t most) : most_(most > 0 ? most : 1) {}
  ~CallThreads() { close(); }
  CallThreads(const CallThreads&) = delete;
  CallThreads& operator=(const CallThreads&) = delete;

  /// `task` must not throw. Where the system has no thread left, and there is none yet, it runs here.
  void run(std::function<void()> task);
  /// Waits for what was given to it. What comes later runs where it comes from.
  void close();

 private:
  bool ensure_thread();  // under the mutex
  void work();

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool over_ = false;
};

}  // namespace cowork::server
