// Where the socket stands, and who gets it.
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <iostream>

#include "served.h"

using namespace cowork;
using namespace cowork::test;
using json::Value;

namespace {

unsigned mode_of(const std::string& path) {
  struct stat found {};
  REQUIRE(::lstat(path.c_str(), &found) == 0);
  return found.st_mode & 07777;
}

bool exists(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0;
}

/// A socket file that nobody listens at any more.
void leave_dead_socket(const std::string& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(descriptor);
}

/// A listening socket as a service manager makes it.
int handed_socket(const std::string& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(descriptor, 8) == 0);
  return descriptor;
}

struct NoServer {
  SmallHost small;
  PluginHost host = small.start();
  TemporaryDirectory directory;

  Result<server::Server> start(const std::string& path) {
    server::ServerOptions options;
    options.socket_path = path;
    return server::Server::start(host, std::move(options));
  }
  std::string refusal(const std::string& path) {
    const auto started = start(path);
    return started ? "" : std::string(to_string(started.error().code())) + ": " + started.error().message();
  }
};

}  // namespace

TEST_CASE("socket and directory are nobody else's, whatever the umask") {
  for (const mode_t mask : {0u, 022u, 0777u}) {
    const mode_t before = ::umask(mask);
    NoServer none;
    std::string directory = none.directory.path("made/run");
    if (mask == 0777) {
      none.directory.make_directory("made");
      ::chmod(none.directory.path("made").c_str(), 0700);
      directory = none.directory.path("made");
    }
    const std::string path = directory + "/c.sock";
    {
      auto server = none.start(path);
      ::umask(before);
      REQUIRE(server);
      CHECK(server->socket_path() == path);
      CHECK(mode_of(path) == 0600);
      CHECK(mode_of(directory) == 0700);
      RpcClient client(path);
      CHECK(client.call("pluginPack:list").ok());
    }
    CHECK_FALSE(exists(path));
  }
}

TEST_CASE("of two servers at one place the second is refused") {
  Served served;
  const auto second = server::Server::start(served.host, served.options());
  REQUIRE_FALSE(second);
  CHECK(second.error().code() == ErrorCode::conflict);
  CHECK(second.error().message() == "a server listens at \"" + served.socket() + "\" already");
  CHECK(second.error().remedy() == "stop that server, or choose another path");
  RpcClient client(served.socket());
  CHECK(client.call("test:warn").ok());
}

TEST_CASE("what a server that died left is replaced") {
  NoServer none;
  const std::string path = none.directory.path("c.sock");
  leave_dead_socket(path);
  const auto server = none.start(path);
  REQUIRE(server);
  RpcClient client(path);
  CHECK(client.call("pluginPack:list").ok());
}

