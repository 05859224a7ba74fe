// Connections as they come: slow, cut, endless, many requests at once.
#include <cstdio>

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
