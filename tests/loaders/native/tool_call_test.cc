#include <thread>

#include "native_world.h"

using namespace cowork;
using test::NativeWorld;

TEST_CASE("a tool gets its input as JSON and its answer is read as JSON") {
  NativeWorld world;
  const auto pack = world.good();
  const json::Value input = json::Value::object({{"text", "a \"b\" ü"}, {"numbers", json::Value::array({1, 2.5})}});
  CHECK(pack->call("echo", input, {}).value() == input);
  CHECK(pack->call("echo", {}, {}).value().is_null());
}

TEST_CASE("a tool that the pack has not is not found, and a near one is named") {
  NativeWorld world;
  const auto pack = world.good();
  const auto refused = pack->call("ecko", {}, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::not_found);
  CHECK(refused.error().message() == "pack \"good\" has no tool \"ecko\"");
  CHECK_THAT(refused.error().why(), Catch::StartsWith("its tools are \"") && Catch::Contains("\"echo\""));
  CHECK(refused.error().remedy() == "did you mean echo");
}

TEST_CASE("public codes of a tool's errors pass, every other one is internal") {
  NativeWorld world;
  const auto pack = world.good();
  for (const char* code : {"invalid-argument", "not-found", "io", "network", "timeout", "cancelled", "conflict",
                           "already-exists", "integrity"}) {
    const auto refused = pack->call("fail", test::text_value(code), {});
    REQUIRE_FALSE(refused);
    CHECK(to_string(refused.error().code()) == code);
    CHECK(refused.error().message() == "tool \"fail\" of pack \"good\": as you wish");
  }
  for (const char* code : {"policy-denied", "policy-unavailable", "interceptor-failed", "invalid-manifest",
                           "invalid-policy", "internal", "", "Not-Found", "nonsense"}) {
    INFO(code);
    const auto refused = pack->call("fail", test::text_value(code), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == ErrorCode::internal);
    CHECK(refused.error().message() == "tool \"fail\" of pack \"good\": as you wish");
  }
}

TEST_CASE("what goes wrong in a tool is internal, and names pack and tool") {
  NativeWorld world;
  const auto pack = world.good();
  const struct {
    const char* tool;
    std::string message;
  } cases[] = {
      {"throw", "tool \"throw\" of pack \"good\": thrown"},
      {"throw-number", "tool \"throw-number\" of pack \"good\": it threw something that is no std::exception"},
      {"bad-json", "tool \"bad-json\" of pack \"good\" answered no JSON: expected a key in quotation marks"},
      {"two-values", "tool \"two-values\" of pack \"good\" answered no JSON: unexpected text after the document"},
      {"nothing", "tool \"nothing\" of pack \"good\" answered no JSON: the document is empty"},
      {"flood", "tool \"flood\" of pack \"good\": it answered more than 16777216 bytes"},
  };
  for (const auto& each : cases) {
    INFO(each.tool);
    const auto refused = pack->call(each.tool, {}, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == ErrorCode::internal);
    CHECK(refused.error().message() == each.message);
  }
}

TEST_CASE("a tool can see that its call was cancelled, or ran past its deadline") {
  NativeWorld world;
  const auto pack = world.good();
  CallOptions late;
  late.deadline = std::chrono::steady_clock::now();
  const auto too_late = pack->call("wait", {}, late);
  REQUIRE_FALSE(too_late);
  CHECK(too_late.error().code() == ErrorCode::cancelled);

  std::stop_source stop;
  CallOptions stoppable;
  stoppable.stop = stop.get_token();
  std::thread canceller([&] { stop.request_stop(); });
  CHECK(pack->call("wait", {}, stoppable).error().message() == "tool \"wait\" of pack \"good\": nobody waits any more");
  canceller.join();
}
