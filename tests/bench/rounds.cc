#include "rounds.h"

#include <algorithm>

namespace cowork::bench {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double Measured::median_of_ours() const {
  return median(ours);
}

double Measured::median_of_baseline() const {
  return median(baseline);
}

Measured run_rounds(const Sides& sides, const Pace& pace) {
  Measured measured;
  for (std::size_t round = 0; round <= pace.rounds; ++round) {
    const Stopwatch stopwatch(round == 0 ? 0.001 : pace.seconds);
    const double ours = sides.ours(stopwatch);
    if (round != 0) measured.ours.push_back(ours);
    if (!sides.baseline) continue;
    const double baseline = sides.baseline(stopwatch);
    if (round != 0) measured.baseline.push_back(baseline);
  }
  return measured;
}

std::optional<double> compared(const Target& target, const Measured& measured) {
  if (target.aim == Aim::value) return measured.median_of_ours();
  if (measured.baseline.empty()) return std::nullopt;
  if (target.aim == Aim::excess) return measured.median_of_ours() - measured.median_of_baseline();
  return measured.median_of_ours() / measured.median_of_baseline();
}

bool is_met(const Target& target, const Measured& measured) {
  const auto found = compared(target, measured);
  return found && *found <= target.most;
}

}  // namespace cowork::bench
