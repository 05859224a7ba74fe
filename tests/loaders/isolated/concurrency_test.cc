// Many threads, one process that dies under them, and an end of it all.
#include <atomic>
#include <stop_token>

#include "isolated_world.h"

using namespace cowork;
using namespace cowork::test;

TEST_CASE("calls in parallel with crashes and cancellations each come to an end") {
  IsolatedWorld world;
  NativePack& bad = world.bad();
  std::atomic<unsigned> ended{0};
  const auto caller = [&](const char* tool, bool cancels) {
    return std::thread([&world, &bad, &ended, tool, cancels] {
      for (int i = 0; i < 5; ++i) {
        std::stop_source stop;
        CallOptions options;
        options.stop = stop.get_token();
        if (cancels) stop.request_stop();
        static_cast<void>(bad.call(tool, json::Value(i), options));
        static_cast<void>(world.isolated()->diagnostics());
        world.rest();
        ++ended;
      }
    });
  };
  world.isolated();
  std::thread callers[] = {caller("echo", false), caller("echo", false), caller("wait", true), caller("crash", false)};
  for (std::thread& thread : callers) thread.join();
  CHECK(ended == 20);
}

TEST_CASE("a loader that goes while a pack is given up waits for the thread that tells of it") {
  std::atomic<bool> telling{false}, told{false};
  IsolatedWorld world;
  world.isolated()->on_given_up([&](const std::string&, const Error&) {
    telling = true;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
    while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
    told = true;
  });
  for (int i = 0; i < 4; ++i) {
    static_cast<void>(world.call("crash"));
    world.rest();
  }
  std::thread last([&world] { static_cast<void>(world.call("crash")); });
  CHECK(eventually([&] { return telling.load(); }));
  world.isolated()->stop_telling();
  CHECK(told);
  last.join();
  world.destroy();
}

TEST_CASE("no thread of a loader is left when it is gone, though its pack went while the thread told of its end") {
  IsolatedWorld world;
  world.files.write("home/config/bad.json", R"({"start": "abort"})");
  for (int i = 0; i < 4; ++i) {
    static_cast<void>(world.call("echo"));
    world.rest();
  }
  std::atomic<bool> telling{false}, told{false};
  world.destroy();
  world.options.eager = true;
  world.isolated()->on_given_up([&](const std::string&, const Error&) {
    telling = true;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
    while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
    told = true;
  });
  world.bad();
  CHECK(eventually([&] { return telling.load(); }));
  world.destroy();
  CHECK(told);
}
