// The hot paths whose instructions are counted.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cowork::instructions {

struct Path {
  std::string name;
  /// Makes what the work needs; the work itself is what it gives.
  std::function<std::function<void()>()> prepare;
};

std::vector<Path> all_paths();

}  // namespace cowork::instructions
