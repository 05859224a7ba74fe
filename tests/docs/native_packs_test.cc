// The packs of docs/writing-a-native-pack.md do what the page says.
#include "loaders/native/native_world.h"

using namespace cowork;
using test::NativeWorld;

namespace {

constexpr std::string_view settings =
    R"(, "configSchema": {"type": "object", "properties": {"minutes": {"type": "integer", "default": 3}}})";

}  // namespace

TEST_CASE("the pack of the page brews, counts and writes") {
  NativeWorld world;
  const auto pack = world.loaded(world.pack("tea-time", test::fixture("tea-time"), std::string(settings)));
  pack->on_event({"pack-state-changed", json::Value::object()});
  CHECK(json::to_text(pack->call("brew", json::Value::object({{"cups", 2}}), {}).value()) ==
        R"({"minutes":3,"packChanges":1})");
  CHECK(world.files.read("home/data/tea-time/brewed") == "2\n");
  CHECK(pack->call("brew", json::Value::object(), {}).error().code() == ErrorCode::invalid_argument);
  CHECK(world.log->lines() == std::vector<std::string>{"info tea-time: the kettle is on"});
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
