#include "scripted_server.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace cowork::cli::test {

std::string Peer::line() {
  for (std::size_t end = 0;;) {
    if (end = received_.find('\n'); end != std::string::npos) {
      std::string found = received_.substr(0, end);
      received_.erase(0, end + 1);
      return found;
    }
    std::array<char, 65536> buffer;
    const ssize_t count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (count <= 0) return {};
    received_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void Peer::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // a client that had enough
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

ScriptedServer::ScriptedServer(std::function<void(Peer&)> talk)
    : listening_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path().copy(address.sun_path, sizeof address.sun_path - 1);
  if (::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listening_, 8) != 0)
    throw std::runtime_error("cannot listen on " + path());
  thread_ = std::thread([this, talk = std::move(talk)] { serve(talk); });
}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listening_, SHUT_RDWR);
  thread_.join();
  ::close(listening_);
}

void ScriptedServer::serve(const std::function<void(Peer&)>& talk) const {
  for (;;) {
    const int accepted = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) return;
    const timeval patience{20, 0};
    ::setsockopt(accepted, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    Peer peer(accepted);
    talk(peer);
    ::close(accepted);
  }
}

}  // namespace cowork::cli::test
