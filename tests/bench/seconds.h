#pragma once

#include <chrono>

namespace cowork::bench {

/// Seconds that `work` takes, once, by the clock.
template <class Work>
double seconds_of(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace cowork::bench
