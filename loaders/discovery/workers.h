// Many small things to do, by as many threads as the machine has use for.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace cowork::loaders {

/// Calls `work(index, worker)` for every index below `count`, each once; the calling thread is worker 0. A worker's
/// indices rise. `work` must not throw.
template <class Work>
void share_out(std::size_t count, std::size_t most_workers, Work work) {
  constexpr std::size_t block = 16;
  std::atomic<std::size_t> next{0};
  const auto run = [&](std::size_t worker) {
    for (;;) {
      const std::size_t begin = next.fetch_add(block, std::memory_order_relaxed);
      if (begin >= count) return;
      for (std::size_t index = begin; index < std::min(begin + block, count); ++index) work(index, worker);
    }
  };
  std::vector<std::jthread> others;
  const std::size_t wanted = std::min(most_workers, (count + block - 1) / block);
  for (std::size_t worker = 1; worker < wanted; ++worker) {
    try {
      others.emplace_back([&run, worker] { run(worker); });
    } catch (const std::system_error&) {
      break;  // no thread to be had: those that are there do it
    }
  }
  run(0);
}

}  // namespace cowork::loaders
