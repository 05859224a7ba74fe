// What is a request, and what is none.
#include "request.h"

#include "cowork/base/json_reader.h"
#include "support/catch.h"

using namespace cowork;

namespace {

json::Value value_of(const std::string& text) {
  return json::parse(text, "<test>", json::request_limits, ErrorCode::internal)->root;
}

std::string refusal(const std::string& text) {
  const json::Value value = value_of(text);
  const auto request = server::read_request(value);
  return request ? "" : std::string(to_string(request.error().code())) + ": " + request.error().message();
}

}  // namespace

TEST_CASE("a request is read with its options") {
  const json::Value value = value_of(R"({"jsonrpc":"2.0","method":"m","params":[1],"id":1.0,
    "options":{"dryRun":true,"timeoutMs":1500}})");
  const auto request = server::read_request(value);
  REQUIRE(request);
  CHECK(request->method == "m");
  CHECK(*request->params == json::Value::array({1}));
  CHECK(request->id_text() == "1.0");
  CHECK(request->dry_run);
  CHECK(request->timeout == std::chrono::milliseconds(1500));
}

TEST_CASE("ids are echoed as they were spelt") {
  for (const std::string id : {"1", "1.0", "-0", "1e2", "null", "\"a\"", "\"\"", "12345678901234567890123", "0.5"}) {
    const json::Value value = value_of(R"({"jsonrpc":"2.0","method":"m","id":)" + id + "}");
    const auto request = server::read_request(value);
    REQUIRE(request);
    CHECK(request->id != nullptr);
    CHECK(request->id_text() == id);
    CHECK(server::id_text_of(value) == id);
  }
}

TEST_CASE("no id is a notification") {
  const json::Value value = value_of(R"({"jsonrpc":"2.0","method":"m"})");
  const auto request = server::read_request(value);
  REQUIRE(request);
  CHECK(request->id == nullptr);
  CHECK(request->params == nullptr);
  CHECK_FALSE(request->dry_run);
  CHECK_FALSE(request->timeout);
}

TEST_CASE("what is no request is refused by name") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"1", "a request must be an object, not a number"},
      {"[]", "a request must be an object, not an array"},
      {"{}", R"("jsonrpc" of a request must be "2.0")"},
      {R"({"method":"m"})", R"("jsonrpc" of a request must be "2.0")"},
      {R"({"jsonrpc":2.0,"method":"m"})", R"("jsonrpc" of a request must be "2.0")"},
      {R"({"jsonrpc":"1.0","method":"m"})", R"("jsonrpc" of a request must be "2.0")"},
      {R"({"jsonrpc":"2.0"})", R"(a request needs a "method")"},
      {R"({"jsonrpc":"2.0","method":1})", R"("method" of a request must be a string, not a number)"},
      {R"({"jsonrpc":"2.0","method":"m","params":null})",
       R"("params" of a request must be an array or an object, not null)"},
      {R"({"jsonrpc":"2.0","method":"m","params":"p"})",
       R"("params" of a request must be an array or an object, not a string)"},
      {R"({"jsonrpc":"2.0","method":"m","id":true})",
       R"("id" of a request must be a string, a number or null, not a boolean)"},
      {R"({"jsonrpc":"2.0","method":"m","id":{}})",
       R"("id" of a request must be a string, a number or null, not an object)"},
      {R"({"jsonrpc":"2.0","method":"m","extra":1})", R"(a request has no member "extra")"},
      {R"({"jsonrpc":"2.0","result":1,"id":1})", R"(a request has no member "result")"},
      {R"({"jsonrpc":"2.0","method":"m","options":[]})", R"("options" of a request must be an object, not an array)"},
      {R"({"jsonrpc":"2.0","method":"m","options":{"dryrun":true}})", R"(a request has no option "dryrun")"},
      {R"({"jsonrpc":"2.0","method":"m","options":{"dryRun":1}})",
       R"("options.dryRun" of a request must be a boolean, not a number)"},
      {R"({"jsonrpc":"2.0","method":"m","options":{"timeoutMs":0}})",
       R"("options.timeoutMs" of a request must be a whole number from 1 to 86400000)"},
      {R"({"jsonrpc":"2.0","method":"m","options":{"timeoutMs":1.5}})",
       R"("options.timeoutMs" of a request must be a whole number from 1 to 86400000)"},
      {R"({"jsonrpc":"2.0","method":"m","options":{"timeoutMs":86400001}})",
       R"("options.timeoutMs" of a request must be a whole number from 1 to 86400000)"},
  };
  for (const auto& [text, message] : cases) {
    INFO(text);
    CHECK(refusal(text) == "invalid-argument: " + message);
  }
}

TEST_CASE("an id that is none is answered with null") {
  CHECK(server::id_text_of(value_of(R"({"id":[]})")) == "null");
  CHECK(server::id_text_of(value_of("[1]")) == "null");
  CHECK(server::id_text_of(value_of("{}")) == "null");
}
