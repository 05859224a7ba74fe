// The small table at the end: each figure beside what it is compared with, measured in the same run.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <ostream>
#include <string>

namespace cowork::bench {

/// Google Benchmark's own rows while they come; remembers the best time of each benchmark.
class FigureReporter final : public benchmark::ConsoleReporter {
 public:
  explicit FigureReporter(bool color) : ConsoleReporter(color ? OO_ColorTabular : OO_Tabular) {}
  void ReportRuns(const std::vector<Run>& runs) override;
  /// Nanoseconds of one iteration, by the benchmark's name: of the CPU, or by the clock where it asked for that.
  const std::map<std::string, double>& times() const { return times_; }

 private:
  std::map<std::string, double> times_;
};

/// Prints figure, ours, baseline and ratio, for what was measured.
void print_figures(std::ostream& out, const std::map<std::string, double>& times);

}  // namespace cowork::bench
