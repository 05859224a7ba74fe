// State that can't be read, and listeners that go away.
#include <condition_variable>
#include <thread>

#include "small_host.h"

using namespace cowork;
using namespace cowork::test;

TEST_CASE("toggles that can't be read: user packs stay off, changes are refused, the file is kept") {
  SmallHost small;
  {
    PluginHost host = small.start();
    REQUIRE(host.toggle("beta", false));
  }
  const auto home = small.disk->open("/home");
  REQUIRE(home);
  const auto before = (*home)->read("pack-states.json", 4096);
  REQUIRE(before);
  small.disk->set_fault([](std::string_view operation, std::string_view path) -> std::optional<int> {
    const bool toggles = path.find("pack-states.json") != std::string_view::npos;
    return operation == "read" && toggles ? std::optional<int>(5) : std::nullopt;
  });
  PluginHost host = small.start();
  CHECK_FALSE(get(host, "mine").enabled());
  const auto refused = host.toggle("alpha", false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::io);
  const auto status = host.call(GetStatus{});
  REQUIRE(status);
  REQUIRE_FALSE(status->diagnostics.empty());
  CHECK(status->diagnostics[0].code == "state-unreadable");

  small.disk->set_fault({});
  CHECK((*home)->read("pack-states.json", 4096).value() == *before);
  host.refresh();
  CHECK(get(host, "mine").enabled());
  CHECK_FALSE(get(host, "beta").enabled());
  CHECK(host.toggle("alpha", false));
}

TEST_CASE("lock records that can't be read cost no toggle") {
  SmallHost small;
  {
    PluginHost host = small.start();
    REQUIRE(host.toggle("beta", false));
  }
  small.disk->plant_file("/home/pack-lock.json", "{\"version\":1,\"packs\":{}}");
  small.disk->set_fault([](std::string_view operation, std::string_view path) -> std::optional<int> {
    return operation == "read" && path.find("pack-lock.json") != std::string_view::npos ? std::optional<int>(13)
                                                                                        : std::nullopt;
  });
  PluginHost host = small.start();
  CHECK_FALSE(get(host, "beta").enabled());
  CHECK_FALSE(host.toggle("alpha", false));
  small.disk->set_fault({});
  REQUIRE(host.toggle("alpha", false));
  CHECK_FALSE(get(host, "beta").enabled());
}

TEST_CASE("lock records that are lost or can't be read: a user pack that was held back is not on by accident") {
  SmallHost small;
  small.disk->plant_file("/home/pack-lock.json", "{\"version\":1,");
  {
    PluginHost host = small.start();
    CHECK_FALSE(get(host, "mine").enabled());
    CHECK(get(host, "alpha").enabled());
  }
  {
    PluginHost host = small.start();  // the file says so from then on
    CHECK_FALSE(get(host, "mine").enabled());
    REQUIRE(host.toggle("mine", true));
    CHECK(get(host, "mine").enabled());
  }
  SmallHost unreadable;
  unreadable.disk->plant_file("/home/pack-lock.json", "{\"version\":1,\"packs\":{}}");
  unreadable.disk->set_fault([](std::string_view operation, std::string_view path) -> std::optional<int> {
    return operation == "read" && path.find("pack-lock.json") != std::string_view::npos ? std::optional<int>(5)
                                                                                        : std::nullopt;
  });
  PluginHost host = unreadable.start();
  CHECK_FALSE(get(host, "mine").enabled());
  unreadable.disk->set_fault({});
  host.refresh();
  CHECK(get(host, "mine").enabled());
}

TEST_CASE("no listener is called after its handle has gone, and letting it go waits for a call under way") {
  SmallHost small;
  PluginHost host = small.start();
  std::mutex mutex;
  std::condition_variable changed;
  bool inside = false, release = false, finished = false;
  auto handle = host.subscribe([&](const Event&) {
    std::unique_lock lock(mutex);
    inside = true;
    changed.notify_all();
    changed.wait(lock, [&] { return release; });
    finished = true;
  });
  std::thread caller([&] { CHECK(host.toggle("beta", false)); });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return inside; });
  }
  std::thread releaser([&] {
    const std::lock_guard lock(mutex);
    release = true;
    changed.notify_all();
  });
  handle.reset();
  CHECK(finished);
  caller.join();
  releaser.join();
  inside = false;
  CHECK(host.toggle("beta", true));
  CHECK_FALSE(inside);
}
