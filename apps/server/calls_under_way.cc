#include "calls_under_way.h"

#include <algorithm>

namespace cowork::server {

bool CallsUnderWay::begin(std::string id, std::stop_source stop, std::size_t most) {
  const std::lock_guard lock(mutex_);
  if (calls_.size() >= most) return false;
  calls_.push_back({std::move(id), std::move(stop)});
  return true;
}

void CallsUnderWay::end(const std::stop_source& stop) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(calls_.begin(), calls_.end(), [&stop](const Call& call) { return call.stop == stop; });
  if (found != calls_.end()) calls_.erase(found);
}

bool CallsUnderWay::cancel(std::string_view id) {
  std::vector<std::stop_source> meant;
  {
    const std::lock_guard lock(mutex_);
    for (const Call& call : calls_)
      if (!id.empty() && call.id == id) meant.push_back(call.stop);
  }
  // Whoever waits for the stop is told on this thread, and may end the call.
  for (std::stop_source& stop : meant) stop.request_stop();
  return !meant.empty();
}

}  // namespace cowork::server
