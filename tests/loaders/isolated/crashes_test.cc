// Back-off, and setting aside.
#include <mutex>

#include "isolated_world.h"

using namespace cowork;
using namespace cowork::test;

namespace {

struct Told {
  explicit Told(IsolatedWorld& world) {
    world.isolated()->on_given_up([this](const std::string& name, const Error& why) {
      const std::lock_guard lock(mutex);
      names.push_back(name + ": " + why.message());
    });
  }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return names.size();
  }
  std::mutex mutex;
  std::vector<std::string> names;
};

void crash(IsolatedWorld& world) {
  CHECK_THAT(world.fault("crash").message(), Catch::EndsWith("SIGSEGV"));
}

const std::string set_aside = "pack \"bad\" is set aside: its process ended by itself 5 times within 10 minutes";

}  // namespace

TEST_CASE("after a crash calls fail at once until the back-off is over, which grows") {
  IsolatedWorld world;
  for (const std::int64_t wait_ms : {100, 400, 1600, 6400}) {
    INFO(wait_ms);
    crash(world);
    CHECK(world.fault("echo").code() == ErrorCode::conflict);
    world.clock->advance_ms(wait_ms - 1);
    const Error resting = world.fault("echo");
    CHECK(resting.code() == ErrorCode::conflict);
    CHECK_THAT(resting.message(), Catch::StartsWith("pack \"bad\" is started again in "));
    CHECK(resting.data()->find("retryAfterSec") != nullptr);
    world.clock->advance_ms(1);
    CHECK(world.text("echo", 1) == "1");
  }
}

TEST_CASE("a pack that crashes five times within ten minutes is set aside, in every host, until it is forgiven") {
  IsolatedWorld world;
  Told told(world);
  for (int i = 0; i < 5; ++i) {
    CHECK(told.count() == 0);
    world.rest();
    const Error crashed = world.fault("crash");
    CHECK_THAT(crashed.message(), Catch::EndsWith("SIGSEGV"));
    CHECK(crashed.remedy() == (i < 4 ? "call it again, and tell the pack's author" : "cowork pack enable bad"));
  }
  REQUIRE(told.count() == 1);
  CHECK(told.names.front() == "bad: " + set_aside);
  world.rest();
  const Error refused = world.fault("echo");
  CHECK(refused.code() == ErrorCode::conflict);
  CHECK(refused.message() == set_aside);
  CHECK(refused.why() == "its process was killed by signal SIGSEGV");
  CHECK(refused.remedy() == "cowork pack enable bad");
  const auto elsewhere = loaders::make_isolated_loader(world.options);
  const auto loaded = elsewhere->load(world.bad_record(), nullptr);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code() == ErrorCode::conflict);
  CHECK(loaded.error().message() == set_aside);
  world.clock->advance_ms(3'600'000);
  CHECK_FALSE(elsewhere->load(world.bad_record(), nullptr));  // no time heals it
  elsewhere->forgive("bad");
  CHECK(elsewhere->load(world.bad_record(), nullptr));
  CHECK_FALSE(world.files.exists("home/native-crashes"));
}

TEST_CASE("crashes that lie more than ten minutes apart set nothing aside") {
  IsolatedWorld world;
  Told told(world);
  for (int i = 0; i < 12; ++i) {
    world.clock->advance_ms(3 * 60'000);
    crash(world);
  }
  CHECK(told.count() == 0);
}

TEST_CASE("hosts of one home count together, and another library begins anew") {
  IsolatedWorld world;
  for (int host = 0; host < 5; ++host) {
    IsolatedWorld fresh;
    fresh.options.home = world.options.home;
    fresh.options.clock = world.clock;
    crash(fresh);
  }
  CHECK_FALSE(world.isolated()->load(world.bad_record(), nullptr));
  const auto other = world.isolated()->load(world.pack("bad", fixture("good")), nullptr);
  REQUIRE(other);
  CHECK((*other)->call("about", json::Value::object(), {}));
}

TEST_CASE("nobody is told any more once telling was stopped") {
  IsolatedWorld world;
  Told told(world);
  world.isolated()->stop_telling();
  for (int i = 0; i < 5; ++i) {
    world.rest();
    crash(world);
  }
  CHECK(world.fault("echo").message() == set_aside);
  CHECK(told.count() == 0);
}

TEST_CASE("a runner program that is missing is a reason not to run, and an error where it is tried") {
  IsolatedWorld world;
  world.options.program = "/nowhere/cowork-pack-runner";
  CHECK(world.isolated()->refusal(world.bad_record(), {}) ==
        "native code runs isolated outside of trusted directories, and the program for that is missing: "
        "/nowhere/cowork-pack-runner");
  const Error error = world.fault("echo");
  CHECK(error.message() == "pack \"bad\": cannot start \"/nowhere/cowork-pack-runner\"");
  CHECK(error.why() == "No such file or directory");
}
