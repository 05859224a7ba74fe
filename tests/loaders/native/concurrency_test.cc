#include <atomic>
#include <thread>

#include "native_world.h"

using namespace cowork;
using test::NativeWorld;

TEST_CASE("tools run on several threads at once while events come in") {
  NativeWorld world;
  const auto pack = world.good();
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 100; ++i) {
        if (pack->call("echo", json::Value(thread), {}).value() != json::Value(thread)) ++wrong;
        pack->on_event({"pack-state-changed", json::Value::object()});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(pack->call("seen", {}, {}).value().as_array()->size() == 400);
}
