#include "service_manager.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace cowork::cli {
namespace {

constexpr int first_descriptor = 3;  // SD_LISTEN_FDS_START
constexpr int most_descriptors = 64;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::optional<long> number(const std::string& text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char character : text) {
    if (character == ':')
      parts.emplace_back();
    else
      parts.back() += character;
  }
  return parts;
}

/// AF_UNIX, AF_INET…; -1 when it is no listening stream.
int family_of(int descriptor) noexcept {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  int listening = 0;
  socklen_t size = sizeof listening;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) return -1;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0) return -1;
  return address.ss_family;
}

Result<void> take(int descriptor, const std::string& name, HandedSockets& sockets) {
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  const int family = family_of(descriptor);
  if (family < 0)
    return fail(Error::invalid_argument("descriptor " + std::to_string(descriptor) +
                                        " from the service manager is no listening socket")
                    .with_why("LISTEN_FDS")
                    .with_remedy("look at the socket unit"));
  const bool is_http = name == "cowork-http" || (name != "cowork-socket" && family != AF_UNIX);
  int& place = is_http ? sockets.http : sockets.socket;
  if (place >= 0)
    return fail(Error::invalid_argument("the service manager hands over two sockets for " +
                                        std::string(is_http ? "HTTP" : "the Unix socket"))
                    .with_why("LISTEN_FDS")
                    .with_remedy("look at the socket unit: FileDescriptorName=cowork-socket or cowork-http"));
  place = descriptor;
  return {};
}

}  // namespace

Result<HandedSockets> take_handed_sockets() {
  const std::optional<long> process = number(environment("LISTEN_PID"));
  const std::optional<long> count = number(environment("LISTEN_FDS"));
  const std::vector<std::string> names = split(environment("LISTEN_FDNAMES"));
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
  HandedSockets sockets;
  if (process != static_cast<long>(::getpid()) || !count || *count < 1 || *count > most_descriptors) return sockets;
  for (std::size_t i = 0; i < static_cast<std::size_t>(*count); ++i)
    COWORK_TRY(take(first_descriptor + static_cast<int>(i), i < names.size() ? names[i] : "", sockets));
  return sockets;
}

bool tell_service_manager(std::string_view state) noexcept {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (!path || (path[0] != '/' && path[0] != '@')) return false;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // an abstract name
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const ssize_t sent =
      ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
               static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  ::close(descriptor);
  return sent == static_cast<ssize_t>(state.size());
}

}  // namespace cowork::cli
