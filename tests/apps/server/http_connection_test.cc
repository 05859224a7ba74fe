// Connections as they come: slow, cut, endless, many requests at once.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

namespace {

using Fields = HttpClient::Fields;

Fields with(Fields fields, const std::string& name, const std::string& value) {
  fields.emplace_back(name, value);
  return fields;
}

std::string rpc_head(const HttpFixture& server, const std::string& more) {
  std::string text = "POST /rpc HTTP/1.1\r\nHost: " + server.host() + "\r\n";
  for (const auto& [name, value] : server.fields()) text += name + ": " + value + "\r\n";
  return text + more + "\r\n";
}

std::string chunk(const std::string& text) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return size + text + "\r\n";
}

HttpFixture hurried() {
  return HttpFixture([](server::ServerOptions& options) {
    options.limits.headers = 400ms;
    options.limits.idle = 400ms;
  });
}

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

TEST_CASE("one connection answers request after request") {
  const HttpFixture server;
  HttpClient client(server.port());
  for (const std::string body : {"1", "22", "333"}) {
    const HttpAnswer answer = client.request("POST", "/rpc", server.fields(), body);
    CHECK(answer.body == "{\"heard\":" + std::to_string(body.size()) + "}");
    CHECK(answer.field("connection").empty());
  }
  const HttpAnswer last = client.request("POST", "/rpc", with(server.fields(), "Connection", "close"), "4444");
  CHECK(last.body == "{\"heard\":4}");
  CHECK(last.field("connection") == "close");
  CHECK(client.at_end());
}

TEST_CASE("requests sent in one write are answered one at a time, in their order") {
  const HttpFixture server;
  HttpClient client(server.port());
  std::string text;
  constexpr std::size_t count = 200;
  for (std::size_t i = 1; i <= count; ++i) {
    text += rpc_head(server, "Content-Length: " + std::to_string(i) + "\r\n") + std::string(i, 'x');
  }
  CHECK(client.send(text));
  for (std::size_t i = 1; i <= count; ++i) CHECK(client.answer().body == "{\"heard\":" + std::to_string(i) + "}");
}

TEST_CASE("a request behind one that waits is not begun before that is answered") {
  const HttpFixture server;
  HttpClient client(server.port());
  client.send(rpc_head(server, "Content-Length: 4\r\n") + "wait" + rpc_head(server, "Content-Length: 1\r\n") + "x");
  REQUIRE(server.dispatcher->wait_for_calls(1));
  CHECK(server.dispatcher->documents().size() == 1);
  server.dispatcher->release();
  CHECK(client.answer().body == R"({"released":true})");
  CHECK(client.answer().body == R"({"heard":1})");
}

TEST_CASE("requests in one write are all answered though the peer sends no more") {
  const HttpFixture server;
  HttpClient client(server.port());
  client.send(rpc_head(server, "Content-Length: 1\r\n") + "x" + rpc_head(server, "Content-Length: 2\r\n") + "xx");
  client.end_sending();
  CHECK(client.answer().body == R"({"heard":1})");
  CHECK(client.answer().body == R"({"heard":2})");
  CHECK(client.at_end());
}

TEST_CASE("HTTP/1.0 gets one answer") {
  const HttpFixture server;
  HttpClient client(server.port());
  client.send("GET /nowhere HTTP/1.0\r\nHost: " + server.host() + "\r\n\r\n");
  CHECK(client.answer().status == 404);
  CHECK(client.at_end());
}

TEST_CASE("a body may come in chunks, in single bytes, and up to the limit") {
  const HttpFixture server;
  HttpClient client(server.port());
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  client.send(rpc_head(server, chunked) + chunk("abc") + chunk("de") + "0\r\n\r\n");
  CHECK(client.answer().body == R"({"heard":5})");
  for (const char c : rpc_head(server, chunked) + chunk("abc") + "0\r\n\r\n") client.send(std::string(1, c));
  CHECK(client.answer().body == R"({"heard":3})");
  const std::string most(1u << 20, 'x');
  CHECK(client.request("POST", "/rpc", server.fields(), most).body == R"({"heard":1048576})");
  client.send(rpc_head(server, chunked) + chunk(most.substr(0, 1u << 19)) + chunk(most.substr(0, 1u << 19)) +
              "0\r\n\r\n");
  CHECK(client.answer().body == R"({"heard":1048576})");
}

