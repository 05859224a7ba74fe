// Where a listener listens, and how it ends.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http_fixture.h"

using namespace cowork;
using namespace std::chrono_literals;
using test::HttpAnswer;
using test::HttpClient;
using test::HttpFixture;

namespace {

/// A socket that listens on this address; -1: the system has no such address.
int listening(std::uint32_t address, bool listen) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(address);
  REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0);
  if (listen) REQUIRE(::listen(descriptor, 16) == 0);
  return descriptor;
}

Result<std::unique_ptr<server::HttpListener>> listen_with(boost::asio::io_context& context,
                                                          const server::ServerOptions& options) {
  return server::HttpListener::listen(context, options, std::make_shared<ManualClock>());
}

}  // namespace

TEST_CASE("the end: idle connections go, the running call is answered, nobody new comes in") {
  const HttpFixture server;
  HttpClient idle(server.port());
  CHECK(idle.request("GET", "/nowhere").status == 404);
  HttpClient busy(server.port());
  busy.send_request("POST", "/rpc", server.fields(), "wait");
  REQUIRE(server.dispatcher->wait_for_calls(1));
  const unsigned port = server.port();
  server.listener->stop_accepting();
  CHECK(idle.at_end());
  CHECK(test::eventually([&] {
    try {
      HttpClient late(port);
      return late.at_end();
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
  server.dispatcher->release();
  const HttpAnswer answer = busy.answer();
  CHECK(answer.body == R"({"released":true})");
  CHECK(answer.field("connection") == "close");
  CHECK(server.directory.exists("http.token"));
  server.listener->close();
  CHECK(busy.at_end());
  CHECK_FALSE(server.directory.exists("http.token"));
  CHECK(server.listener->connections() == 0);
}

TEST_CASE("the end does not wait for somebody who does not read") {
  const HttpFixture server;
  HttpClient client(server.port(), 20s, 4096);
  client.send_request("POST", "/rpc", server.fields(), "wait");
  REQUIRE(server.dispatcher->wait_for_calls(1));
  server.listener->close();  // though the call is under way
  CHECK(server.dispatcher->wait_for_stop());
  CHECK(client.at_end());
}

TEST_CASE("the token file stands beside the socket unless it is told otherwise") {
  const test::TemporaryDirectory home;
  boost::asio::io_context context;
  server::ServerOptions options;
  options.http_port = 0;
  options.socket_path = home.path("cowork.sock");
  const auto listener = listen_with(context, options);
  REQUIRE(listener);
  CHECK((*listener)->token_path() == home.path("cowork.token"));
  CHECK(home.read("cowork.token").size() == 65);
  struct stat status {};
  REQUIRE(::lstat(home.path("cowork.token").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);

  options.socket_path.clear();
  const auto without = listen_with(context, options);
  REQUIRE(without);
  CHECK((*without)->token_path().empty());
}

TEST_CASE("a port that is taken is a conflict that names it") {
  boost::asio::io_context context;
  server::ServerOptions options;
  options.http_port = 0;
  const auto first = listen_with(context, options);
  REQUIRE(first);
  const std::string address = (*first)->address();
  options.http_port = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  const auto second = listen_with(context, options);
  REQUIRE_FALSE(second);
  CHECK(second.error().code() == ErrorCode::conflict);
  CHECK(second.error().message() == "cannot listen on " + address + ": another program listens there");
  CHECK(second.error().remedy() == "leave --port out: the system then chooses one that is free");
}

TEST_CASE("a descriptor is taken over when it listens on 127.0.0.1, and only then") {
  boost::asio::io_context context;
  server::ServerOptions options;
  options.http_descriptor = listening(INADDR_LOOPBACK, true);
  const auto adopted = listen_with(context, options);
  REQUIRE(adopted);
  CHECK((*adopted)->address().starts_with("http://127.0.0.1:"));
  int pair[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
  const int everywhere = listening(INADDR_ANY, true);
  const int deaf = listening(INADDR_LOOPBACK, false);
  for (const int descriptor : {pair[0], pair[1], everywhere, deaf, 999}) {
    options.http_descriptor = descriptor;
    const auto refused = listen_with(context, options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == ErrorCode::invalid_argument);
    CHECK(refused.error().message() == "descriptor " + std::to_string(descriptor) + " does not listen on 127.0.0.1");
    ::close(descriptor);
  }
}
