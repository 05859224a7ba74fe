#include "single_flight.h"

namespace cowork {
namespace {

// Work that asks for itself every time must not run for ever; what is left is taken up by whoever asks next.
constexpr int most_rounds = 16;

}  // namespace

/// The running thread's turn; over, also when the work throws, with its end.
class SingleFlight::Turn {
 public:
  explicit Turn(SingleFlight& flight) : flight_(flight) {}
  ~Turn() {
    const std::lock_guard lock(flight_.mutex_);
    flight_.running_ = std::thread::id{};
    flight_.ended_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  SingleFlight& flight_;
};

void SingleFlight::run(const std::function<void()>& work, std::chrono::milliseconds wait) {
  {
    std::unique_lock lock(mutex_);
    const std::uint64_t ticket = ++asked_;
    if (running_ == std::this_thread::get_id()) return;
    const bool free = ended_.wait_for(lock, wait, [&] { return done_ >= ticket || running_ == std::thread::id{}; });
    if (!free || done_ >= ticket) return;
    running_ = std::this_thread::get_id();
  }
  const Turn turn(*this);
  for (int round = 0; round < most_rounds; ++round) {
    std::uint64_t target = 0;
    {
      const std::lock_guard lock(mutex_);
      target = asked_;
    }
    work();
    const std::lock_guard lock(mutex_);
    done_ = target;
    ended_.notify_all();
    if (asked_ == target) return;
  }
}

}  // namespace cowork
