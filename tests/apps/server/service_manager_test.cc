// What a service manager hands over, read to the letter.
#include "service_manager.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "support/catch.h"

using namespace cowork;

namespace {

/// Runs `check` in a child whose descriptors from 3 on are `sockets`, with this environment; true when it returned
/// true.
template <class Check>
bool holds(const std::vector<int>& sockets, const char* count, const char* names, bool own_pid, const Check& check) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::vector<int> away;
    for (const int socket : sockets) away.push_back(::fcntl(socket, F_DUPFD, 50));
    for (std::size_t i = 0; i < away.size(); ++i) ::dup2(away[i], 3 + static_cast<int>(i));
    ::setenv("LISTEN_PID", std::to_string(own_pid ? ::getpid() : 1).c_str(), 1);
    ::setenv("LISTEN_FDS", count, 1);
    names ? ::setenv("LISTEN_FDNAMES", names, 1) : ::unsetenv("LISTEN_FDNAMES");
    ::_exit(check(cli::take_handed_sockets()) && !std::getenv("LISTEN_FDS") ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int listening(int family) {
  const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::listen(descriptor, 1) == (family == AF_UNIX ? -1 : 0));
  if (family == AF_UNIX) {
    const sockaddr_storage unnamed{AF_UNIX, {}, 0};
    REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&unnamed), sizeof(sa_family_t)) == 0);
    REQUIRE(::listen(descriptor, 1) == 0);
  }
  return descriptor;
}

using Taken = Result<cli::HandedSockets>;

}  // namespace

TEST_CASE("sockets are told apart by name, else by family") {
  const int local = listening(AF_UNIX);
  const int loopback = listening(AF_INET);
  const auto both = [](int socket, int http) {
    return [=](const Taken& taken) { return taken && taken->socket == socket && taken->http == http; };
  };
  CHECK(holds({local, loopback}, "2", nullptr, true, both(3, 4)));
  CHECK(holds({loopback, local}, "2", "unknown:unknown", true, both(4, 3)));
  CHECK(holds({loopback, local}, "2", "cowork-http:cowork-socket", true, both(4, 3)));
  CHECK(holds({local}, "1", "cowork-socket", true, both(3, -1)));
  CHECK(holds({loopback}, "1", "", true, both(-1, 3)));
  CHECK(holds({local}, "1", nullptr, false, both(-1, -1)));  // another process's
  CHECK(holds({local}, "0", nullptr, true, both(-1, -1)));
  CHECK(holds({local}, "x", nullptr, true, both(-1, -1)));
  CHECK(holds({local}, "-1", nullptr, true, both(-1, -1)));
  ::close(local);
  ::close(loopback);
}

TEST_CASE("two of a kind, and what is no listening socket, are refused") {
  const int local = listening(AF_UNIX);
  int pair[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  const auto refused = [](const std::string& message) {
    return [=](const Taken& taken) { return !taken && taken.error().message() == message; };
  };
  CHECK(holds({local, local}, "2", nullptr, true,
              refused("the service manager hands over two sockets for the Unix socket")));
  CHECK(holds({local, local}, "2", "cowork-http:cowork-http", true,
              refused("the service manager hands over two sockets for HTTP")));
  CHECK(holds({pair[0]}, "1", nullptr, true, refused("descriptor 3 from the service manager is no listening socket")));
  for (const int descriptor : {local, pair[0], pair[1]}) ::close(descriptor);
}

TEST_CASE("adopted sockets are not inherited by programs that are started") {
  const int local = listening(AF_UNIX);
  CHECK(holds({local}, "1", nullptr, true,
              [](const Taken& taken) { return taken && (::fcntl(3, F_GETFD) & FD_CLOEXEC) != 0; }));
  ::close(local);
}

TEST_CASE("without a service manager nobody is told") {
  ::unsetenv("NOTIFY_SOCKET");
  CHECK_FALSE(cli::tell_service_manager("READY=1"));
  ::setenv("NOTIFY_SOCKET", "relative", 1);
  CHECK_FALSE(cli::tell_service_manager("READY=1"));
  ::setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
  CHECK_FALSE(cli::tell_service_manager("READY=1"));
  ::setenv("NOTIFY_SOCKET", ("/" + std::string(200, 'x')).c_str(), 1);
  CHECK_FALSE(cli::tell_service_manager("READY=1"));
  ::unsetenv("NOTIFY_SOCKET");
}
