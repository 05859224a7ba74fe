// What the table is made of: figures, each with the two things that are measured and what was aimed at; and curves, the
// same two things at growing sizes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "stopwatch.h"

namespace cowork::bench {

/// One measurement: nanoseconds, or bytes, of one unit of work.
using Measure = std::function<double(const Stopwatch&)>;

/// Both own what they need, ready to be measured.
struct Sides {
  Measure ours;
  Measure baseline = {};  ///< empty: there is nothing to compare with
};

enum class Unit : std::uint8_t { nanoseconds, bytes };

enum class Aim : std::uint8_t {
  none,    ///< only reported
  ratio,   ///< ours / baseline
  value,   ///< ours
  excess,  ///< ours - baseline
};

struct Target {
  Aim aim = Aim::none;
  double most = 0;
};

struct Figure {
  std::string name;
  std::string baseline_is;  ///< empty: no baseline
  Target target;
  /// Makes what is measured; called just before, and what it made is gone before the next figure.
  std::function<Sides()> prepare;
  Unit unit = Unit::nanoseconds;
};

struct Curve {
  std::string name;
  std::string size_is;  ///< "packs"
  std::string baseline_is;
  std::vector<std::size_t> sizes;
  std::function<Sides(std::size_t size)> prepare;
  Unit unit = Unit::nanoseconds;
};

}  // namespace cowork::bench
