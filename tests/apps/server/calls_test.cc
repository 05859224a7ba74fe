// Calls over the socket: which order, which thread, which limits, and how they end.
#include "served.h"

using namespace cowork;
using namespace cowork::test;
using json::Value;

namespace {

Value named(const std::string& name) {
  return Value::object({{"name", name}});
}

std::string request(const std::string& id, const std::string& method, const std::string& params = "[]") {
  return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":)" + params + "}\n";
}

std::string ids(RpcClient& client, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += json::to_text(at(client.document(), "/id")) + " ";
  return text;
}

}  // namespace

TEST_CASE("answers come in the order of the requests that were written at once") {
  Served served;
  RpcClient client(served.socket());
  std::string all;
  for (int i = 0; i < 500; ++i) all += request(std::to_string(i), "pluginPack:get", R"(["mine"])");
  client.send(all);
  for (int i = 0; i < 500; ++i) CHECK(at(client.document(), "/id") == Value(i));
}

TEST_CASE("a get behind a toggle in one write sees the toggle") {
  Served served;
  RpcClient client(served.socket());
  for (int round = 0; round < 50; ++round) {
    const std::string enabled = round % 2 == 0 ? "false" : "true";
    client.send(request("1", "pluginPack:toggle", R"(["mine",)" + enabled + "]") +
                request("2", "pluginPack:get", R"(["mine"])"));
    CHECK(at(client.document(), "/id") == Value(1));
    CHECK(at(client.document(), "/result/enabled") == Value(round % 2 == 1));
  }
}

TEST_CASE("what waits for a disk holds up its own connection, and no other") {
  Served served;
  RpcClient first(served.socket());
  RpcClient second(served.socket());
  first.send(request("1", "test:store", R"(["slow"])") + request("2", "pluginPack:get", R"(["mine"])"));
  served.gate.wait_for("slow");
  CHECK(second.call("pluginPack:get", Value::array({"mine"})).ok());
  served.gate.open("slow");
  CHECK(ids(first, 2) == "1 2 ");
}

TEST_CASE("nobody waits for what may take minutes") {
  Served served;
  RpcClient client(served.socket());
  client.send(request("1", "test:wait", R"(["long"])") + request("2", "pluginPack:get", R"(["mine"])"));
  CHECK(at(client.document(), "/id") == Value(2));
  served.gate.wait_for("long");
  served.gate.open("long");
  const Value answer = client.document();
  CHECK(answer == Value::object({{"jsonrpc", "2.0"}, {"result", "long passed"}, {"id", 1}}));
}

TEST_CASE("at most four of them run at once for one connection, and others get theirs") {
  Served served;
  RpcClient greedy(served.socket());
  RpcClient other(served.socket());
  for (int i = 0; i < 40; ++i) greedy.begin("test:wait", named("crowd"));
  served.gate.wait_for("crowd", 4);
  served.gate.open("other");
  CHECK(other.call("test:wait", named("other")).ok());
  CHECK(greedy.call("pluginPack:get", Value::array({"mine"})).ok());
  CHECK(served.gate.came("crowd") == 4);
  served.gate.open("crowd");
  for (int i = 1; i <= 40; ++i) CHECK(greedy.finish(i).ok());
  CHECK(served.gate.came("crowd") == 40);
  CHECK(served.gate.most_at_once() == 5);
}

TEST_CASE("at most thirty-two of them run at once, in all") {
  Served served;
  std::vector<std::unique_ptr<RpcClient>> clients;
  for (int i = 0; i < 9; ++i) {
    clients.push_back(std::make_unique<RpcClient>(served.socket()));
    for (int call = 0; call < 5; ++call) clients.back()->begin("test:wait", named("crowd"));
  }
  served.gate.wait_for("crowd", 32);
  for (const auto& client : clients) CHECK(client->call("pluginPack:get", Value::array({"mine"})).ok());
  CHECK(served.gate.came("crowd") == 32);
  served.gate.open("crowd");
  for (const auto& client : clients)
    for (int call = 1; call <= 5; ++call) CHECK(client->finish(call).ok());
  CHECK(served.gate.came("crowd") == 45);
  CHECK(served.gate.most_at_once() == 32);
}

TEST_CASE("a connection has at most so many calls under way; more are refused") {
  Served served([](server::ServerOptions& options) { options.limits.calls_of_connection = 2; });
  RpcClient client(served.socket());
  client.begin("test:wait", named("a"));
  client.begin("test:wait", named("a"));
  const RpcAnswer refused = client.call("test:wait", named("a"));
  CHECK(refused.code() == "conflict");
  CHECK(refused.message() == "this connection has 2 calls under way already");
  served.gate.open("a");
  CHECK(client.finish(1).ok());
  CHECK(client.finish(2).ok());
  CHECK(client.call("test:wait", named("a")).ok());
}

