// The calls of one caller that can be cancelled by their ids.
//
// Threads: any.
#pragma once

#include <cstddef>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cowork::server {

class CallsUnderWay {
 public:
  /// False, and nothing is kept, when `most` are under way already. `id` is its text in the request; empty for a
  /// notification, which nobody can cancel.
  bool begin(std::string id, std::stop_source stop, std::size_t most);
  void end(const std::stop_source& stop);
  /// Asks all calls with this id to stop; false when there are none.
  bool cancel(std::string_view id);

 private:
  struct Call {
    std::string id;
    std::stop_source stop;
  };
  std::mutex mutex_;
  std::vector<Call> calls_;
};

}  // namespace cowork::server
