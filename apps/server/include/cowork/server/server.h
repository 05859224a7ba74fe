// cowork::server: a running host, answering others. JSON-RPC 2.0 over a Unix socket, standard input and output, and
// HTTP on loopback; events to subscribers; the console in the browser. Every call goes through the host's chain, there
// is no other way to it. Wire: docs/ipc.md. Construction: docs/serving.md.
//
// Threads: every method may be called by any thread. Ownership: the host is borrowed and must outlive the server;
// destroying a server stops it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "cowork/host/plugin_host.h"
#include "cowork/ports/log.h"

namespace cowork::server {

/// What one peer may ask for; whoever goes beyond is refused, or cut off where no answer could reach it.
struct Limits {
  std::size_t request_bytes = 1u << 20;       ///< of one document: a line, a body
  std::size_t batch = 1000;                   ///< calls in one batch
  std::size_t connections = 512;              ///< of the socket and the standard streams
  std::size_t http_connections = 256;         ///< of HTTP, WebSockets among them
  std::size_t anonymous_connections = 64;     ///< of those, such as have not shown a valid token yet
  std::size_t calls_of_connection = 64;       ///< under way at once
  std::size_t pending_output = 16u << 20;     ///< bytes of answers that wait for a peer who does not read
  std::chrono::milliseconds headers{10'000};  ///< until an HTTP request is complete
  std::chrono::milliseconds idle{120'000};    ///< an HTTP connection between requests, or while an answer is written
  std::chrono::milliseconds anonymous_idle{10'000};  ///< the same, as long as it has shown no valid token
};

struct ServerOptions {
  /// Absolute path of the Unix socket; its directory is made (0700) where it is missing; empty: no socket. What a
  /// server that died left there is replaced; a living one is `conflict`. Its directory must be this user's or root's,
  /// and nobody else may write there unless it is sticky.
  std::string socket_path;
  /// HTTP on 127.0.0.1; 0: a port that the system chooses; unset: no HTTP.
  std::optional<std::uint16_t> http_port;
  /// Where HTTP's token is written (0600); empty: <socket_path without .sock>.token, or with no socket none, and only
  /// one-time codes let in. Its directory must be this user's or root's, and nobody else may write there.
  std::string token_path;
  /// Listening sockets made by somebody else (systemd); -1: none. They take the place of the two above and are the
  /// server's from then on.
  int socket_descriptor = -1;
  int http_descriptor = -1;
  bool standard_streams = false;  ///< requests on standard input, answers on standard output; its end stops the server
  bool console = true;            ///< with HTTP: the console at `/` and the JavaScript client at `/client/`
  /// With HTTP: an application's own pages, at `/pages/`; absolute; empty: none. Every user of the machine can read
  /// what lies there, whatever its modes are, and the pages share the console's origin: trusted ones only.
  std::string pages_directory;
  /// How long calls under way may go on after stop(); then they are asked to stop.
  std::chrono::milliseconds grace{30'000};
  /// Told of what an operator should know, such as peers that were refused, on threads of the server; null: nobody.
  std::shared_ptr<Log> log;
  /// Two: one that a hung interceptor holds leaves one that answers, and every further one only costs wake-ups.
  unsigned io_threads = 2;
  unsigned workers = 4;
  Limits limits;
};

class Server {
 public:
  /// Listens, and answers from then on. Errors: conflict (the address or the token file is in use), invalid-argument
  /// (relative or too long path; a directory that others own or write in), io.
  static Result<Server> start(PluginHost& host, ServerOptions options);
  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();

  /// Nothing new is accepted or read; calls under way finish (at most `grace`), their answers are written. Blocks until
  /// then. A second call makes the first one's wait end at once, by asking the calls to stop. Not to be called on a
  /// thread that runs a call of this server.
  void stop();
  /// Blocks until stop() was called or standard input has ended, and everything is over.
  void wait();

  const std::string& socket_path() const noexcept;   ///< empty: none
  const std::string& http_address() const noexcept;  ///< `http://127.0.0.1:PORT`; empty: none
  const std::string& token_path() const noexcept;    ///< empty: none
  /// An address that opens the console once, within a minute. Errors: conflict (no HTTP, no console).
  Result<std::string> console_address();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace cowork::server
