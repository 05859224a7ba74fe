// What holds while threads meet: run with ThreadSanitizer.
#include <algorithm>
#include <atomic>
#include <thread>

#include "disk_worlds.h"
#include "support/catch.h"

using cowork::testing::said;
using namespace std::chrono_literals;

namespace {
constexpr std::size_t plenty = 1 << 20;
}

TEST_CASE("a reader sees the old or the new content while a file is replaced, never a mixture", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  constexpr std::size_t size = 100'000;
  constexpr int rounds = 60;
  REQUIRE(top->replace("file", std::string(size, 'a'), 0644));
  std::atomic<bool> done = false;
  std::atomic<int> mixed = 0;
  std::atomic<int> read = 0;
  const auto reading = [&] {
    while (!done) {
      const auto bytes = top->read("file", plenty);
      const bool whole = bytes && bytes->size() == size &&
                         std::all_of(bytes->begin(), bytes->end(), [&](char c) { return c == bytes->front(); });
      if (!whole) ++mixed;
      ++read;
    }
  };
  std::thread first(reading);
  std::thread second(reading);
  int failures = 0;
  for (int i = 0; i < rounds || read < 2; ++i) {
    if (!top->replace("file", std::string(size, i % 2 == 0 ? 'b' : 'a'), 0644)) ++failures;
  }
  done = true;
  first.join();
  second.join();
  CHECK(failures == 0);
  CHECK(mixed == 0);
  CHECK(top->entries().value().size() == 1);
}

TEST_CASE("threads that count under a lock lose nothing", "[ports]") {
  IN_EVERY_WORLD(world);
  constexpr int threads = 4;
  constexpr int rounds = 50;
  std::atomic<int> failures = 0;
  const auto counting = [&] {
    const auto top = world->top();
    for (int i = 0; i < rounds; ++i) {
      const auto lock = top->lock("lock", 60s);
      const auto text = lock ? (*lock)->read() : cowork::fail(lock.error());
      if (!text || !(*lock)->write(std::to_string(text->empty() ? 1 : std::stoi(*text) + 1))) ++failures;
    }
  };
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) running.emplace_back(counting);
  for (std::thread& thread : running) thread.join();
  CHECK(failures == 0);
  CHECK(world->top()->lock("lock", 0ms).value()->read().value() == std::to_string(threads * rounds));
}

TEST_CASE("who waits for a lock gets it when it is released", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  auto held = top->lock("lock", 0ms).value();
  std::atomic<bool> waiting = false;
  std::string outcome;
  std::thread waiter([&] {
    waiting = true;
    outcome = said(top->lock("lock", 60s));
  });
  while (!waiting) std::this_thread::yield();
  held.reset();
  waiter.join();
  CHECK(outcome == "success");
}

TEST_CASE("threads that append lose no line and tear none", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  constexpr int threads = 3;
  constexpr int rounds = 20;
  const std::string line = std::string(1000, 'x') + "\n";
  std::vector<std::thread> running;
  std::atomic<int> failures = 0;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        if (!top->append("log", line, 0600)) ++failures;
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  std::string expected;
  for (int i = 0; i < threads * rounds; ++i) expected += line;
  CHECK(failures == 0);
  CHECK(top->read("log", plenty).value() == expected);
}

TEST_CASE("of threads that make the same file one succeeds", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  constexpr int threads = 4;
  std::atomic<int> made = 0;
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      if (top->write_new("file", std::to_string(i), 0644)) ++made;
    });
  }
  for (std::thread& thread : running) thread.join();
  CHECK(made == 1);
}
