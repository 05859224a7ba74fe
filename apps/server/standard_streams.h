// Standard input and output as the end of a socket pair, so that they are a connection like any other, whatever they
// are: pipes, files, a terminal.
//
// Threads: two of its own. The descriptors given are borrowed and left as they are.
#pragma once

#include <chrono>
#include <future>
#include <thread>

#include "cowork/base/result.h"

namespace cowork::server {

class StandardStreams {
 public:
  /// Copies between the two descriptors and the pair. Errors: io.
  static Result<StandardStreams> start(int input, int output);
  StandardStreams(StandardStreams&& other) noexcept;
  StandardStreams& operator=(StandardStreams&&) = delete;
  /// Ends the copying of input at once, that of output when the connection has closed its end and all is written.
  ~StandardStreams();

  /// The end for the connection, whose it is from then on.
  int release() noexcept;
  /// No more is copied from input.
  void stop_input() noexcept;
  /// Waits until all output is written, which begins when the connection has closed its end; what nobody takes for as
  /// long as `patience` is dropped.
  void finish_output(std::chrono::milliseconds patience) noexcept;

 private:
  StandardStreams() = default;

  int theirs_ = -1;
  int ours_ = -1;
  int input_ended_ = -1;  // eventfds
  int output_ended_ = -1;
  std::thread input_;
  std::thread output_;
  std::future<void> output_over_;
};

}  // namespace cowork::server
