#include "stopwatch.h"

#include <exception>
#include <stdexcept>

namespace cowork::bench {
namespace {

/// Prints nothing: the table is ours.
class Keeper final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred || run.iterations == 0) continue;
      nanoseconds = run.real_accumulated_time * 1e9 / static_cast<double>(run.iterations);
    }
  }
  double nanoseconds = -1;
};

}  // namespace

double Stopwatch::measure(const std::function<void(benchmark::State&)>& loop) const {
  std::exception_ptr thrown;
  const auto guarded = [&](benchmark::State& state) {
    try {
      loop(state);
    } catch (...) {
      thrown = std::current_exception();
      state.SkipWithError("it threw");
    }
  };
  benchmark::ClearRegisteredBenchmarks();
  benchmark::RegisterBenchmark("one", guarded)->MinTime(seconds_)->UseRealTime();
  Keeper keeper;
  benchmark::RunSpecifiedBenchmarks(&keeper);
  if (thrown) std::rethrow_exception(thrown);
  if (keeper.nanoseconds < 0) throw std::runtime_error("Google Benchmark measured nothing");
  return keeper.nanoseconds;
}

double Stopwatch::time_by_itself(const std::function<double()>& work) const {
  double counted = 0, passed = 0;
  std::size_t times = 0;
  for (; passed < seconds_; ++times) passed += seconds_of([&] { counted += work(); });
  return counted * 1e9 / static_cast<double>(times);
}

}  // namespace cowork::bench
