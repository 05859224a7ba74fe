// `cowork serve` as a process of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/command_line.h"

namespace cowork::test {

/// Ended when the object goes. What is waited for in vain (20 s) throws. Threads: one.
class ServeProcess {
 public:
  /// `serve` and `arguments`, over the home of `line`. `handed`: descriptors that it gets as a service manager's, by
  /// these names.
  struct Handed {
    int descriptor = -1;
    std::string name;
  };
  ServeProcess(const CommandLine& line, const Arguments& arguments, const Environment& extra = {},
               const std::vector<Handed>& handed = {});
  ~ServeProcess();
  ServeProcess(const ServeProcess&) = delete;
  ServeProcess& operator=(const ServeProcess&) = delete;

  /// To its standard input.
  void write(std::string_view text);
  void end_input();
  /// As a reader that goes away.
  void close_out();
  /// Reads until standard output (standard error) holds `text`, and returns all of it so far.
  const std::string& wait_for_out(std::string_view text);
  const std::string& wait_for_err(std::string_view text);
  /// Both to their ends.
  std::string rest_of_out();
  void signal(int number) const;
  pid_t pid() const noexcept { return pid_; }
  /// The exit status; 128 and the signal where one ended it.
  int wait();

 private:
  struct Stream {
    int descriptor = -1;
    std::string text;
    bool read();
  };
  const std::string& wait_for(Stream& stream, std::string_view text);

  pid_t pid_ = -1;
  int in_ = -1;
  Stream out_, err_;
};

}  // namespace cowork::test
