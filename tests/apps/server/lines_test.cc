// Lines, their limits, and peers that do not behave.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "served.h"
#include "support/http_client.h"

using namespace cowork;
using namespace cowork::test;
using json::Value;

namespace {

/// A request of exactly so many bytes, without its line feed.
std::string request_of(std::size_t bytes) {
  const std::string head = R"({"jsonrpc":"2.0","id":1,"method":"test:warn","params":["...)";
  const std::string tail = R"("]})";
  return head + std::string(bytes - head.size() - tail.size(), 'x') + tail;
}

}  // namespace

TEST_CASE("lines may come in pieces, and many in one") {
  Served served;
  RpcClient client(served.socket());
  const std::string request = R"({"jsonrpc":"2.0","id":1,"method":"test:warn"})";
  for (const char byte : request + "\n") client.send(std::string(1, byte));
  CHECK(at(client.document(), "/id") == Value(1));
  client.send("\n\r\n" + request + "\r\n\n" + request + "\n");
  CHECK(at(client.document(), "/id") == Value(1));
  CHECK(at(client.document(), "/id") == Value(1));
}

TEST_CASE("a line of a MiB is read, one byte more is refused and ends the connection") {
  Served served;
  RpcClient client(served.socket());
  client.send(request_of(1u << 20) + "\n");
  CHECK(at(client.document(), "/id") == Value(1));
  for (const std::string& line : {request_of((1u << 20) + 1) + "\n", request_of((1u << 20) + 1)}) {
    RpcClient refused(served.socket());
    refused.send(line);
    CHECK(refused.line() ==
          R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"the line is longer than 1048576 bytes","data":)"
          R"({"code":"invalid-argument","why":"the server's limit on a request; the connection ends here",)"
          R"("try":"send what is that long as a file"}},"id":null})");
    CHECK(refused.at_end());
  }
}

TEST_CASE("a line without end is cut off, with what was asked before answered") {
  Served served;
  RpcClient client(served.socket());
  client.send(R"({"jsonrpc":"2.0","id":"before","method":"test:warn"})"
              "\n");
  std::thread endless([&client] {
    const std::string piece(1u << 16, 'x');
    try {
      for (int i = 0; i < 4096; ++i) client.send(piece);
    } catch (const std::runtime_error&) {
      return;  // cut off
    }
  });
  endless.join();
  CHECK(at(client.document(), "/id") == Value("before"));
  CHECK(at(client.document(), "/error/code") == Value(-32600));
  CHECK(client.at_end());
}

TEST_CASE("who does not read is not read from") {
  Served served([](server::ServerOptions& options) { options.limits.pending_output = 100'000; });
  served.gate.open("seen");
  RpcClient client(served.socket());
  const std::string request = R"({"jsonrpc":"2.0","id":1,"method":"test:look","params":["seen"]})"
                              "\n"
                              R"({"jsonrpc":"2.0","id":2,"method":"test:bulk","params":[100000]})"
                              "\n";
  // Until the kernel's buffers are full too.
  std::string unsent;
  std::size_t sent = 0;
  const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::size_t last_seen = 0;
  for (int still = 0; still < 3;) {
    REQUIRE(std::chrono::steady_clock::now() < soon);
    if (unsent.empty()) {
      unsent = request;
      ++sent;
    }
    const std::size_t count = client.send_some(unsent);
    unsent.erase(0, count);
    if (count > 0) {
      still = 0;
      continue;
    }
    // Another connection's round trips give the server the time to read, if it did.
    RpcClient other(served.socket());
    for (int i = 0; i < 20; ++i) CHECK(other.call("test:warn").ok());
    const std::size_t seen = served.gate.came("seen");
    still = seen == last_seen ? still + 1 : 0;
    last_seen = seen;
  }
  CHECK(last_seen < sent);
  CHECK(last_seen < 40);  // each answer is 100 kB: the limit, and what the kernel holds
  for (std::size_t i = 0; i < sent; ++i) {
    unsent.erase(0, client.send_some(unsent));
    CHECK(at(client.document(), "/id") == Value(1));
    CHECK(at(client.document(), "/id") == Value(2));
  }
}

TEST_CASE("there are at most so many connections; the next is told and closed") {
  Served served([](server::ServerOptions& options) { options.limits.connections = 2; });
  RpcClient first(served.socket());
  CHECK(first.call("test:warn").ok());
  {
    RpcClient second(served.socket());
    CHECK(second.call("test:warn").ok());
    RpcClient third(served.socket());
    CHECK(third.line() ==
          R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"too many connections","data":{"code":"conflict",)"
          R"("why":"the server has 2 of them, its limit","try":"try again when one of them has ended"}},"id":null})");
    CHECK(third.at_end());
  }
  // The place of the one that ended is free again, soon.
  for (const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(20);;) {
    REQUIRE(std::chrono::steady_clock::now() < soon);
    RpcClient again(served.socket());
    again.send_or_leave(R"({"jsonrpc":"2.0","id":1,"method":"test:warn"})"
                        "\n");
    if (at(again.document(), "/result") == Value("done")) break;
  }
  CHECK(first.call("test:warn").ok());
}

namespace {

/// Sends `text` over a connection of its own and reads to the end: what came, or the error that ended it.
std::string all_that_comes(const std::string& path, const std::string& text) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  static_cast<void>(::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL));
  std::string heard;
  std::array<char, 4096> bytes;
  ssize_t got = 0;
  while ((got = ::recv(descriptor, bytes.data(), bytes.size(), 0)) > 0)
    heard.append(bytes.data(), static_cast<std::size_t>(got));
  if (got < 0) heard += std::strerror(errno);
  ::close(descriptor);
  return heard;
}

}  // namespace

TEST_CASE("who is told that there are too many can read it to the end, though a request was sent already") {
  Served served([](server::ServerOptions& options) { options.limits.connections = 1; });
  RpcClient first(served.socket());
  CHECK(first.call("test:warn").ok());
  for (int round = 0; round < 20; ++round) {
    const std::string heard = all_that_comes(served.socket(), R"({"jsonrpc":"2.0","id":1,"method":"test:warn"})"
                                                              "\n");
    CHECK(heard.starts_with(R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"too many connections",)"));
    CHECK(heard.ends_with("\"id\":null}\n"));
  }
}

TEST_CASE("connections of HTTP take no place of the socket's, nor the other way round") {
  Served served([](server::ServerOptions& options) {
    options.http_port = 0;
    options.limits.connections = 1;
    options.limits.http_connections = 1;
  });
  const std::string& address = served.server->http_address();
  HttpClient web(static_cast<unsigned>(std::stoul(address.substr(address.rfind(':') + 1))));
  CHECK(web.request("GET", "/nowhere").status == 404);
  RpcClient client(served.socket());
  CHECK(client.call("test:warn").ok());
  CHECK(web.request("GET", "/nowhere").status == 404);
}

TEST_CASE("a peer that goes in the middle of everything harms nobody") {
  Served served;
  RpcClient witness(served.socket());
  for (int i = 0; i < 50; ++i) {
    RpcClient client(served.socket());
    client.send(R"({"jsonrpc":"2.0","id":1,"method":"test:bulk","params":[500000]})"
                "\n"
                R"({"jsonrpc":"2.0","id":2,"method":"pluginPack:toggle","params":["mine",)" +
                std::string(i % 2 == 0 ? "false" : "true") + "]}\n{\"half");
  }
  CHECK(witness.call("test:warn").ok());
}
