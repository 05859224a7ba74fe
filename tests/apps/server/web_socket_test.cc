// Events over a WebSocket: who gets in, what is heard, what happens to who doesn't read or says too much.
#include "http_fixture.h"

using namespace cowork;
using test::HttpAnswer;
using test::HttpClient;
using test::HttpFixture;
using test::WebSocketFrame;

namespace {

using Fields = HttpClient::Fields;

json::Value revision(int number) {
  return json::Value::object({{"revision", number}});
}

std::string policy_changed(int number) {
  return R"({"jsonrpc":"2.0","method":"policy-changed","params":{"revision":)" + std::to_string(number) + "}}";
}

Fields replaced(Fields fields, const std::string& name, const std::string& value) {
  std::erase_if(fields, [&](const auto& each) { return each.first == name; });
  fields.emplace_back(name, value);
  return fields;
}

std::string error_message(const HttpAnswer& answer) {
  return std::to_string(answer.status) + " " + answer.body;
}

}  // namespace

TEST_CASE("with the token as a subprotocol the events come") {
  HttpFixture server;
  HttpClient client(server.port());
  const HttpAnswer answer = client.request("GET", "/events", server.events_fields(server.token()));
  CHECK(answer.status == 101);
  CHECK(answer.field("sec-websocket-protocol") == "cowork.events");
  CHECK(answer.field("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // of RFC 6455's own key
  CHECK(answer.field("x-content-type-options") == "nosniff");
  server.publish("policy-changed", revision(1));
  server.publish("policy-changed", revision(2));
  CHECK(client.message() == policy_changed(1));
  CHECK(client.message() == policy_changed(2));
}

TEST_CASE("the token of a session will do, until it is over") {
  const HttpFixture server;
  const auto address = server.listener->console_address();
  REQUIRE(address);
  const HttpAnswer opened = HttpClient(server.port())
                                .request("POST", "/session", {{"Content-Type", "application/json"}},
                                         R"({"code":")" + address->substr(address->size() - 64) + "\"}");
  const std::string token = opened.body.substr(10, 64);
  CHECK(HttpClient(server.port()).request("GET", "/events", server.events_fields(token)).status == 101);
  server.clock->advance_ms(12 * 60 * 60 * 1000);
  CHECK(HttpClient(server.port()).request("GET", "/events", server.events_fields(token)).status == 401);
}

TEST_CASE("an upgrade is refused before it happens") {
  const HttpFixture server;
  const std::string token = server.token();
  const Fields good = server.events_fields(token);
  const auto status = [&](const Fields& fields, const std::string& target = "/events") {
    return error_message(HttpClient(server.port()).request("GET", target, fields));
  };
  const std::string no_token =
      "401 " + test::http_error("unauthorized", "the subprotocol cowork.token.<TOKEN> does not carry a valid token");
  for (const std::string& protocols :
       std::vector<std::string>{"", "cowork.events", "cowork.token." + token.substr(1), "cowork.events, cowork.token.",
                                "cowork.events, cowork.token." + token + ", cowork.token." + token,
                                "cowork.events, Cowork.Token." + token, "cowork.events, " + token}) {
    CAPTURE(protocols);
    CHECK(status(replaced(good, "Sec-WebSocket-Protocol", protocols)) == no_token);
  }
  CHECK(status(replaced(replaced(good, "Sec-WebSocket-Protocol", "cowork.events"), "Authorization",
                        "Bearer " + token)) == no_token);
  CHECK(status(replaced(good, "Sec-WebSocket-Protocol", "cowork.token." + token)) ==
        "400 " + test::http_error("bad-request", "the subprotocol cowork.events must be offered"));
  CHECK(status(replaced(good, "Upgrade", "")) ==
        "426 " + test::http_error("upgrade-required", "events come over a WebSocket"));
  const std::string foreign = "403 " + test::http_error("forbidden", "requests of other origins are not answered");
  CHECK(status(replaced(good, "Origin", "http://evil.example")) == foreign);
  CHECK(status(replaced(good, "Origin", "null")) == foreign);
  CHECK(status(replaced(good, "Host", "evil.example")).starts_with("403 "));
  CHECK(status(good, "/events?events=policy-changed,nothing") ==
        "400 " + test::http_error("bad-request", "there is no event \"nothing\""));
  CHECK(status(good, "/events?token=" + token) ==
        "400 " + test::http_error("bad-request", "the only parameter of /events is events"));
  CHECK(HttpClient(server.port()).request("GET", "/events", replaced(good, "Sec-WebSocket-Version", "12")).status >=
        400);
  CHECK(
      HttpClient(server.port()).request("GET", "/events", replaced(good, "Origin", "http://" + server.host())).status ==
      101);
}

TEST_CASE("an upgrade that does not come alone is refused") {
  const HttpFixture server;
  std::string text = "GET /events HTTP/1.1\r\nHost: " + server.host() + "\r\n";
  for (const auto& [name, value] : server.events_fields(server.token())) text += name + ": " + value + "\r\n";
  HttpClient client(server.port());
  client.send(text + "\r\n" + std::string("\x81\x80\0\0\0\0", 6));
  CHECK(error_message(client.answer()) ==
        "400 " + test::http_error("bad-request", "a request for events must be the last one and alone"));
}

TEST_CASE("an upgrade on a connection that has been used") {
  HttpFixture server;
  HttpClient client(server.port());
  CHECK(client.request("POST", "/rpc", server.fields(), "x").status == 200);
  CHECK(client.request("GET", "/events", server.events_fields(server.token())).status == 101);
  server.publish("policy-changed", revision(3));
  CHECK(client.message() == policy_changed(3));
}

TEST_CASE("who names events hears no others") {
  HttpFixture server;
  const auto client = server.open_events("/events?events=diagnostic,policy-changed");
  server.publish("catalog-changed", json::Value::object());
  server.publish("install-progress", json::Value::object());
  server.publish("policy-changed", revision(1));
  CHECK(client->message() == policy_changed(1));
}

TEST_CASE("pings are answered, messages are not, and one of more than a kibibyte is the end") {
  HttpFixture server;
  const auto client = server.open_events();
  client->send_frame(9, "still there?");
  const WebSocketFrame pong = client->frame();
  CHECK(pong.opcode == 10);
  CHECK(pong.payload == "still there?");
  client->send_frame(1, "hello");
  client->send_frame(2, std::string(1024, '\xff'));
  server.publish("policy-changed", revision(1));
  CHECK(client->message() == policy_changed(1));
  client->send_frame(1, std::string(1025, 'x'));
  CHECK(client->frame().close_code() == 1009);
  CHECK(test::eventually([&] { return server.listener->connections() == 0; }));
}

TEST_CASE("what is no frame is the end, and so is the peer's") {
  const HttpFixture server;
  const auto broken = server.open_events();
  broken->send("GET / HTTP/1.1\r\n\r\n");
  CHECK(broken->frame().close_code() == 1002);
  const auto polite = server.open_events();
  polite->send_frame(8, std::string("\x03\xe8", 2));
  CHECK(polite->frame().close_code() == 1000);
  const auto rude = server.open_events();
  rude->abort();
  CHECK(test::eventually([&] { return server.listener->connections() == 0; }));
}

TEST_CASE("one that does not read loses events, is told so, and the others don't notice") {
  HttpFixture server([](server::ServerOptions& options) { options.limits.pending_output = 256u << 10; });
  const auto slow = server.open_events("/events?events=catalog-changed,diagnostic,policy-changed", 4096);
  const auto quick = server.open_events("/events?events=policy-changed");
  const json::Value large = json::Value::object({{"added", std::string(60'000, 'x')}});
  constexpr int count = 400;  // more than the kernel keeps
  for (int i = 0; i < count; ++i) server.publish("catalog-changed", large);
  server.publish("policy-changed", revision(1));
  CHECK(quick->message() == policy_changed(1));

  const std::string lost =
      R"({"jsonrpc":"2.0","method":"diagnostic","params":{"severity":"warning","code":"events-lost","path":"",)"
      R"("message":"events were lost, since they were not read; ask for the state anew"}})";
  int heard = 0;
  int told = 0;
  std::string next;
  // What is published while others are lost still is lost as well, and told: then once more.
  for (; next != policy_changed(2); next = slow->message()) {
    if (next.find("catalog-changed") != std::string::npos) ++heard;
    if (next != lost) continue;
    ++told;
    server.publish("policy-changed", revision(2));
  }
  CHECK(told > 0);
  CHECK(heard < count);
}

TEST_CASE("an event that is too large for the queue is told to be lost") {
  HttpFixture server([](server::ServerOptions& options) { options.limits.pending_output = 1000; });
  const auto client = server.open_events();
  server.publish("catalog-changed", json::Value::object({{"added", std::string(2000, 'x')}}));
  CHECK(client->message().find("events-lost") != std::string::npos);
  server.publish("policy-changed", revision(1));
  CHECK(client->message() == policy_changed(1));
}

TEST_CASE("one that gives no sign of life is ended") {
  const HttpFixture server(
      [](server::ServerOptions& options) { options.limits.idle = std::chrono::milliseconds(200); });
  const auto client = server.open_events();
  CHECK(client->frame().opcode == 9);  // a ping, which nobody answers
  CHECK(client->at_end());
  CHECK(test::eventually([&] { return server.listener->connections() == 0; }));
}

TEST_CASE("the end closes politely, and cuts off who does not answer") {
  HttpFixture server;
  const auto client = server.open_events();
  const auto silent = server.open_events();
  server.listener->stop_accepting();
  server.publish("policy-changed", revision(1));  // what the last calls cause is still heard
  CHECK(client->message() == policy_changed(1));
  std::thread closing([&] { server.listener->close(); });
  const WebSocketFrame end = client->frame();
  CHECK(end.close_code() == 1001);
  client->send_frame(8, end.payload);
  CHECK(client->at_end());
  closing.join();
  CHECK(server.listener->connections() == 0);
}

TEST_CASE("events while subscribers come and go") {
  HttpFixture server;
  std::atomic<bool> done{false};
  std::thread publisher([&] {
    for (int i = 0; !done; ++i) server.publish("policy-changed", revision(i));
  });
  std::vector<std::thread> clients;
  std::atomic<int> heard{0};
  const std::string token = server.token();
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      for (int round = 0; round < 10; ++round) {
        HttpClient client(server.port());
        if (client.request("GET", "/events", server.events_fields(token)).status != 101) continue;
        if (client.message().find("policy-changed") != std::string::npos) ++heard;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  done = true;
  publisher.join();
  CHECK(heard == 40);
  CHECK(test::eventually([&] { return server.listener->connections() == 0; }));
}
