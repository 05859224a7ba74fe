#include "state_file.h"

#include <fmt/format.h>

#include <chrono>

namespace cowork {
namespace {

constexpr std::uint32_t home_mode = 0700;
constexpr std::uint32_t file_mode = 0600;
constexpr std::chrono::milliseconds longest_wait{5000};
/// Incidents of one millisecond.
constexpr int names_to_try = 100;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  // The finalizer of SplitMix64 over both.
  std::uint64_t x = hash ^ (value + 0x9e3779b97f4a7c15U);
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

}  // namespace

StateFile::StateFile(std::shared_ptr<Disk> disk, std::string home, std::shared_ptr<Clock> clock, std::string name)
    : disk_(std::move(disk)), home_(std::move(home)), clock_(std::move(clock)), name_(std::move(name)) {}

Result<StateOrigin> StateFile::load(const Decode& decode, const StateLoss& loss, std::vector<Diagnostic>& incidents) {
  {
    const std::lock_guard guard(mutex_);
    incidents.insert(incidents.end(), pending_.begin(), pending_.end());
    pending_.clear();
  }
  auto home = disk_->open(home_);
  if (!home && home.error().code() == ErrorCode::not_found) return StateOrigin::absent;
  if (!home) return fail(std::move(home).error());
  COWORK_ASSIGN(Reading reading, read(**home, name_, decode));
  if (reading.fault) return recover(**home, decode, loss, std::move(*reading.fault), incidents);
  return reading.found ? StateOrigin::file : StateOrigin::absent;
}

Result<StateFile::Reading> StateFile::read(const Directory& home, const std::string& name, const Decode& decode,
                                           std::string* text_out) const {
  auto text = home.read(name, json::policy_limits.max_bytes);
  if (!text && text.error().code() == ErrorCode::not_found) return Reading{};
  // A link, a FIFO, a directory, too many bytes: there is something, and it is not what was saved.
  if (!text && text.error().code() == ErrorCode::invalid_argument) return Reading{true, std::move(text).error()};
  if (!text) return fail(std::move(text).error());
  auto document = json::parse(*text, path_of(name), json::policy_limits, ErrorCode::integrity);
  if (!document) return Reading{true, std::move(document).error()};
  if (auto decoded = decode(*document); !decoded) return Reading{true, std::move(decoded).error()};
  if (text_out) *text_out = std::move(*text);
  return Reading{true, std::nullopt};
}

Result<StateOrigin> StateFile::recover(Directory& home, const Decode& decode, const StateLoss& loss, Error fault,
                                       std::vector<Diagnostic>& incidents) {
  const auto held = lock(home);
  if (held) {
    // Somebody else may have recovered or saved meanwhile: what is good now must not be moved.
    COWORK_ASSIGN(Reading now, read(home, name_, decode));
    if (!now.fault) return now.found ? StateOrigin::file : StateOrigin::absent;
    fault = std::move(*now.fault);
  }
  const Recovered recovered = last_good(home, decode, loss);
  const Result<std::string> aside = held ? move_aside(home, recovered.text) : fail(held.error());
  const std::string moved = aside ? fmt::format("was moved to {}", *aside)
                                  : fmt::format("could not be moved aside ({})", aside.error().message());
  incidents.push_back({Severity::error, "state-corrupt",
                       fmt::format("{} is corrupt: {}; it {}; {}", name_, fault.message(), moved, recovered.sentence),
                       fault.place().value_or(SourcePlace{path_of(name_), 0, 0, {}})});
  return recovered.origin;
}

StateFile::Recovered StateFile::last_good(const Directory& home, const Decode& decode, const StateLoss& loss) const {
  std::string text;
  const auto reading = read(home, copy_name(), decode, &text);
  if (reading && reading->found && !reading->fault) {
    return {StateOrigin::last_good, std::move(text), "the last good copy is in force"};
  }
  std::string sentence = "there is no last good copy";
  if (!reading || reading->fault) {
    sentence = fmt::format("the last good copy can't be used ({})",
                           reading ? reading->fault->message() : reading.error().message());
  }
  return {StateOrigin::lost, loss.text, fmt::format("{}: {}", sentence, loss.consequence)};
}

Result<std::string> StateFile::move_aside(Directory& home, std::string_view text) const {
  const std::int64_t now_ms = clock_->system_ms();
  for (int attempt = 0; attempt < names_to_try; ++attempt) {
    std::string name = fmt::format("{}.corrupt-{}", name_, now_ms + attempt);
    auto written = home.write_new(name, text, file_mode);
    if (!written && written.error().code() == ErrorCode::already_exists) continue;
    if (!written) return fail(std::move(written).error());
    auto exchanged = home.rename(name, home, name_, RenameMode::exchange);
    if (exchanged) return name;
    auto removed = home.remove(name);
    if (!removed) exchanged.error().prefixed(removed.error().message());
    return fail(std::move(exchanged).error());
  }
  return fail(Error::io(fmt::format("{}.corrupt-{} and the names after it are taken", name_, now_ms)));
}

Result<std::unique_ptr<FileLock>> StateFile::lock(Directory& home) const {
  return home.lock(name_ + ".lock", longest_wait);
}

Result<void> StateFile::save(std::string_view text) {
  if (text.size() > json::policy_limits.max_bytes) {
    return fail(Error::io(fmt::format("{} would be larger than {} bytes", name_, json::policy_limits.max_bytes)));
  }
  COWORK_ASSIGN(const std::shared_ptr<Directory> home, disk_->open_or_make(home_, home_mode));
  COWORK_ASSIGN(const std::unique_ptr<FileLock> held, lock(*home));
  COWORK_TRY(home->replace(name_, text, file_mode));
  // Committed. A copy that is one version behind is no reason to say that it was not.
  if (const auto copied = home->replace(copy_name(), text, file_mode); !copied) {
    const std::lock_guard guard(mutex_);
    pending_.push_back({Severity::warning, "state-copy-failed",
                        fmt::format("the last good copy of {} is out of date: {}", name_, copied.error().message()),
                        SourcePlace{path_of(copy_name()), 0, 0, {}}});
  }
  return {};
}

std::uint64_t StateFile::fingerprint() const {
  const auto home = disk_->open(home_);
  if (!home) return home.error().code() == ErrorCode::not_found ? 0 : 1;
  const auto status = (*home)->status(name_);
  if (!status) return status.error().code() == ErrorCode::not_found ? 0 : 1;
  std::uint64_t hash = mixed(status->device, status->inode);
  hash = mixed(hash, status->size);
  hash = mixed(hash, static_cast<std::uint64_t>(status->modified_ns));
  hash = mixed(hash, static_cast<std::uint64_t>(status->changed_ns));
  return hash == 0 ? 1 : hash;
}

}  // namespace cowork