TEST_CASE("a body beyond the limit is refused before it is read") {
  const HttpFixture server;
  const std::string refusal = http_error("payload-too-large", "the body of a request may have 1048576 bytes");
  for (const std::string more : {"Content-Length: 1048577\r\n", "Content-Length: 1073741824\r\n"}) {
    CAPTURE(more);
    HttpClient client(server.port());
    client.send(rpc_head(server, more));
    const HttpAnswer answer = client.answer();
    CHECK(answer.status == 413);
    CHECK(answer.body == refusal);
    CHECK(client.at_end());
  }
  HttpClient client(server.port());
  client.send(rpc_head(server, "Transfer-Encoding: chunked\r\n") + "40000000\r\n");
  CHECK(client.answer().body == refusal);
  CHECK(client.at_end());
  CHECK(server.dispatcher->documents().empty());
}

TEST_CASE("a gibibyte in chunks is refused after the first mebibyte") {
  const HttpFixture server;
  HttpClient client(server.port());
  client.send(rpc_head(server, "Transfer-Encoding: chunked\r\n"));
  const std::string piece = chunk(std::string(64u << 10, 'x'));
  std::size_t sent = 0;
  while (sent < 1u << 30 && client.send(piece)) sent += piece.size();
  CHECK(sent < 64u << 20);  // what the kernel and the farewell take
  CHECK(server.dispatcher->documents().empty());
}

