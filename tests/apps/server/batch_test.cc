// Batches and notifications, to the letter of JSON-RPC 2.0.
#include "served.h"

using namespace cowork;
using namespace cowork::test;
using json::Value;

namespace {

const std::string get_mine = R"({"jsonrpc":"2.0","method":"pluginPack:get","params":["mine"],"id":1})";

/// "id:result-or-error-code" of each answer.
std::string outline(const Value& batch) {
  std::string text;
  if (!batch.is_array()) return "no array";
  for (const Value& answer : *batch.as_array()) {
    text += json::to_text(at(answer, "/id")) + ":";
    text += answer.find("result") ? "ok" : json::to_text(at(answer, "/error/code"));
    text += " ";
  }
  return text;
}

}  // namespace

TEST_CASE("a batch is answered by one array, in the order of its requests") {
  Served served;
  RpcClient client(served.socket());
  served.gate.open("go");
  client.send(R"([{"jsonrpc":"2.0","method":"test:wait","params":["go"],"id":"a"},)"
              R"({"jsonrpc":"2.0","method":"test:store","params":["go"],"id":"b"},)"
              R"({"jsonrpc":"2.0","method":"test:look","params":["go"],"id":"c"},)"
              R"({"jsonrpc":"2.0","method":"test:look","params":["go"]},)"
              R"({"jsonrpc":"2.0","method":"nope","id":"d"}])"
              "\n");
  CHECK(outline(client.document()) == R"("a":ok "b":ok "c":ok "d":-32601 )");
}

TEST_CASE("what is no request in a batch has an answer of its own") {
  Served served;
  RpcClient client(served.socket());
  client.send("[1, [], [" + get_mine + "], {\"id\":7}, \"x\", null, " + get_mine + "]\n");
  CHECK(outline(client.document()) == "null:-32600 null:-32600 null:-32600 7:-32600 null:-32600 null:-32600 1:ok ");
}

TEST_CASE("an empty batch is one invalid request") {
  Served served;
  RpcClient client(served.socket());
  client.send("[]\n");
  CHECK(client.line() ==
        R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"a batch must not be empty","data":{"code":)"
        R"("invalid-argument"}},"id":null})");
}

TEST_CASE("a batch of a thousand is carried out, one of a thousand and one is not") {
  Served served;
  RpcClient client(served.socket());
  const auto batch = [](std::size_t count, const std::string& request) {
    std::string text = "[" + request;
    for (std::size_t i = 1; i < count; ++i) text += "," + request;
    return text + "]\n";
  };
  client.send(batch(1000, get_mine));
  CHECK(client.document().as_array()->size() == 1000);
  const std::string toggle = R"({"jsonrpc":"2.0","method":"pluginPack:toggle","params":["mine",false],"id":1})";
  client.send(batch(1001, toggle));
  const Value refused = client.document();
  CHECK(at(refused, "/error/code") == Value(-32600));
  CHECK(text_at(refused, "/error/message") == "a batch of 1001 requests is more than 1000");
  CHECK(text_at(refused, "/error/data/code") == "invalid-argument");
  CHECK(at(refused, "/id").is_null());
  CHECK(at(client.call("pluginPack:get", Value::array({"mine"})).result(), "/enabled") == Value(true));
}

TEST_CASE("calls of a batch begin in their order") {
  Served served;
  RpcClient client(served.socket());
  client.send(R"([{"jsonrpc":"2.0","method":"pluginPack:get","params":["mine"],"id":1},)"
              R"({"jsonrpc":"2.0","method":"pluginPack:toggle","params":["mine",false],"id":2},)"
              R"({"jsonrpc":"2.0","method":"pluginPack:get","params":["mine"],"id":3},)"
              R"({"jsonrpc":"2.0","method":"pluginPack:toggle","params":["mine",true]},)"
              R"({"jsonrpc":"2.0","method":"pluginPack:get","params":["mine"],"id":5}])"
              "\n");
  const Value answers = client.document();
  CHECK(at(answers, "/0/result/enabled") == Value(true));
  CHECK(at(answers, "/2/result/enabled") == Value(false));
  CHECK(at(answers, "/3/result/enabled") == Value(true));
}

TEST_CASE("a batch waits for its long calls, the connection does not") {
  Served served;
  RpcClient client(served.socket());
  client.send(R"([{"jsonrpc":"2.0","method":"test:wait","params":["long"],"id":"long"},)"
              R"({"jsonrpc":"2.0","method":"pluginPack:toggle","params":["mine",false],"id":"quick"}])"
              "\n");
  served.gate.wait_for("long");
  CHECK(at(client.call("pluginPack:get", Value::array({"mine"})).result(), "/enabled") == Value(false));
  CHECK(client.call("host:cancel", Value::array({"long"})).result() == Value::object({{"cancelled", true}}));
  CHECK(outline(client.document()) == R"("long":-32000 "quick":ok )");
}

TEST_CASE("notifications are carried out and never answered") {
  Served served;
  RpcClient client(served.socket());
  client.send(R"({"jsonrpc":"2.0","method":"pluginPack:toggle","params":["mine",false]})"
              "\n"
              R"({"jsonrpc":"2.0","method":"nope"})"
              "\n"
              R"({"jsonrpc":"2.0","method":"pluginPack:toggle"})"
              "\n"
              R"([{"jsonrpc":"2.0","method":"pluginPack:get","params":["mine"]},{"jsonrpc":"2.0","method":"nope"}])"
              "\n" +
              get_mine + "\n");
  const Value answer = client.document();
  CHECK(at(answer, "/id") == Value(1));
  CHECK(at(answer, "/result/enabled") == Value(false));
}

TEST_CASE("a batch whose answers grow too long goes no further") {
  Served served([](server::ServerOptions& options) { options.limits.pending_output = 10'000; });
  RpcClient client(served.socket());
  const std::string bulk = R"({"jsonrpc":"2.0","method":"test:bulk","params":[6000],"id":1},)";
  client.send("[" + bulk + bulk + bulk +
              R"({"jsonrpc":"2.0","method":"pluginPack:toggle","params":["mine",false],"id":2}])" + "\n");
  const Value answers = client.document();
  CHECK(outline(answers) == "1:ok 1:ok 1:-32000 2:-32000 ");
  CHECK(text_at(answers, "/3/error/message") == "the answers of this batch have more than 10000 bytes");
  CHECK(text_at(answers, "/3/error/data/code") == "conflict");
  CHECK(at(client.call("pluginPack:get", Value::array({"mine"})).result(), "/enabled") == Value(true));
}
