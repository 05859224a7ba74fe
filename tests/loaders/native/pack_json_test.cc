// The readers that packs use for their configuration and for the input of tools.
#include "cowork/native/pack_json.h"

#include <functional>

#include "support/catch.h"

using namespace cowork;

TEST_CASE("the readers give members of their kind") {
  const json::Value object = native::parsed(R"({"t": "a", "i": -2, "e": 1e2, "n": 2.5, "b": true, "s": ["x", "y"]})");
  CHECK(native::text(object, "t") == "a");
  CHECK(native::integer(object, "i") == -2);
  CHECK(native::integer(object, "e") == 100);
  CHECK(native::number(object, "n") == 2.5);
  CHECK(native::boolean(object, "b"));
  CHECK(native::texts(object, "s") == std::vector<std::string>{"x", "y"});
}

TEST_CASE("the readers refuse what is missing or of another kind, and name it") {
  const struct {
    const char* object;
    std::function<void(const json::Value&)> read;
    const char* message;
  } cases[] = {
      {"{}", [](const json::Value& v) { native::text(v, "t"); }, "t must be a string; found nothing"},
      {R"({"t": null})", [](const json::Value& v) { native::text(v, "t"); }, "t must be a string; found null"},
      {R"({"t": 2})", [](const json::Value& v) { native::text(v, "t"); }, "t must be a string; found 2"},
      {"[]", [](const json::Value& v) { native::text(v, "t"); }, "t must be a string; found nothing"},
      {"{}", [](const json::Value& v) { native::integer(v, "i"); }, "i must be an integer; found nothing"},
      {R"({"i": 2.5})", [](const json::Value& v) { native::integer(v, "i"); }, "i must be an integer; found 2.5"},
      {R"({"i": 9223372036854775808})", [](const json::Value& v) { native::integer(v, "i"); },
       "i must be an integer; found 9223372036854775808"},
      {"{}", [](const json::Value& v) { native::number(v, "n"); }, "n must be a number; found nothing"},
      {R"({"n": "2"})", [](const json::Value& v) { native::number(v, "n"); }, "n must be a number; found a string"},
      {"{}", [](const json::Value& v) { native::boolean(v, "b"); }, "b must be true or false; found nothing"},
      {R"({"b": 0})", [](const json::Value& v) { native::boolean(v, "b"); }, "b must be true or false; found 0"},
      {"{}", [](const json::Value& v) { native::texts(v, "s"); }, "s must be an array of strings; found nothing"},
      {R"({"s": {}})", [](const json::Value& v) { native::texts(v, "s"); },
       "s must be an array of strings; found an object"},
      {R"({"s": ["x", 3]})", [](const json::Value& v) { native::texts(v, "s"); },
       "s must be an array of strings; found 3"},
  };
  for (const auto& each : cases) {
    INFO(each.message);
    const json::Value object = native::parsed(each.object);
    try {
      each.read(object);
      FAIL("it was accepted");
    } catch (const native::ToolError& error) {
      CHECK(error.code() == "invalid-argument");
      CHECK(std::string(error.what()) == each.message);
    }
  }
}

TEST_CASE("what is no JSON is refused as such") {
  try {
    native::parsed("{\"a\": 1,}", "<configuration>");
    FAIL("it was accepted");
  } catch (const native::ToolError& error) {
    CHECK(error.code() == "invalid-argument");
    CHECK(std::string(error.what()) == "expected a key in quotation marks");
  }
}
