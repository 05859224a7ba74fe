#include "single_flight.h"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/catch.h"

using namespace cowork;
using namespace std::chrono_literals;

TEST_CASE("single flight: work runs once for each who asks alone") {
  SingleFlight flight;
  int runs = 0;
  flight.run([&] { ++runs; }, 1s);
  flight.run([&] { ++runs; }, 1s);
  CHECK(runs == 2);
}

TEST_CASE("single flight: asked for inside itself, it runs once more afterwards, and not for ever") {
  SingleFlight flight;
  int runs = 0;
  flight.run(
      [&] {
        if (++runs == 1) flight.run([&] { ++runs; }, 1s);
      },
      1s);
  CHECK(runs == 2);
  runs = 0;
  const std::function<void()> endless = [&] {
    ++runs;
    flight.run(endless, 1s);
  };
  flight.run(endless, 1s);
  CHECK(runs > 1);
  CHECK(runs < 100);
}

TEST_CASE("single flight: after work that threw it can be run again") {
  SingleFlight flight;
  CHECK_THROWS_AS(flight.run([] { throw std::runtime_error("no"); }, 1s), std::runtime_error);
  int runs = 0;
  flight.run([&] { ++runs; }, 1s);
  CHECK(runs == 1);
}

TEST_CASE("single flight: never twice at once, and nobody comes back before what he changed was seen") {
  SingleFlight flight;
  std::atomic<int> inside{0}, value{0}, seen{0}, failures{0};
  const std::function<void()> work = [&] {
    if (++inside != 1) ++failures;
    seen = value.load();
    --inside;
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 500; ++round) {
        const int mine = ++value;
        flight.run(work, 10s);
        if (seen < mine) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
}