TEST_CASE("host:cancel ends the call that it names, and no other") {
  Served served;
  RpcClient client(served.socket());
  const std::int64_t one = client.begin("test:wait", named("one"));
  const std::int64_t two = client.begin("test:wait", named("two"));
  served.gate.wait_for("one");
  served.gate.wait_for("two");
  CHECK(client.call("host:cancel", Value::array({one})).result() == Value::object({{"cancelled", true}}));
  const RpcAnswer ended = client.finish(one);
  CHECK(ended.code() == "cancelled");
  CHECK(ended.number() == -32000);
  CHECK(client.call("host:cancel", Value::object({{"id", one}})).result() == Value::object({{"cancelled", false}}));
  served.gate.open("two");
  CHECK(client.finish(two).ok());
  CHECK(client.call("host:cancel").code() == "invalid-argument");
}

TEST_CASE("calls of another connection can't be cancelled") {
  Served served;
  RpcClient client(served.socket());
  RpcClient other(served.socket());
  const std::int64_t id = client.begin("test:wait", named("mine"));
  served.gate.wait_for("mine");
  CHECK(other.call("host:cancel", Value::array({id})).result() == Value::object({{"cancelled", false}}));
  served.gate.open("mine");
  CHECK(client.finish(id).ok());
}

TEST_CASE("a call that waits for its turn can be cancelled too") {
  Served served;
  RpcClient client(served.socket());
  for (int i = 0; i < 5; ++i) client.begin("test:wait", named("crowd"));
  served.gate.wait_for("crowd", 4);
  CHECK(client.call("host:cancel", Value::array({5})).result() == Value::object({{"cancelled", true}}));
  served.gate.open("crowd");
  CHECK(client.finish(5).code() == "cancelled");
  CHECK(client.finish(1).ok());
}

TEST_CASE("the end of a connection ends its long calls") {
  Served served;
  {
    RpcClient client(served.socket());
    client.begin("test:wait", named("left"));
    served.gate.wait_for("left");
  }
  served.gate.wait_for_end("left");
  RpcClient other(served.socket());
  CHECK(other.call("pluginPack:get", Value::array({"mine"})).ok());
}

TEST_CASE("who sends no more still gets every answer") {
  Served served;
  RpcClient client(served.socket());
  client.send(request("1", "test:wait", R"(["late"])") + R"({"jsonrpc":"2.0","id":2,"method":"test:warn"})");
  client.end_sending();
  CHECK(client.document() ==
        Value::object({{"jsonrpc", "2.0"}, {"result", "done"}, {"warnings", Value::strings({"careful"})}, {"id", 2}}));
  served.gate.wait_for("late");
  served.gate.open("late");
  CHECK(at(client.document(), "/result") == Value("late passed"));
  CHECK(client.at_end());
}

TEST_CASE("who sends no more and then goes ends what it left") {
  Served served;
  {
    RpcClient client(served.socket());
    client.begin("test:wait", named("left"));
    client.end_sending();
    served.gate.wait_for("left");
  }
  served.gate.wait_for_end("left");
}

TEST_CASE("timeoutMs is the deadline of a call") {
  Served served;
  RpcClient client(served.socket());
  served.gate.open("now");
  CHECK(client.call("test:wait", named("now"), Value::object({{"timeoutMs", 60'000}})).ok());
  for (int i = 0; i < 4; ++i) client.begin("test:wait", named("crowd"));
  served.gate.wait_for("crowd", 4);
  // It is over before the call gets its turn.
  const std::int64_t late = client.begin("test:wait", named("now"), Value::object({{"timeoutMs", 1}}));
  CHECK(client.call("test:warn").ok());  // the server has it by now
  const auto over = std::chrono::steady_clock::now() + std::chrono::milliseconds(2);
  while (std::chrono::steady_clock::now() < over) std::this_thread::yield();
  served.gate.open("crowd");
  CHECK(client.finish(late).code() == "timeout");
}

TEST_CASE("dryRun changes nothing") {
  Served served;
  RpcClient client(served.socket());
  const auto answer =
      client.call("pluginPack:toggle", Value::array({"mine", false}), Value::object({{"dryRun", true}}));
  CHECK(answer.ok());
  CHECK(at(client.call("pluginPack:get", Value::array({"mine"})).result(), "/enabled") == Value(true));
}

TEST_CASE("the host sees who asks") {
  Served served;
  RpcClient client(served.socket());
  served.gate.open("who");
  client.call("test:wait", named("who"));
  CHECK(served.gate.callers() == std::vector<std::string>{"socket:"});
}

TEST_CASE("an exception of a handler is an answer") {
  Served served;
  RpcClient client(served.socket());
  const RpcAnswer answer = client.call("test:fail", Value::array({"throw"}));
  CHECK(answer.code() == "internal");
  CHECK(answer.message() == "the handler of test:fail threw");
  CHECK(client.call("test:warn").ok());
}
