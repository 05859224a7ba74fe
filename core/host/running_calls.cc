#include "running_calls.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace cowork {
namespace {

constexpr std::chrono::microseconds longest_pause{1000};

/// Threads begin to look at different places.
std::size_t first_place() noexcept {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t own = threads.fetch_add(1, std::memory_order_relaxed);
  return own;
}

}  // namespace

bool RunningCalls::enter_with(RunningCall& call, const std::atomic<const Snapshot*>& published) {
  const Snapshot* snapshot = published.load(std::memory_order_relaxed);
  while (snapshot) {
    call.snapshot_ = snapshot;
    enter(call);
    const Snapshot* const now = published.load();
    if (now == snapshot) return true;
    leave(call);
    call.given_.reset();
    snapshot = now;
  }
  return false;
}

void RunningCalls::give(const std::shared_ptr<const Snapshot>& snapshot) {
  if (!snapshot) return;
  each([&](RunningCall& call) {
    if (call.snapshot_ == snapshot.get()) call.given_ = snapshot;
  });
}

std::uintptr_t RunningCalls::hold(Place& place) noexcept {
  for (;;) {
    std::uintptr_t here = place.call.load();
    if (here == 0) return 0;
    // Somebody else may be visiting it.
    if ((here & held) == 0 && place.call.compare_exchange_weak(here, here | held)) return here;
    std::this_thread::yield();
  }
}

void RunningCalls::enter(RunningCall& call) {
  const auto address = reinterpret_cast<std::uintptr_t>(&call);
  const std::size_t first = first_place();
  for (std::size_t i = 0; i < place_count; ++i) {
    const std::size_t place = (first + i) % place_count;
    std::uintptr_t free = 0;
    if (places_[place].call.load(std::memory_order_relaxed) != 0 ||
        !places_[place].call.compare_exchange_strong(free, address))
      continue;
    call.place_ = place;
    return;
  }
  const std::lock_guard lock(mutex_);
  others_.push_back(&call);
  call.place_ = no_place;
}

void RunningCalls::leave(RunningCall& call) noexcept {
  if (call.place_ != no_place) {
    const auto address = reinterpret_cast<std::uintptr_t>(&call);
    std::atomic<std::uintptr_t>& place = places_[call.place_].call;
    for (std::uintptr_t expected = address; !place.compare_exchange_weak(expected, 0); expected = address)
      if (expected != address) std::this_thread::yield();
    return;  // from here on the host may be gone
  }
  const std::lock_guard lock(mutex_);
  others_.erase(std::find(others_.begin(), others_.end(), &call));
}

bool RunningCalls::is_empty() {
  const std::lock_guard lock(mutex_);
  return others_.empty() &&
         std::all_of(places_.begin(), places_.end(), [](const Place& place) { return place.call.load() == 0; });
}

void RunningCalls::wait_for_all() {
  // Nobody tells: who has left must not touch what is about to go.
  for (std::chrono::microseconds pause{1}; !is_empty(); pause = std::min(2 * pause, longest_pause))
    std::this_thread::sleep_for(pause);
}

}  // namespace cowork
