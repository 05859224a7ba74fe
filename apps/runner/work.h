// Calls and events of the host. Threads take turns at reading: who has read a call runs it, and the next one goes on
// reading, so that a call waits for no other thread and what cancels it is heard.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

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

  /// Until the host asks for the end.
  void serve();

 private:
  struct Call {
    std::int64_t id = 0;
    std::string tool;
    json::Value input;
    std::stop_token stop;
  };
  struct Waiting {
    std::int64_t id;
    Event event;
  };
  /// Reads until there is a call to run; nothing at the end.
  std::optional<Call> next_call();
  Call begin_call(json::Value request);
  void cancel(const json::Value& request);
  /// Events come one after another, on a thread of their own.
  void event(const json::Value& request);
  /// Somebody has to read while a call runs.
  void leave_reading_to_another(std::int64_t id);
  void run_call(const Call& call);
  void run_events();

  Connection& connection_;
  std::shared_ptr<NativePack> pack_;
  std::mutex reading_;  ///< taken before mutex_
  bool ended_ = false;  ///< by the host; guarded by reading_
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t waiting_ = 1;  ///< threads that wait for their turn at reading; at first, the one that will call serve()
  std::vector<std::thread> readers_;
  std::map<std::int64_t, std::stop_source> calls_;
  std::deque<Waiting> events_;
  bool ending_ = false;
  std::thread event_thread_;
};

}  // namespace cowork::runner
