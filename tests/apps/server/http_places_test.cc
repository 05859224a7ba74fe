// Who gets a place among the connections, and who has to make room.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "http_fixture.h"

using namespace cowork;
using namespace std::chrono_literals;
using test::http_error;
using test::HttpAnswer;
using test::HttpClient;
using test::HttpFixture;

TEST_CASE("beyond the limit a connection gets 503, and a place that was given back is another's") {
  const HttpFixture server([](server::ServerOptions& options) { options.limits.http_connections = 2; });
  auto first = std::make_unique<HttpClient>(server.port());
  HttpClient second(server.port());
  CHECK(first->request("GET", "/nowhere").status == 404);
  CHECK(second.request("GET", "/nowhere").status == 404);
  CHECK(server.listener->connections() == 2);
  HttpClient third(server.port());
  const HttpAnswer answer = third.answer();
  CHECK(answer.status == 503);
  CHECK(answer.body == http_error("service-unavailable", "too many connections"));
  CHECK(third.at_end());
  first.reset();
  CHECK(test::eventually([&] { return server.listener->connections() == 1; }));
  CHECK(HttpClient(server.port()).request("GET", "/nowhere").status == 404);
}

namespace {

/// Sends `text` over a connection of its own and reads to the end: what came, or the error that ended it.
std::string all_that_comes(unsigned port, const std::string& text) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
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
  const HttpFixture server([](server::ServerOptions& options) { options.limits.http_connections = 1; });
  HttpClient first(server.port());
  CHECK(first.request("GET", "/nowhere").status == 404);
  const std::string request = "GET /nowhere HTTP/1.1\r\nHost: " + server.host() + "\r\n\r\n";
  for (int round = 0; round < 20; ++round) {
    const std::string heard = all_that_comes(server.port(), request);
    CHECK(heard.starts_with("HTTP/1.1 503 "));
    CHECK(heard.ends_with("\r\n\r\n" + http_error("service-unavailable", "too many connections")));
  }
}

namespace {

/// Asks on a new connection without a token until there is a place: one that was just answered is busy for a moment.
std::unique_ptr<HttpClient> anonymous(const HttpFixture& server) {
  std::unique_ptr<HttpClient> client;
  CHECK(test::eventually([&] {
    client = std::make_unique<HttpClient>(server.port());
    return client->request("GET", "/nowhere").status == 404;
  }));
  return client;
}

HttpFixture few_anonymous() {
  return HttpFixture([](server::ServerOptions& options) { options.limits.anonymous_connections = 2; });
}

}  // namespace

TEST_CASE("connections without a token are few: a new one ends one that waits") {
  const HttpFixture server = few_anonymous();
  HttpClient first(server.port());
  HttpClient second(server.port());
  CHECK(first.request("GET", "/nowhere").status == 404);
  CHECK(second.request("GET", "/nowhere").status == 404);
  // An answer may be read before the server is done with it: which of those before waits the longest is its to know.
  const auto third = anonymous(server);
  const auto fourth = anonymous(server);
  CHECK(test::eventually([&] { return first.has_ended() + second.has_ended() + third->has_ended() == 2; }));
  CHECK(test::eventually([&] { return server.listener->connections() == 2; }));
  CHECK(fourth->request("GET", "/nowhere").status == 404);
}

TEST_CASE("half a request without a token keeps no place") {
  const HttpFixture server = few_anonymous();
  HttpClient first(server.port());
  HttpClient second(server.port());
  CHECK(first.request("GET", "/nowhere").status == 404);
  CHECK(second.request("GET", "/nowhere").status == 404);
  first.send("GET / HTTP/1.1\r\nHost:");
  second.send("POST /session HTTP/1.1\r\nHost: " + server.host() +
              "\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{");
  // The server may still be busy with the answers that were read above.
  const auto is_answered = [&] {
    return HttpClient(server.port()).request("POST", "/rpc", server.fields(), "x").status == 200;
  };
  CHECK(test::eventually(is_answered));
  CHECK(is_answered());
}

TEST_CASE("whoever has shown a token keeps the place, whatever comes without one") {
  HttpFixture server = few_anonymous();
  HttpClient known(server.port());
  CHECK(known.request("POST", "/rpc", server.fields(), "x").status == 200);
  const auto events = server.open_events();
  for (int i = 0; i < 10; ++i) anonymous(server);
  std::vector<std::unique_ptr<HttpClient>> crowd;
  for (int i = 0; i < 10; ++i) crowd.push_back(anonymous(server));
  CHECK(test::eventually([&] { return server.listener->connections() == 4; }));
  CHECK(known.request("POST", "/rpc", server.fields(), "x").status == 200);
  server.publish("diagnostic", json::Value::object());
  CHECK_FALSE(events->message().empty());
}

TEST_CASE("a wrong token is none") {
  const HttpFixture server = few_anonymous();
  const auto wrong = server.fields_with("Authorization", "Bearer " + std::string(64, '0'));
  HttpClient first(server.port());
  HttpClient second(server.port());
  CHECK(first.request("POST", "/rpc", wrong).status == 401);
  CHECK(second.request("GET", "/nowhere").status == 404);
  const auto third = anonymous(server);
  const auto fourth = anonymous(server);
  CHECK(first.at_end());
}

TEST_CASE("when all that have no token are being answered, a new one gets 503") {
  const test::TemporaryDirectory pages;
  pages.write("big.bin", std::string(16u << 20, 'x'));
  const HttpFixture server([&](server::ServerOptions& options) {
    options.limits.anonymous_connections = 2;
    options.pages_directory = pages.path();
  });
  HttpClient first(server.port(), 20s, 4096);
  HttpClient second(server.port(), 20s, 4096);
  for (HttpClient* each : {&first, &second}) {
    each->send_request("GET", "/pages/big.bin");
    CHECK_FALSE(each->at_end());  // so that it is being answered, and as nobody reads on it stays so
  }
  HttpClient third(server.port());
  const HttpAnswer answer = third.answer();
  CHECK(answer.status == 503);
  CHECK(answer.body == http_error("service-unavailable", "too many connections"));
}

TEST_CASE("who shows no token is waited for a shorter time") {
  const HttpFixture server([](server::ServerOptions& options) { options.limits.anonymous_idle = 100ms; });
  HttpClient known(server.port());
  CHECK(known.request("POST", "/rpc", server.fields(), "x").status == 200);
  HttpClient anonymous(server.port());
  CHECK(anonymous.request("GET", "/nowhere").status == 404);
  CHECK(anonymous.at_end());
  CHECK(known.request("POST", "/rpc", server.fields(), "x").status == 200);
}

TEST_CASE("clients at the same time") {
  const HttpFixture server;
  std::vector<std::thread> clients;
  std::atomic<int> answered{0};
  const auto fields = server.fields();
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        HttpClient client(server.port());
        for (int request = 0; request < 10; ++request) {
          if (client.request("POST", "/rpc", fields, "x").body == R"({"heard":1})") ++answered;
        }
      }
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(answered == 8 * 5 * 10);
  CHECK(test::eventually([&] { return server.listener->connections() == 0; }));
}
