#include "cowork/ports/clock.h"

#include <ctime>

#include "cowork/ports/manual_clock.h"
#include "support/catch.h"

TEST_CASE("the real clock goes on and knows the date", "[ports]") {
  const auto clock = cowork::make_real_clock();
  const std::int64_t before = clock->steady_us();
  CHECK(clock->steady_us() >= before);
  CHECK(std::abs(clock->system_ms() / 1000 - static_cast<std::int64_t>(std::time(nullptr))) <= 2);
}

TEST_CASE("a manual clock moves when told, and its steady side never back", "[ports]") {
  cowork::ManualClock clock(1'000);
  clock.advance_ms(250);
  CHECK(clock.system_ms() == 1'250);
  CHECK(clock.steady_us() == 250'000);
  clock.advance_ms(-1'000);
  CHECK(clock.system_ms() == 250);
  CHECK(clock.steady_us() == 250'000);
}
