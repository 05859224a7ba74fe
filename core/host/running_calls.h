// The calls that are under way in a host, and the snapshots that they began with. Private to core/host.
//
// Threads: any. Entering and leaving take no lock while there are no more calls than places. A call counts no reference
// to its snapshot: it lists itself with the address, and then sees whether that is still the published one. Who takes a
// snapshot off looks at the list afterwards, and gives a reference to each call that has its address. Both orders are
// sequentially consistent, so that the one or the other sees it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "cowork/host/host_core.h"

namespace cowork {

class RunningCalls {
 public:
  /// `call` stays where it is until it leaves, and its snapshot stays as long. False when nothing is published: then it
  /// has not entered.
  bool enter_with(RunningCall& call, const std::atomic<const Snapshot*>& published);
  /// With a snapshot of its own.
  void enter(RunningCall& call);
  /// To calls with this snapshot, which is published no more. Null is nothing.
  void give(const std::shared_ptr<const Snapshot>& snapshot);
  void leave(RunningCall& call) noexcept;
  /// Calls `visit(RunningCall&)` for each; it can't leave while it is visited.
  template <class Visit>
  void each(Visit visit) {
    for (Place& place : places_) {
      const std::uintptr_t here = hold(place);
      if (here == 0) continue;
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
  /// The call at this place, which can't leave until it is stored there again; 0 for none.
  static std::uintptr_t hold(Place& place) noexcept;
  bool is_empty();

  std::array<Place, place_count> places_;
  std::mutex mutex_;
  std::vector<RunningCall*> others_;  ///< that found no place
};

}  // namespace cowork
