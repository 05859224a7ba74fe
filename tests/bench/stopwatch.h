// Times a piece of work with Google Benchmark: as often as fits into a given time.
//
// Threads: one at a time.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <type_traits>

#include "seconds.h"

namespace cowork::bench {

class Stopwatch {
 public:
  /// `seconds` is the least time of one measurement.
  explicit Stopwatch(double seconds) : seconds_(seconds) {}

  /// Nanoseconds of one call of `work` by the clock. What it throws is thrown again.
  template <class Work>
  double time(Work work) const {
    return measure([&](benchmark::State& state) {
      for (auto _ : state) {
        if constexpr (std::is_void_v<std::invoke_result_t<Work>>)
          work();
        else
          benchmark::DoNotOptimize(work());
      }
    });
  }

  /// The same for work that takes more time than the part that counts, of which it answers the seconds. The time of a
  /// measurement is that of all.
  double time_by_itself(const std::function<double()>& work) const;

 private:
  double measure(const std::function<void(benchmark::State&)>& loop) const;

  double seconds_;
};

}  // namespace cowork::bench
