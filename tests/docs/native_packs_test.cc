// The packs of docs/writing-a-native-pack.md do what the page says.
#include "loaders/native/native_world.h"

using namespace cowork;
using test::NativeWorld;

namespace {

constexpr std::string_view settings = R"(, "configSchema": {"type": "object", "required": ["kettle"], "properties":
    {"kettle": {"type": "string"}, "minutes": {"type": "integer", "default": 3}}})";

}  // namespace

TEST_CASE("the pack of the page brews, counts and writes") {
  NativeWorld world;
  world.files.write("home/config/tea-time.json", R"({"kettle": "blue"})");
  const auto pack = world.loaded(world.pack("tea-time", test::fixture("tea-time"), std::string(settings)));
  pack->on_event({"pack-state-changed", json::Value::object()});
  CHECK(json::to_text(pack->call("brew", json::Value::object({{"cups", 2}}), {}).value()) ==
        R"({"kettle":"blue","minutes":3,"packChanges":1})");
  CHECK(world.files.read("home/data/tea-time/brewed") == "2\n");
  const auto refused = pack->call("brew", json::Value::object(), {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::invalid_argument);
  CHECK(refused.error().message() == "tool \"brew\" of pack \"tea-time\": cups must be an integer; found nothing");
  CHECK(world.log->lines() == std::vector<std::string>{"info tea-time: the blue kettle is on"});
}

TEST_CASE("the pack of the page does not start, and harms nobody, when its configuration lacks what it reads") {
  const struct {
    const char* file;
    const char* message;
  } cases[] = {
      {"{}", "pack \"tea-time\" did not start: kettle must be a string; found nothing"},
      {R"({"kettle": 7})", "pack \"tea-time\" did not start: kettle must be a string; found 7"},
      {R"({"kettle": "blue"})", "pack \"tea-time\" did not start: minutes must be an integer; found nothing"},
      {R"({"kettle": "blue", "minutes": 2.5})",
       "pack \"tea-time\" did not start: minutes must be an integer; found 2.5"},
      {R"({"kettle": "blue", "minutes": "3"})",
       "pack \"tea-time\" did not start: minutes must be an integer; found a string"},
  };
  for (const auto& each : cases) {
    INFO(each.file);
    NativeWorld world;
    world.files.write("home/config/tea-time.json", each.file);
    const Error error = world.refused(world.pack("tea-time", test::fixture("tea-time")));
    CHECK(error.code() == ErrorCode::internal);
    CHECK(error.message() == each.message);
  }
}

TEST_CASE("the interceptor of the page says when it is frozen") {
  NativeWorld world;
  const auto pack = world.loaded(world.pack("freeze", test::fixture("freeze")));
  const auto interceptor = pack->interceptors().at(0);
  CHECK(interceptor->name() == "freeze/gate");
  CHECK(interceptor->judge_state(Freshness::current)->revision == 1);
  world.files.write("home/data/freeze/freeze", "");
  CHECK(interceptor->judge_state(Freshness::current)->revision == 2);
}
