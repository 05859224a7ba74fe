#include "crash_ledger.h"

#include <unistd.h>

#include <charconv>
#include <chrono>

namespace cowork::loaders {
namespace {

constexpr std::chrono::seconds lock_wait{1};
constexpr std::size_t most_bytes = 4096;

/// The times in a text of this file, if they are of this library.
std::vector<std::int64_t> times_of(std::string_view text, std::string_view library_sha256) {
  std::vector<std::int64_t> times;
  if (!text.starts_with(library_sha256)) return times;
  text.remove_prefix(library_sha256.size());
  while (text.starts_with(' ')) {
    text.remove_prefix(1);
    std::int64_t time = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), time);
    if (read.ec != std::errc()) break;
    times.push_back(time);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  }
  return times;
}

bool is_full(const std::vector<std::int64_t>& times) {
  return times.size() >= most_crashes;
}

}  // namespace

/// Too many stay too many: no time heals them, since the pack does not run meanwhile.
void CrashLedger::add(Times& times) const {
  const std::int64_t now = clock_->system_ms();
  if (!loaders::is_full(times))
    std::erase_if(times, [&](std::int64_t time) { return time > now || now - time > crash_window_ms; });
  if (!loaders::is_full(times)) times.push_back(now);
}

bool CrashLedger::note(const std::string& pack, const std::string& library_sha256) {
  bool full = false;
  {
    const std::lock_guard lock(mutex_);
    Times& times = here_[pack + ' ' + library_sha256];
    add(times);
    full = loaders::is_full(times);
  }
  return note_on_disk(pack, library_sha256) || full;
}

bool CrashLedger::note_on_disk(const std::string& pack, const std::string& library_sha256) {
  const auto directory = disk_->open_or_make(path_, 0700);
  if (!directory) return false;
  const auto lock = (*directory)->lock(pack, lock_wait);
  if (!lock) return false;
  const auto text = (*lock)->read();
  Times times = times_of(text ? *text : std::string(), library_sha256);
  add(times);
  std::string written = library_sha256;
  for (const std::int64_t time : times) written += ' ' + std::to_string(time);
  static_cast<void>((*lock)->write(written));  // what isn't written counts in this process alone
  return loaders::is_full(times);
}

bool CrashLedger::is_full(const std::string& pack, const std::string& library_sha256) const {
  {
    const std::lock_guard lock(mutex_);
    const auto found = here_.find(pack + ' ' + library_sha256);
    if (found != here_.end() && loaders::is_full(found->second)) return true;
  }
  const auto directory = disk_->open(path_);
  if (!directory) return false;
  const auto text = (*directory)->read(pack, most_bytes);
  return text && loaders::is_full(times_of(*text, library_sha256));
}

void CrashLedger::forgive(const std::string& pack) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(here_, [&](const auto& entry) { return entry.first.starts_with(pack + ' '); });
  }
  const auto directory = disk_->open(path_);
  if (!directory) return;
  static_cast<void>((*directory)->remove(pack));  // missing: nothing to forgive
  ::rmdir(path_.c_str());                         // when it was the last one
}

}  // namespace cowork::loaders
