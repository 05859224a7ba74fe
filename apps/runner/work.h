// Calls and events of the host, each on a thread of the pack's.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "connection.h"
#include "cowork/host/native_code.h"

namespace cowork::runner {

/// Threads: one owner; the destructor waits for what was begun.
class Work {
 public:
  Work(Connection& connection, std::shared_ptr<NativePack> pack);
  ~Work();
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  /// Runs a tool on a thread of its own.
  void call(const json::Value& request);
  void cancel(const json::Value& request);
  /// Events come one after another.
  void event(const json::Value& request);

 private:
  struct Waiting {
    std::int64_t id;
    Event event;
  };
  void run_call(std::int64_t id, const std::string& tool, const json::Value& input, const std::stop_token& stop);
  void run_events();
  void end_call(std::int64_t id);

  Connection& connection_;
  std::shared_ptr<NativePack> pack_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::int64_t, std::stop_source> calls_;
  std::deque<Waiting> events_;
  bool ending_ = false;
  std::thread event_thread_;
};

}  // namespace cowork::runner
