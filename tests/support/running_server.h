// `cowork serve` on the home of a test, from its making to its end.
#pragma once

#include <memory>
#include <string>

#include "support/command_line.h"

namespace cowork::test {

/// Listens when it is made; what goes wrong throws. Threads: one.
class RunningServer {
 public:
  /// On the socket `serve.sock` of the home's directory; `arguments` follow `cowork serve --json --socket PATH`. It
  /// runs in a directory of its own, so that a path which a command left relative is found by nobody.
  explicit RunningServer(const CommandLine& cli, const Arguments& arguments = {"--no-http"});
  /// Ends it by SIGTERM, and waits.
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  /// What it said of itself: `{socket, http, tokenFile, pid}`.
  const json::Value& described() const noexcept { return described_; }
  /// Ends it by SIGTERM; its exit status.
  int stop();

 private:
  struct Process;
  TemporaryDirectory streams_;
  std::unique_ptr<Process> process_;
  json::Value described_;
};

}  // namespace cowork::test
