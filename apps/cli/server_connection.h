// A blocking connection to a server's Unix socket: lines out, lines in.
//
// Threads: one at a time. Ownership: the connection owns its descriptor.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/base/error.h"
#include "cowork/base/result.h"

namespace cowork::cli {

/// A file descriptor that is closed with its owner; -1: none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const noexcept { return number_; }

 private:
  int number_;
};

class ServerConnection {
 public:
  /// The longest line that is taken from a server, in bytes.
  static constexpr std::size_t longest_line = 256u << 20;

  /// `path` is absolute. Errors: invalid-argument (longer than a socket's address may be), io (the server is another
  /// user's, who is not root either; nobody listens there: then `no_server` with the reason as its why).
  static Result<ServerConnection> open(const std::string& path, Error no_server);

  /// Writes `text` and a line feed. A server that has closed shows when its answer is read. Errors: io.
  Result<void> send_line(std::string text);
  /// The next line, without its line feed; none when `wake` (a descriptor, or -1) became readable before it was whole.
  /// Errors: io.
  Result<std::optional<std::string>> read_line(int wake);

 private:
  ServerConnection(std::string path, Descriptor socket) : path_(std::move(path)), socket_(std::move(socket)) {}
  std::optional<std::string> take_line();
  /// True when there is something to read; false when `wake` was quicker.
  Result<bool> wait(int wake);
  Result<void> receive();
  Error broken(std::string why) const;

  std::string path_;
  Descriptor socket_;
  std::string received_;
  std::size_t looked_at_ = 0;  ///< bytes of received_ without a line feed
};

}  // namespace cowork::cli