TEST_CASE("malformed requests get 400 and the end") {
  const HttpFixture server;
  const std::string host = "Host: " + server.host() + "\r\n";
  for (const std::string& text : std::vector<std::string>{
           "hello\r\n\r\n", std::string("\x16\x03\x01\x02\x00\x01\xfc\x03\x03 TLS\r\n\r\n", 16),
           "GET / HTTP/2.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /\r\n\r\n",
           "GET / HTTP/1.1\r\n" + host + "a b: c\r\n\r\n", "GET / HTTP/1.1\r\n" + host + "no colon\r\n\r\n",
           rpc_head(server, "Content-Length: -1\r\n"), rpc_head(server, "Content-Length: 1\r\nContent-Length: 2\r\n"),
           rpc_head(server, "Content-Length: 99999999999999999999\r\n"),
           rpc_head(server, "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
           rpc_head(server, "Transfer-Encoding: chunked\r\n") + "xyz\r\n",
           rpc_head(server, "Transfer-Encoding: chunked\r\n") + "1;" + std::string(100'000, 'x')}) {
    CAPTURE(text.substr(0, 300));
    HttpClient client(server.port());
    client.send(text);
    const HttpAnswer answer = client.answer();
    CHECK(answer.status == 400);
    CHECK(answer.body == http_error("bad-request", "the request is not HTTP/1.1"));
    CHECK(client.at_end());
  }
  CHECK(server.dispatcher->documents().empty());
}

TEST_CASE("heads beyond the limits get 431") {
  const HttpFixture server;
  const std::string bytes =
      http_error("request-header-fields-too-large", "the request line and the header fields may have 16384 bytes each");
  std::string many = "GET / HTTP/1.1\r\nHost: " + server.host() + "\r\n";
  for (int i = 0; i < 100'000; ++i) many += "a: b\r\n";
  for (const std::string& text :
       std::vector<std::string>{"GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\n", std::string(20'000, 'G'),
                                "GET / HTTP/1.1\r\nx: " + std::string(20'000, 'x') + "\r\n\r\n", many + "\r\n"}) {
    CAPTURE(text.substr(0, 60));
    HttpClient client(server.port());
    client.send(text);
    const HttpAnswer answer = client.answer();
    CHECK(answer.status == 431);
    CHECK(answer.body == bytes);
  }
  Fields fields;
  for (int i = 0; i < 100; ++i) fields.emplace_back("a", "b");
  const HttpAnswer answer = HttpClient(server.port()).request("GET", "/", fields);
  CHECK(answer.status == 431);
  CHECK(answer.body == http_error("request-header-fields-too-large", "a request may have 100 header fields"));
  fields.pop_back();
  CHECK(HttpClient(server.port()).request("GET", "/nowhere", fields).status == 404);
}

TEST_CASE("who expects 100-continue gets it once everything but the body is fine") {
  const HttpFixture server;
  HttpClient client(server.port());
  client.send(rpc_head(server, "Content-Length: 3\r\nExpect: 100-continue\r\n"));
  CHECK(client.answer().status == 100);
  client.send("abc");
  CHECK(client.answer().body == R"({"heard":3})");

  HttpClient refused(server.port());
  refused.send("POST /rpc HTTP/1.1\r\nHost: " + server.host() +
               "\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  CHECK(refused.answer().status == 401);
  CHECK(refused.at_end());

  HttpClient other(server.port());
  other.send(rpc_head(server, "Content-Length: 3\r\nExpect: tea\r\n"));
  CHECK(other.answer().body == http_error("expectation-failed", "the only expectation that is met is 100-continue"));
}

TEST_CASE("a head or a body that does not come in time gets 408 and the end") {
  const HttpFixture server = hurried();
  const std::string late = http_error("request-timeout", "the request was not complete in time");
  for (const std::string& text :
       std::vector<std::string>{"G", "GET / HTTP/1.1\r\nHost: ", rpc_head(server, "Content-Length: 3\r\n"),
                                rpc_head(server, "Content-Length: 3\r\n") + "ab",
                                rpc_head(server, "Transfer-Encoding: chunked\r\n") + "1"}) {
    CAPTURE(text);
    HttpClient client(server.port());
    client.send(text);
    const HttpAnswer answer = client.answer();
    CHECK(answer.status == 408);
    CHECK(answer.body == late);
    CHECK(answer.field("connection") == "close");
    CHECK(client.at_end());
  }
}

TEST_CASE("a byte now and then does not keep a request alive") {
  const HttpFixture server = hurried();
  HttpClient client(server.port(), 2s);
  const auto begin = std::chrono::steady_clock::now();
  std::string text = rpc_head(server, "Content-Length: 100000\r\n") + std::string(100'000, 'x');
  // Fast enough to be always within the limit from byte to byte, too slow for the whole.
  std::size_t sent = 0;
  while (sent < text.size() && client.send(text.substr(sent, 1))) {
    ++sent;
    if (std::chrono::steady_clock::now() - begin > 10s) break;
    std::this_thread::yield();
    const auto next = std::chrono::steady_clock::now() + 5ms;
    while (std::chrono::steady_clock::now() < next) std::this_thread::yield();
  }
  CHECK(sent < text.size());
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
  CHECK(server.dispatcher->documents().empty());
}

TEST_CASE("who says nothing is shown the door, before the first request and between two") {
  const HttpFixture server = hurried();
  HttpClient silent(server.port());
  CHECK(silent.at_end());
  HttpClient idle(server.port());
  CHECK(idle.request("GET", "/nowhere").status == 404);
  CHECK(idle.at_end());
  CHECK(test::eventually([&] { return server.listener->connections() == 0; }));
}

TEST_CASE("a call may take longer than a request") {
  const HttpFixture server = hurried();
  HttpClient client(server.port());
  client.send_request("POST", "/rpc", server.fields(), "wait");
  REQUIRE(server.dispatcher->wait_for_calls(1));
  HttpClient other(server.port());
  CHECK(other.at_end());  // the time for headers and for idleness has passed
  server.dispatcher->release();
  CHECK(client.answer().body == R"({"released":true})");
}

TEST_CASE("a call whose caller has gone is asked to stop") {
  const HttpFixture server;
  SECTION("ends") {
    HttpClient client(server.port());
    client.send_request("POST", "/rpc", server.fields(), "wait");
    REQUIRE(server.dispatcher->wait_for_calls(1));
  }
  SECTION("resets") {
    HttpClient client(server.port());
    client.send_request("POST", "/rpc", server.fields(), "wait");
    REQUIRE(server.dispatcher->wait_for_calls(1));
    client.abort();
  }
  SECTION("ends behind another request") {
    HttpClient client(server.port());
    client.send_request("POST", "/rpc", server.fields(), "wait");
    client.send_request("POST", "/rpc", server.fields(), "next");
    REQUIRE(server.dispatcher->wait_for_calls(1));
  }
  CHECK(server.dispatcher->wait_for_stop());
}

TEST_CASE("a call whose caller is still there is not asked to stop") {
  const HttpFixture server;
  HttpClient client(server.port());
  client.send_request("POST", "/rpc", server.fields(), "wait");
  REQUIRE(server.dispatcher->wait_for_calls(1));
  {
    HttpClient other(server.port());
    other.send_request("POST", "/rpc", server.fields(), "x");
    CHECK(other.answer().body == R"({"heard":1})");
  }
  server.dispatcher->release();
  CHECK(client.answer().body == R"({"released":true})");
}

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
  CHECK(HttpClient(server.port()).request("POST", "/rpc", server.fields(), "x").status == 200);
  CHECK(HttpClient(server.port()).request("POST", "/rpc", server.fields(), "x").status == 200);
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
