#include "cowork/ports/clock.h"

#include <chrono>

namespace cowork {
namespace {

class RealClock final : public Clock {
 public:
  std::int64_t system_ms() const override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  }
  std::int64_t steady_us() const override {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  }
};

}  // namespace

std::shared_ptr<Clock> make_real_clock() {
  return std::make_shared<RealClock>();
}

}  // namespace cowork
