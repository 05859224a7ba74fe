// A server that says what a test tells it to, on a Unix socket of its own: for what a real one never says.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/temporary_directory.h"

namespace cowork::cli::test {

/// The server's end of one connection.
class Peer {
 public:
  explicit Peer(int descriptor) : descriptor_(descriptor) {}
  /// The next request's line; empty when the client has gone, or says nothing for twenty seconds.
  std::string line();
  /// Bytes as they stand.
  void send(std::string_view bytes) const;

 private:
  int descriptor_;
  std::string received_;
};

class ScriptedServer {
 public:
  /// `talk` is run on a thread of the server's for each connection, one after the other.
  explicit ScriptedServer(std::function<void(Peer&)> talk);
  /// Closes the socket and waits for `talk`.
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string path() const { return directory_.path("s"); }

 private:
  void serve(const std::function<void(Peer&)>& talk) const;

  cowork::test::TemporaryDirectory directory_;
  int listening_;
  std::thread thread_;
};

}  // namespace cowork::cli::test
