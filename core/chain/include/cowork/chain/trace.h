// Where the time of one call went: who had it, and for how long. Filled while the call runs, when the host traces.
//
// Threads: a StepTimes belongs to the thread that runs the call.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace cowork {

struct ChainMember;

class StepTimes {
 public:
  /// From now on the time is `holder`'s: a member of the chain, judges(), or null for the handler.
  void switch_to(const void* holder) {
    const auto now = std::chrono::steady_clock::now();
    if (started_) add(holder_, now - since_);
    holder_ = holder;
    since_ = now;
    started_ = true;
  }
  /// Who has the call now.
  const void* holder() const noexcept { return holder_; }
  /// Its own time, without what it passed on; counted up to the last switch_to().
  std::chrono::nanoseconds of(const void* holder) const noexcept {
    for (const Spent& spent : spent_) {
      if (spent.holder == holder) return spent.time;
    }
    return {};
  }
  /// Stands for the judges, who are asked together.
  static const void* judges() noexcept { return &judges_key; }

 private:
  struct Spent {
    const void* holder;
    std::chrono::nanoseconds time;
  };
  void add(const void* holder, std::chrono::nanoseconds time) {
    for (Spent& spent : spent_) {
      if (spent.holder == holder) {
        spent.time += time;
        return;
      }
    }
    spent_.push_back({holder, time});
  }
  static constexpr char judges_key = 0;

  std::vector<Spent> spent_;
  const void* holder_ = nullptr;
  std::chrono::steady_clock::time_point since_;
  bool started_ = false;
};

}  // namespace cowork
