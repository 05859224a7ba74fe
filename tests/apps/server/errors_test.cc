// Every error, as it stands on the wire.
#include "cowork/server/error_data.h"
#include "served.h"

using namespace cowork;
using namespace cowork::test;
using json::Value;

TEST_CASE("every code of the host arrives with all that the error has") {
  Served served;
  RpcClient client(served.socket());
  for (int number = 0; number <= static_cast<int>(ErrorCode::invalid_policy); ++number) {
    const std::string code(to_string(static_cast<ErrorCode>(number)));
    INFO(code);
    const RpcAnswer answer = client.call("test:fail", Value::array({code}));
    const Value expected = Value::object(
        {{"code", code == "invalid-argument" ? -32602 : -32000},
         {"message", "it failed"},
         {"data",
          Value::object(
              {{"code", code},
               {"why", "the test wanted it"},
               {"try", "look at the test"},
               {"retryAfterSec", 5},
               {"place", Value::object({{"file", "/p.json"}, {"line", 3}, {"column", 7}, {"pointer", "/packs"}})}})}});
    CHECK(at(answer.document, "/error") == expected);
    const Error error = server::error_from(answer.message(), at(answer.document, "/error/data"));
    CHECK(to_string(error.code()) == code);
    CHECK(error.why() == "the test wanted it");
    CHECK(error.remedy() == "look at the test");
    CHECK(error.place() == SourcePlace{"/p.json", 3, 7, "/packs"});
    CHECK(*error.data() == Value::object({{"retryAfterSec", 5}}));
    CHECK(server::error_data(error) == at(answer.document, "/error/data"));
  }
}

TEST_CASE("an error without anything has a code") {
  CHECK(server::error_data(Error::io("m")) == Value::object({{"code", "io"}}));
  CHECK(server::error_from("m", {}).code() == ErrorCode::internal);
  CHECK(server::error_from("m", Value::object({{"code", "new-code"}})).code() == ErrorCode::internal);
}

TEST_CASE("what is no JSON, no request and no method have numbers of their own") {
  Served served;
  RpcClient client(served.socket());
  const auto sent = [&client](const std::string& line) {
    client.send(line + "\n");
    return client.document();
  };
  const Value no_json = sent(R"({"jsonrpc":"2.0","method":)");
  CHECK(at(no_json, "/error/code") == Value(-32700));
  CHECK(text_at(no_json, "/error/message") == "expected a value");
  CHECK(at(no_json, "/error/data/place/column") == Value(27));
  CHECK(at(no_json, "/id").is_null());
  const Value no_request = sent(R"({"jsonrpc":"2.0","method":1,"id":"x"})");
  CHECK(at(no_request, "/error/code") == Value(-32600));
  CHECK(text_at(no_request, "/error/data/code") == "invalid-argument");
  CHECK(at(no_request, "/id") == Value("x"));
  const Value no_method = sent(R"({"jsonrpc":"2.0","method":"pluginPack:lst","id":null})");
  CHECK(at(no_method, "/error/code") == Value(-32601));
  CHECK(text_at(no_method, "/error/data/code") == "invalid-argument");
  CHECK(text_at(no_method, "/error/message").find("pluginPack:lst") != std::string::npos);
  CHECK(at(no_method, "/id").is_null());
  const Value nested = sent(R"({"jsonrpc":"2.0","method":"pack:activate","params":["mine"],"id":1})");
  CHECK(at(nested, "/error/code") == Value(-32601));
  const Value no_params = sent(R"({"jsonrpc":"2.0","method":"pluginPack:get","params":[],"id":1})");
  CHECK(at(no_params, "/error/code") == Value(-32602));
}

TEST_CASE("what the strict reader refuses is no JSON") {
  Served served;
  RpcClient client(served.socket());
  const std::string head = R"({"jsonrpc":"2.0","id":1,"method":"test:warn","params":)";
  const std::vector<std::pair<std::string, std::string>> cases{
      {std::string(1000, '[') + std::string(1000, ']'), "nested more than 64 deep"},
      {"{\"a\":1,\"\\u0061\":2}", "duplicate key"},
      {"[1e400]", "number out of range"},
      {"[\"\\ud800\"]", "lone surrogate"},
      {"[\"\\u0000\"]", "NUL"},
      {"[\"\xff\"]", "UTF-8"},
      {"[" + std::string(10'000, '9') + "]", "number"},
  };
  for (const auto& [params, expected] : cases) {
    INFO(params.substr(0, 40));
    client.send(head + params + "}\n");
    const Value answer = client.document();
    CHECK(at(answer, "/error/code") == Value(-32700));
    CHECK(at(answer, "/id").is_null());
  }
  CHECK(client.call("test:warn").ok());
}

TEST_CASE("methods of the server itself check their parameters") {
  Served served;
  RpcClient client(served.socket());
  const auto message = [&client](const std::string& method, const Value& params) {
    const RpcAnswer answer = client.call(method, params);
    CHECK(answer.code() == "invalid-argument");
    CHECK(answer.number() == -32602);
    return answer.message();
  };
  CHECK(message("host:subscribe", Value::object({{"events", Value::strings({"policy-change"})}})) ==
        "there is no event \"policy-change\"");
  CHECK(message("host:subscribe", Value::object({{"events", "policy-changed"}})) ==
        "events must be an array, not a string");
  CHECK(message("host:subscribe", Value::object({{"events", Value::array({1})}})) ==
        "events must be an array of strings, but holds a number");
  message("host:subscribe", Value::object({{"event", Value::array()}}));
  message("host:unsubscribe", Value::array({1}));
  message("host:cancel", Value::object({{"ids", 1}}));
  message("host:openConsole", Value::array({1}));
  const RpcAnswer console = client.call("host:openConsole");
  CHECK(console.code() == "conflict");
  CHECK(console.message() == "this server has no console");
}
