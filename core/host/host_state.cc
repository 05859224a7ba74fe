// What a host knows: loading, scanning, publishing, and what follows from a change.
#include <algorithm>

#include "cowork/base/text.h"
#include "host_impl.h"

namespace cowork {

void HostImpl::load_state(bool forced) {
  std::vector<Diagnostic> incidents;
  const std::uint64_t toggles_now = toggle_store_.fingerprint();
  const std::uint64_t locks_now = lock_store_.fingerprint();
  bool read_toggles = forced, read_locks = forced;
  {
    const std::lock_guard lock(state_mutex_);
    read_toggles = read_toggles || toggles_now != toggles_fingerprint_;
    read_locks = read_locks || locks_now != locks_fingerprint_;
  }
  const auto unreadable = [&](std::string_view code, const Error& error) {
    incidents.push_back({Severity::error, std::string(code), error.message(), error.place().value_or(SourcePlace{})});
  };
  if (read_toggles) {
    auto loaded = toggle_store_.load(incidents);
    if (!loaded) unreadable("toggles-unreadable", loaded.error());
    const std::lock_guard lock(state_mutex_);
    if (loaded) toggles_ = *loaded;
    toggles_fingerprint_ = toggles_now;
  }
  if (read_locks) {
    auto loaded = lock_store_.load(incidents);
    if (!loaded) unreadable("lock-records-unreadable", loaded.error());
    const std::lock_guard lock(state_mutex_);
    if (loaded) locks_ = *loaded;
    locks_fingerprint_ = locks_now;
  }
  if (!incidents.empty()) report(incidents);
}

void HostImpl::report(const std::vector<Diagnostic>& incidents) {
  {
    const std::lock_guard lock(state_mutex_);
    for (const Diagnostic& incident : incidents) {
      if (std::find(incidents_.begin(), incidents_.end(), incident) == incidents_.end()) incidents_.push_back(incident);
    }
  }
  for (const Diagnostic& incident : incidents) {
    emit({"diagnostic", json::Value::object({{"severity", to_string(incident.severity)},
                                             {"code", incident.code},
                                             {"path", incident.place.file},
                                             {"message", incident.message}})});
  }
}

bool HostImpl::scan_if_changed(bool forced) {
  const std::lock_guard scanning(scan_mutex_);
  std::vector<TierRoot> roots = tier_roots();
  const bool same_roots = roots == scanned_roots_;
  const std::uint64_t fingerprint = parts_.source->fingerprint(roots);
  if (!forced && same_roots && fingerprint == scanned_fingerprint_) return false;
  std::shared_ptr<const Catalog> previous;
  {
    const std::lock_guard lock(state_mutex_);
    previous = catalog_;
  }
  auto next = Catalog::build(parts_.source->scan(roots), same_roots ? previous.get() : nullptr);
  scanned_roots_ = std::move(roots);
  scanned_fingerprint_ = fingerprint;
  const std::lock_guard lock(state_mutex_);
  catalog_ = std::move(next);
  return true;
}

Rescan::Reply HostImpl::rescan() {
  const auto before = snapshot(Freshness::cached);
  scan_if_changed(true);
  const auto after = snapshot(Freshness::cached);
  Rescan::Reply reply;
  for (const PackRecord& pack : after->catalog().packs()) {
    const auto index = before->catalog().find(pack.name());
    if (!index) {
      reply.added.push_back(pack.name());
    } else {
      const PackRecord& old = before->catalog()[*index];
      const bool same = old.manifest_sha256 == pack.manifest_sha256 && old.path == pack.path && old.fault.has_value() == pack.fault.has_value();
      if (!same) reply.changed.push_back(pack.name());
    }
  }
  for (const PackRecord& pack : before->catalog().packs()) {
    if (!after->catalog().find(pack.name())) reply.removed.push_back(pack.name());
  }
  reply.diagnostics = after->catalog().diagnostics();
  if (!reply.added.empty() || !reply.removed.empty() || !reply.changed.empty()) {
    emit({"catalog-changed", json::Value::object({{"added", json::Value::strings(reply.added)},
                                                  {"removed", json::Value::strings(reply.removed)},
                                                  {"changed", json::Value::strings(reply.changed)}})});
  }
  return reply;
}

Result<void> HostImpl::save_toggles(const Snapshot& current, Toggles next) {
  if (!next.user_packs_default_on) {
    // The file that comes into being says what was in force without it: user packs that nobody switched on stay off.
    for (const PackRecord& pack : current.catalog().packs()) {
      if (pack.scope == Scope::user) next.packs.emplace(pack.name(), false);
    }
    next.user_packs_default_on = true;
  }
  COWORK_ASSIGN(auto saved, toggle_store_.save(std::move(next)));
  const std::uint64_t fingerprint = toggle_store_.fingerprint();
  const std::lock_guard lock(state_mutex_);
  toggles_ = std::move(saved);
  toggles_fingerprint_ = fingerprint;
  return {};
}

Result<void> HostImpl::save_locks(LockRecords next) {
  COWORK_ASSIGN(auto saved, lock_store_.save(std::move(next)));
  const std::uint64_t fingerprint = lock_store_.fingerprint();
  const std::lock_guard lock(state_mutex_);
  locks_ = std::move(saved);
  locks_fingerprint_ = fingerprint;
  return {};
}

Result<std::shared_ptr<void>> HostImpl::lock_for_mutation(const Call& call) {
  const std::string name(call.info().name);
  if (committing_.load() == std::this_thread::get_id()) {
    return fail(Error::internal(name + " was called inside the commit of another mutation")
                    .with_why("judges, before_commit() and effects must not call the host"));
  }
  const auto wait = parts_.options.lock_wait;
  std::unique_lock process(mutation_mutex_, std::defer_lock);
  if (!process.try_lock_for(wait)) {
    return fail(Error(ErrorCode::timeout, name + " waited too long for another change of this host to finish"));
  }
  COWORK_ASSIGN(const auto directory, disk().open_or_make(home(), 0700));
  COWORK_ASSIGN(auto file, directory->lock("state.lock", wait));
  committing_.store(std::this_thread::get_id());
  struct Held {
    std::unique_lock<std::timed_mutex> process;
    std::unique_ptr<FileLock> file;
    std::atomic<std::thread::id>* committing;
    ~Held() { committing->store(std::thread::id{}); }
  };
  return std::shared_ptr<void>(new Held{std::move(process), std::move(file), &committing_},
                               [](void* held) { delete static_cast<Held*>(held); });
}

}  // namespace cowork
