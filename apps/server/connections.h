// The connections that send lines: who hears of events, and who has to end before the server does.
//
// Threads: any. Ownership: connections own themselves, this only knows them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "line_connection.h"

namespace cowork::server {

class Connections {
 public:
  explicit Connections(const Limits& limits) : limits_(limits) {}

  /// Starts a connection; false when there are too many, and `socket` is left alone. `ended` is told when it is over.
  bool add(LineSocket& socket, const std::shared_ptr<Dispatcher>& dispatcher, std::string entry, std::string actor,
           std::function<void()> ended = {});
  /// Says `line` and ends, so that the peer can read it: a moment later. Of too many at once it ends without a word.
  void refuse(LineSocket& socket, std::string line);
  std::size_t most() const noexcept { return limits_.connections; }
  void publish(const std::shared_ptr<const std::string>& text, std::string_view type);

  /// From now on nobody is added and no line is taken; one may be under way.
  void stop_taking() noexcept { *stopping_ = true; }
  /// After stop_taking(): no line begins any more when this returns, or when `deadline` has come.
  void stop_reading(std::chrono::steady_clock::time_point deadline);
  /// Each ends when everything is written to it; those that have not by `deadline` end then.
  void finish(std::chrono::steady_clock::time_point deadline);
  /// They end at once.
  void close();

 private:
  using Key = const void*;
  std::vector<std::shared_ptr<LineConnection>> all();
  /// Null when `count` has come to `most`; else a connection that is counted until it has ended.
  std::shared_ptr<LineConnection> make(LineSocket& socket, const std::shared_ptr<Dispatcher>& dispatcher,
                                       std::size_t& count, std::size_t most, std::function<void()> ended);
  void leave(Key key, std::size_t& count);

  const Limits limits_;
  const std::shared_ptr<std::atomic<bool>> stopping_ = std::make_shared<std::atomic<bool>>(false);
  std::mutex mutex_;
  std::size_t count_ = 0;
  std::size_t refused_ = 0;  // that have not ended yet
  std::condition_variable fewer_;
  std::unordered_map<Key, std::weak_ptr<LineConnection>> connections_;
};

}  // namespace cowork::server
