#include "isolation.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/text.h"

namespace cowork::loaders {

void Notices::add(const char* code, std::string message) {
  Diagnostic diagnostic{Severity::warning, code, std::move(message), {}};
  const std::lock_guard lock(mutex_);
  const auto same = [&](const Notice& notice) { return notice.diagnostic == diagnostic; };
  if (std::none_of(notices_.begin(), notices_.end(), same)) notices_.push_back({nullptr, {}, std::move(diagnostic)});
}

void Notices::say(const void* owner, const std::string& pack, const char* code, std::string message) {
  const std::lock_guard lock(mutex_);
  std::erase_if(notices_,
                [&](const Notice& notice) { return notice.owner == owner && notice.diagnostic.code == code; });
  notices_.push_back({owner, pack, {Severity::warning, code, std::move(message), {}}});
}

void Notices::forget(const void* owner, std::string_view code) {
  const std::lock_guard lock(mutex_);
  std::erase_if(notices_, [&](const Notice& notice) {
    return notice.owner == owner && (code.empty() || notice.diagnostic.code == code);
  });
}

void Notices::forget_pack(std::string_view pack, std::string_view code) {
  const std::lock_guard lock(mutex_);
  std::erase_if(notices_, [&](const Notice& notice) { return notice.pack == pack && notice.diagnostic.code == code; });
}

std::vector<Diagnostic> Notices::all() const {
  std::vector<Diagnostic> diagnostics;
  const std::lock_guard lock(mutex_);
  for (const Notice& notice : notices_) diagnostics.push_back(notice.diagnostic);
  return diagnostics;
}

void LiveThreads::begin_thread() {
  const std::lock_guard lock(mutex_);
  ++threads_;
}

void LiveThreads::end_thread() noexcept {
  const std::lock_guard lock(mutex_);
  --threads_;
  ended_.notify_all();
}

void LiveThreads::begin_pack() {
  const std::lock_guard lock(mutex_);
  ++packs_;
}

void LiveThreads::end_pack() noexcept {
  const std::lock_guard lock(mutex_);
  --packs_;
}

void LiveThreads::wait() noexcept {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [&] { return threads_ == 0 || packs_ > 0; });
}

/// Over also when the listener throws.
struct GivenUp::Telling {
  GivenUp& given_up;
  ~Telling() {
    const std::lock_guard lock(given_up.mutex_);
    --given_up.telling_;
    given_up.told_.notify_all();
  }
};

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
  const Telling telling{*this};
  listener(pack, why);
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