TEST_CASE("a living server without our lock is left alone") {
  NoServer none;
  const std::string path = none.directory.path("c.sock");
  leave_dead_socket(path);
  ::unlink(path.c_str());
  const int other = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(::bind(other, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(other, 1) == 0);
  CHECK(none.refusal(path) == "conflict: a server listens at \"" + path + "\" already");
  CHECK(exists(path));
  ::close(other);
}

TEST_CASE("only one of many that start at once gets the place of a dead one") {
  NoServer none;
  const std::string path = none.directory.path("c.sock");
  leave_dead_socket(path);
  std::atomic<int> started{0}, refused{0};
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::vector<server::Server> servers;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      auto server = none.start(path);
      server ? ++started : ++refused;
      const std::lock_guard lock(mutex);
      if (server) servers.push_back(std::move(*server));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(started == 1);
  CHECK(refused == 7);
  RpcClient client(path);
  CHECK(client.call("pluginPack:list").ok());
}

TEST_CASE("a socket that took our place is not removed at the end") {
  NoServer none;
  const std::string path = none.directory.path("c.sock");
  {
    auto server = none.start(path);
    REQUIRE(server);
    ::unlink(path.c_str());
    leave_dead_socket(path);
  }
  CHECK(exists(path));
}

TEST_CASE("what is no place for a socket is refused") {
  NoServer none;
  CHECK(none.refusal("run/c.sock") == "invalid-argument: the socket's path \"run/c.sock\" is not absolute");
  const std::string longest = none.directory.path(std::string(107 - none.directory.path().size() - 1, 'x'));
  CHECK(none.refusal(longest).empty());
  CHECK(none.refusal(longest + "x") == "invalid-argument: the socket's path has 108 bytes, but 107 is the most");
  none.directory.write("file", "text");
  CHECK(none.refusal(none.directory.path("file")) ==
        "already-exists: something that is no socket stands at \"" + none.directory.path("file") + "\"");
  CHECK(none.directory.read("file") == "text");
  none.directory.link("link", none.directory.path("elsewhere"));
  CHECK(none.refusal(none.directory.path("link")).starts_with("already-exists: "));
  none.directory.make_directory("open");
  ::chmod(none.directory.path("open").c_str(), 0777);
  CHECK(none.refusal(none.directory.path("open/c.sock")) ==
        "invalid-argument: others may write in \"" + none.directory.path("open") + "\"");
}

TEST_CASE("a directory of another user's is no place, not even a sticky one") {
  NoServer none;
  none.directory.make_directory("theirs");
  const std::string theirs = none.directory.path("theirs");
  ::chmod(theirs.c_str(), 01777);
  CHECK(none.refusal(theirs + "/c.sock").empty());
  if (::chown(theirs.c_str(), 65534, 65534) != 0) {
    std::cout << "SKIPPED: only root can give a directory to another user\n";
    return;
  }
  for (const mode_t mode : {0755u, 01777u}) {
    ::chmod(theirs.c_str(), mode);
    CHECK(none.refusal(theirs + "/c.sock") ==
          "invalid-argument: the directory \"" + theirs + "\" belongs to user 65534");
  }
}

TEST_CASE("HTTP's token lies beside a socket that was handed over") {
  NoServer none;
  const std::string path = none.directory.path("handed.sock");
  server::ServerOptions options;
  options.socket_descriptor = handed_socket(path);
  options.http_port = 0;
  const auto server = server::Server::start(none.host, std::move(options));
  REQUIRE(server);
  CHECK(server->token_path() == none.directory.path("handed.token"));
  CHECK(mode_of(server->token_path()) == 0600);
}

TEST_CASE("a listening socket that somebody else made is adopted, and left where it is") {
  NoServer none;
  const std::string path = none.directory.path("handed.sock");
  const int handed = handed_socket(path);
  {
    server::ServerOptions options;
    options.socket_path = none.directory.path("unused.sock");
    options.socket_descriptor = handed;
    auto server = server::Server::start(none.host, std::move(options));
    REQUIRE(server);
    CHECK(server->socket_path() == path);
    RpcClient client(path);
    CHECK(client.call("pluginPack:list").ok());
    CHECK_FALSE(exists(none.directory.path("unused.sock")));
  }
  CHECK(exists(path));
}

TEST_CASE("what is no listening Unix socket is not adopted") {
  NoServer none;
  int pair[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  server::ServerOptions options;
  options.socket_descriptor = pair[0];
  const auto server = server::Server::start(none.host, std::move(options));
  REQUIRE_FALSE(server);
  CHECK(server.error().message() == "descriptor " + std::to_string(pair[0]) + " is no listening Unix socket");
  ::close(pair[0]);
  ::close(pair[1]);
}

namespace {

class Heard final : public Log {
 public:
  void write(LogLevel, std::string_view, std::string_view message) override {
    const std::lock_guard lock(mutex_);
    messages_.emplace_back(message);
  }
  std::vector<std::string> messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> messages_;
};

/// Connects as user 65534 and tells how that ended: 0 when it was closed without a word.
int as_another_user(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(3);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) ::_exit(4);
    const char request[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pluginPack:list\"}\n";
    (void)!::send(descriptor, request, sizeof request - 1, MSG_NOSIGNAL);
    char byte = 0;
    ::_exit(::recv(descriptor, &byte, 1, 0) > 0 ? 5 : 0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("another user is refused, even where the file's mode would let him") {
  if (::geteuid() != 0) {
    std::cout << "SKIPPED: only root can become another user\n";
    return;
  }
  const auto log = std::make_shared<Heard>();
  Served served([&log](server::ServerOptions& options) { options.log = log; });
  CHECK(as_another_user(served.socket()) == 4);  // the mode
  ::chmod(served.directory.path().c_str(), 0755);
  ::chmod(served.directory.path("run").c_str(), 0755);
  ::chmod(served.socket().c_str(), 0666);
  CHECK(as_another_user(served.socket()) == 0);
  CHECK(log->messages() == std::vector<std::string>{"refused a connection of user 65534 (1 refused so far)"});
  RpcClient client(served.socket());
  CHECK(client.call("test:warn").ok());
}
