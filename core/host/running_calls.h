// The calls that are under way in a host. Private to core/host.
//
// Threads: any. Entering and leaving take no lock while there are no more calls than places.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include "cowork/host/host_core.h"

namespace cowork {

class RunningCalls {
 public:
  /// `call` stays where it is until it leaves.
  void enter(RunningCall& call);
  void leave(RunningCall& call) noexcept;
  /// What calls that enter from now on take for the time of their beginning.
  void set_time(std::int64_t now_us) noexcept { now_us_.store(now_us, std::memory_order_relaxed); }
  /// Calls `visit(RunningCall&)` for each; it can't leave while it is visited.
  template <class Visit>
  void each(Visit visit) {
    for (Place& place : places_) {
      const std::uintptr_t here = place.call.load(std::memory_order_acquire);
      std::uintptr_t expected = here;
      if (here == 0 || !place.call.compare_exchange_strong(expected, here | held, std::memory_order_acquire)) continue;
      visit(*reinterpret_cast<RunningCall*>(here));
      place.call.store(here, std::memory_order_release);
    }
    const std::lock_guard lock(mutex_);
    for (RunningCall* call : others_) visit(*call);
  }
  /// Until none is under way. Nobody may enter any more.
  void wait_for_all();

 private:
  static constexpr std::size_t place_count = 32, no_place = place_count;
  static constexpr std::uintptr_t held = 1;  ///< a call's address is even
  struct alignas(64) Place {
    std::atomic<std::uintptr_t> call{0};
  };
  bool is_empty() const noexcept;

  std::array<Place, place_count> places_;
  std::atomic<std::int64_t> now_us_{0};
  std::atomic<bool> ending_{false};
  mutable std::mutex mutex_;
  std::condition_variable left_;
  std::vector<RunningCall*> others_;  ///< that found no place
};

}  // namespace cowork
