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

/// What one caller has on CallThreads: at most `most` of its tasks hold a thread or wait for one, the others wait here
/// for those, in their order. So nobody keeps all threads from the others. Threads: any.
class CallTurns {
 public:
  static constexpr std::size_t most = 4;

  /// Runs `task`, which must not throw, on `threads` when it is its turn. Both `threads` and this must be there until
  /// it has run; `task` is expected to keep them.
  void run(CallThreads& threads, std::function<void()> task);

 private:
  void begin(CallThreads& threads, std::function<void()> task);
  std::function<void()> next();

  std::mutex mutex_;
  std::deque<std::function<void()>> waiting_;
  std::size_t running_ = 0;
};

}  // namespace cowork::server
