#include "isolation.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/text.h"

namespace cowork::loaders {

void Notices::add(const char* code, std::string message) {
  Diagnostic diagnostic{Severity::warning, code, std::move(message), {}};
  const std::lock_guard lock(mutex_);
  if (std::find(diagnostics_.begin(), diagnostics_.end(), diagnostic) == diagnostics_.end())
    diagnostics_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Notices::all() const {
  const std::lock_guard lock(mutex_);
  return diagnostics_;
}

void GivenUp::listen(Listener listener) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
}

void GivenUp::tell(const std::string& pack, const Error& why) {
  Listener listener;
  {
    const std::lock_guard lock(mutex_);
    if (!listener_) return;
    listener = listener_;
    ++telling_;
  }
  listener(pack, why);
  const std::lock_guard lock(mutex_);
  --telling_;
  told_.notify_all();
}

void GivenUp::stop() noexcept {
  std::unique_lock lock(mutex_);
  listener_ = nullptr;
  told_.wait(lock, [&] { return telling_ == 0; });
}

Error set_aside(const Isolation& isolation, const std::string& pack, const std::string& last_end) {
  return Error::conflict(fmt::format("pack {} is set aside: its process ended by itself {} times within {} minutes",
                                     quoted(pack), most_crashes, crash_window_ms / 60'000))
      .with_why(last_end.empty() ? isolation.ledger.place(pack) : last_end)
      .with_remedy("cowork pack enable " + pack);
}

}  // namespace cowork::loaders
