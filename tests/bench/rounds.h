// Measures both sides by turns and tells their medians.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "figure.h"

namespace cowork::bench {

struct Pace {
  std::size_t rounds = 9;
  double seconds = 0.1;  ///< of one measurement, at least
};

struct Measured {
  std::vector<double> ours, baseline;  ///< of each round, in order; `baseline` may be empty

  double median_of_ours() const;
  double median_of_baseline() const;
};

/// One round that does not count, for caches and files; then ours, baseline, ours, baseline…
Measured run_rounds(const Sides& sides, const Pace& pace);

/// The ratio, the value or the excess that `target` is about; the ratio where it is about nothing, if there is one.
std::optional<double> compared(const Target& target, const Measured& measured);
bool is_met(const Target& target, const Measured& measured);

double median(std::vector<double> values);

}  // namespace cowork::bench
