#include "server_connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "cowork/base/text.h"

namespace cowork::cli {
namespace {

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return fail(Error::invalid_argument("the path of the socket is too long")
                    .with_why(path + " has " + std::to_string(path.size()) + " bytes, and a socket's address at most " +
                              std::to_string(sizeof address.sun_path - 1))
                    .with_remedy("make a shorter link to its directory"));
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

int connect_to(int socket, const sockaddr_un& address) {
  int failed = 0;
  do {
    failed = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  } while (failed != 0 && errno == EINTR);
  return failed == 0 ? 0 : errno;
}

Error not_connected(const std::string& path, int error_number, Error no_server) {
  if (error_number == ENOENT || error_number == ENOTDIR) return no_server.with_why("there is no socket " + path);
  if (error_number == ECONNREFUSED) return no_server.with_why("nobody listens at " + path);
  return Error::io("cannot connect to a server: " + std::string(std::strerror(error_number))).with_why(path);
}

/// Whoever listens is told what the user tells: nobody else may.
Result<void> check_peer(int socket, const std::string& path) {
  ucred peer = {};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
    return fail(Error::from_errno(errno, "see whose server " + cowork::quoted(path) + " is"));
  if (peer.uid == ::geteuid() || peer.uid == 0) return {};
  return fail(Error::io("the server is another user's")
                  .with_why(path + " is listened on by user " + std::to_string(peer.uid))
                  .with_remedy("connect to a server of your own: cowork serve"));
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Result<ServerConnection> ServerConnection::open(const std::string& path, Error no_server) {
  COWORK_ASSIGN(const sockaddr_un address, address_of(path));
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return fail(Error::from_errno(errno, "make a socket"));
  if (const int error_number = connect_to(socket.get(), address); error_number != 0)
    return fail(not_connected(path, error_number, std::move(no_server)));
  COWORK_TRY(check_peer(socket.get(), path));
  return ServerConnection(path, std::move(socket));
}

Error ServerConnection::broken(std::string why) const {
  return Error::io("the connection to the server broke off")
      .with_why(path_ + ": " + std::move(why) + "; what was asked may have taken effect")
      .with_remedy("cowork audit");
}

Result<void> ServerConnection::send_line(std::string text) {
  text += '\n';
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t count = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return {};  // what the server had to say before it closed can still be read
    } else if (errno != EINTR) {
      return fail(broken(std::strerror(errno)));
    }
  }
  return {};
}

Result<bool> ServerConnection::wait(int wake) {
  std::array<pollfd, 2> entries{{{socket_.get(), POLLIN, 0}, {wake, POLLIN, 0}}};
  while (::poll(entries.data(), entries.size(), -1) < 0)
    if (errno != EINTR) return fail(broken(std::strerror(errno)));
  return entries[1].revents == 0;
}

Result<void> ServerConnection::receive() {
  std::array<char, 1u << 16> buffer;
  ssize_t count = 0;
  do {
    count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return fail(broken(std::strerror(errno)));
  if (count == 0) return fail(broken("the server closed it"));
  if (received_.size() + static_cast<std::size_t>(count) > longest_line)
    return fail(broken("an answer is longer than " + std::to_string(longest_line >> 20) + " MiB"));
  received_.append(buffer.data(), static_cast<std::size_t>(count));
  return {};
}

std::optional<std::string> ServerConnection::take_line() {
  const std::size_t end = received_.find('\n', looked_at_);
  if (end == std::string::npos) {
    looked_at_ = received_.size();
    return std::nullopt;
  }
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 1);
  looked_at_ = 0;
  return line;
}

Result<std::optional<std::string>> ServerConnection::read_line(int wake) {
  for (;;) {
    if (std::optional<std::string> line = take_line()) return line;
    COWORK_ASSIGN(const bool readable, wait(wake));
    if (!readable) return std::optional<std::string>();
    COWORK_TRY(receive());
  }
}

}  // namespace cowork::cli
