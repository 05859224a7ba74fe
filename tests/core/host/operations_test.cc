#include <algorithm>
#include <set>

#include "small_host.h"

using namespace cowork;
using namespace cowork::test;

namespace {

json::Value listed(PluginHost& host) {
  auto reply = host.call_json("host:operations", {});
  if (!reply) FAIL(reply.error().message());
  return std::move(*reply);
}

json::Value trace(PluginHost& host, json::Value options) {
  auto reply = host.call_json("host:trace", json::Value::object({{"options", std::move(options)}}));
  if (!reply) FAIL(reply.error().message());
  return std::move(*reply);
}

std::vector<std::string> step_names(const json::Value& call) {
  std::vector<std::string> names;
  for (const json::Value& step : *call.find("steps")->as_array()) names.push_back(*step.find("name")->as_string());
  return names;
}

}  // namespace

TEST_CASE("host:operations describes every public operation, and its table is what the readers take") {
  SmallHost small;
  PluginHost host = small.start();
  const json::Value operations = listed(host);
  std::vector<std::string> names;
  for (const json::Value& entry : *operations.as_array()) {
    const std::string name = *entry.find("name")->as_string();
    CAPTURE(name);
    names.push_back(name);
    CHECK_FALSE(entry.find("summary")->as_string()->empty());
    CHECK_FALSE(entry.find("result")->as_string()->empty());
    const json::Array& parameters = *entry.find("parameters")->as_array();

    SECTION("no other member is taken: " + name) {
      const auto refused = host.call_json(name, json::Value::object({{"surprise", 1}}));
      REQUIRE_FALSE(refused);
      CHECK(refused.error().code() == ErrorCode::invalid_argument);
    }
    SECTION("no further position is taken: " + name) {
      json::Value positions = json::Value::array();
      for (std::size_t i = 0; i <= parameters.size(); ++i) positions.push_back("x");
      const auto refused = host.call_json(name, positions);
      REQUIRE_FALSE(refused);
      CHECK(refused.error().code() == ErrorCode::invalid_argument);
    }
    for (const json::Value& parameter : parameters) {
      const std::string member = *parameter.find("name")->as_string();
      CHECK_FALSE(parameter.find("meaning")->as_string()->empty());
      if (*parameter.find("type")->as_string() == "any") continue;
      SECTION("a wrong type is named: " + name + " " + member) {
        const auto refused = host.call_json(name, json::Value::object({{member, 17}}));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code() == ErrorCode::invalid_argument);
      }
    }
  }
  CHECK(names == host.operation_names());
  CHECK(host.find_operation("pack:activate") == nullptr);
  REQUIRE(host.find_operation("pluginPack:get"));
  CHECK(host.find_operation("pluginPack:get")->pace == Pace::memory);
  CHECK(host.find_operation("pluginPack:toggle")->pace == Pace::disk);
  CHECK(host.find_operation("pluginPack:installGit")->pace == Pace::unbounded);
}

TEST_CASE("call_text appends what call_json answers, also after the state has changed") {
  SmallHost small;
  PluginHost host = small.start();
  const auto same = [&](std::string_view operation, const json::Value& params) {
    std::string text = "before ";
    REQUIRE(host.call_text(operation, params, {}, text));
    const auto value = host.call_json(operation, params);
    REQUIRE(value);
    CHECK(text == "before " + json::to_text(*value));
    return text;
  };
  const json::Value beta = json::Value::array({"beta"});
  const std::string enabled = same("pluginPack:get", beta);
  same("pluginPack:list", {});
  same("host:chain", {});
  same("pluginPack:get", json::Value::array({"nobody"}));
  REQUIRE(host.toggle("beta", false));
  CHECK(same("pluginPack:get", beta) != enabled);
  same("pluginPack:list", {});
}

TEST_CASE("call_text leaves the text alone when the call fails") {
  SmallHost small;
  PluginHost host = small.start();
  std::string text = "kept";
  const auto unknown = host.call_text("pluginPack:gte", {}, {}, text);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message() == "unknown operation \"pluginPack:gte\"");
  CHECK(unknown.error().remedy() == "did you mean \"pluginPack:get\"?");
  REQUIRE_FALSE(host.call_text("pluginPack:toggle", json::Value::array({"nobody", true}), {}, text));
  CHECK(text == "kept");
}

TEST_CASE("what an interceptor answers is what call_text writes") {
  SmallHost small;
  auto refusing = small.builder();
  refusing.use("refusing", [](Call& call, Next next) -> Outcome {
    if (call.info().name == "pluginPack:list") return Error(ErrorCode::policy_denied, "not today");
    return next(call);
  });
  PluginHost host = small.start(std::move(refusing));
  std::string text;
  const auto refused = host.call_text("pluginPack:list", {}, {}, text);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() == "not today");
}

TEST_CASE("tracing is off until it is asked for, and shows each step of the last call") {
  SmallHost small;
  auto builder = small.builder();
  builder.use("first", [](Call& call, Next next) { return next(call); });
  builder.use("second", [](Call& call, Next next) { return next(call); });
  PluginHost host = small.start(std::move(builder));
  REQUIRE(host.list());
  CHECK(*trace(host, json::Value::object()).find("enabled")->as_bool() == false);
  CHECK(trace(host, json::Value::object()).find("last")->is_null());

  CHECK(*trace(host, json::Value::object({{"enabled", true}})).find("enabled")->as_bool());
  REQUIRE(host.list());
  REQUIRE_FALSE(host.toggle("nobody", true));
  const json::Value newest = trace(host, json::Value::object());
  CHECK(*newest.find("last")->find("operation")->as_string() == "pluginPack:toggle");
  CHECK_FALSE(*newest.find("last")->find("ok")->as_bool());
  CHECK(*newest.find("last")->find("code")->as_string() == "not-found");

  const json::Value listing = trace(host, json::Value::object({{"operation", "pluginPack:list"}}));
  const json::Value& last = *listing.find("last");
  CHECK(*last.find("ok")->as_bool());
  CHECK(step_names(last) == std::vector<std::string>{"judges", "first", "second", "handler"});
  double total = 0;
  for (const json::Value& step : *last.find("steps")->as_array()) total += *step.find("micros")->as_double();
  CHECK(total > 0);

  trace(host, json::Value::object({{"enabled", false}}));
  REQUIRE(host.get("beta"));
  CHECK(*trace(host, json::Value::object()).find("last")->find("operation")->as_string() == "pluginPack:toggle");
}

TEST_CASE("a traced step's time is its own, without what it passed on") {
  StepTimes times;
  const char outer = 0, inner = 0;
  using Clock = std::chrono::steady_clock;
  const auto spend = [](std::chrono::microseconds time) {
    for (const auto until = Clock::now() + time; Clock::now() < until;) {
    }
  };
  times.switch_to(&outer);
  times.switch_to(&inner);
  spend(std::chrono::microseconds(2000));
  times.switch_to(&outer);
  times.switch_to(nullptr);
  CHECK(times.of(&inner) >= std::chrono::microseconds(2000));
  CHECK(times.of(&outer) < times.of(&inner));
}
