#include "call_threads.h"

#include <system_error>
#include <utility>

namespace cowork::server {

void CallThreads::close() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    threads.swap(threads_);
  }
  more_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

void CallThreads::run(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    if (ensure_thread()) {
      more_.notify_one();
      return;
    }
    task = std::move(tasks_.back());
    tasks_.pop_back();
  }
  task();
}

bool CallThreads::ensure_thread() {
  if (over_) return false;
  if (tasks_.size() <= idle_ || threads_.size() >= most_) return true;
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    return !threads_.empty();
  }
  return true;
}

void CallThreads::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    more_.wait(lock, [this] { return over_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) return;
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;  // what it holds goes before the lock is taken
    lock.lock();
  }
}

void CallTurns::run(CallThreads& threads, std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (running_ == most) return waiting_.push_back(std::move(task));
    ++running_;
  }
  begin(threads, std::move(task));
}

void CallTurns::begin(CallThreads& threads, std::function<void()> task) {
  threads.run([this, &threads, task = std::move(task)]() mutable {
    task();
    std::function<void()> following = next();
    task = nullptr;  // with the last task this may go
    if (following) begin(threads, std::move(following));
  });
}

std::function<void()> CallTurns::next() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    --running_;
    return {};
  }
  std::function<void()> task = std::move(waiting_.front());
  waiting_.pop_front();
  return task;
}

}  // namespace cowork::server
