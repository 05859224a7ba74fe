// Ctrl-C as a request to stop instead of an end on the spot, so that what was begun can be swept up.
//
// Threads: one object at a time in a process.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace cowork::cli {

/// For its lifetime SIGINT, SIGTERM and SIGHUP ask to stop; a second one of them ends the process at once. Where there
/// are no descriptors left for it, signals do what they always did.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  struct sigaction before_[3] = {};
  std::thread waiting_;
};

}  // namespace cowork::cli
