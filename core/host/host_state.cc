// What a host knows: loading, scanning, publishing, and what follows from a change.
#include <algorithm>

#include "cowork/base/text.h"
#include "host_impl.h"

namespace cowork {

namespace {

constexpr std::size_t most_incidents = 200;

/// One state file: read again when its fingerprint is not the one that was seen. Null when it is.
template <class Store, class Settle>
auto load_one(Store& store, std::optional<std::uint64_t>& seen, std::vector<Diagnostic>& incidents,
              const Settle& settle) -> decltype(store.load(incidents)) {
  const std::uint64_t now = store.fingerprint();
  if (seen == now) return {};
  COWORK_ASSIGN(auto loaded, store.load(incidents));
  const bool final = settle(loaded);
  // A corrupt file was moved aside by load(): what counts is the fingerprint it left behind. What is not final is
  // looked at again, though the file stays the same.
  seen = !final ? std::nullopt : std::optional(incidents.empty() ? now : store.fingerprint());
  return loaded;
}

}  // namespace

bool HostImpl::settle_pending_installs(std::shared_ptr<const LockRecords>& records) {
  auto settled = std::make_shared<LockRecords>(*records);
  bool any = false;
  for (auto entry = settled->packs.begin(); entry != settled->packs.end();) {
    const auto here = entry++;
    if (!here->second.pending) continue;
    any = true;
    const auto hash = parts_.source->tree_sha256(extensions_directory() + "/" + here->first);
    const std::shared_ptr<const LockRecord> previous = std::exchange(here->second.previous, nullptr);
    here->second.pending = false;
    if (hash && *hash == here->second.tree_sha256) continue;
    const bool gone = !hash && hash.error().code() == ErrorCode::not_found;
    if (previous && !gone) {
      here->second = *previous;
    } else if (hash || gone) {
      settled->packs.erase(here);
    }
  }
  if (any) records = std::move(settled);
  return !any;
}

Result<void> HostImpl::load_state() {
  std::vector<Diagnostic> incidents;
  const auto load_both = [&]() -> Result<void> {
    const std::lock_guard loading(load_mutex_);
    auto toggles = load_one(toggle_store_, toggles_fingerprint_, incidents, [](const auto&) { return true; });
    auto locks = load_one(lock_store_, locks_fingerprint_, incidents,
                          [&](auto& records) { return settle_pending_installs(records); });
    if ((toggles && *toggles) || (locks && *locks)) {
      state_.change([&](KnownState& known) {
        if (toggles && *toggles) known.toggles = *std::move(toggles);
        if (locks && *locks) known.locks = *std::move(locks);
      });
    }
    if (!toggles) return fail(std::move(toggles).error());
    if (!locks) return fail(std::move(locks).error());
    return {};
  };
  Result<void> loaded = load_both();
  if (!loaded)
    incidents.push_back({Severity::error, "state-unreadable", loaded.error().message(),
                         loaded.error().place().value_or(SourcePlace{})});
  if (incidents.empty()) return loaded;
  if (committing_.load() != std::this_thread::get_id()) {
    report(std::move(incidents));
  } else {
    const std::lock_guard lock(incidents_mutex_);
    std::move(incidents.begin(), incidents.end(), std::back_inserter(unreported_));
  }
  return loaded;
}

Event diagnostic_event(const Diagnostic& diagnostic) {
  return {"diagnostic", json::Value::object({{"severity", to_string(diagnostic.severity)},
                                             {"code", diagnostic.code},
                                             {"path", diagnostic.place.file},
                                             {"message", diagnostic.message}})};
}

void HostImpl::report(std::vector<Diagnostic> incidents) {
  {
    const std::lock_guard lock(incidents_mutex_);
    std::erase_if(incidents, [&](const Diagnostic& incident) {
      return std::find(incidents_.begin(), incidents_.end(), incident) != incidents_.end();
    });
    for (const Diagnostic& incident : incidents) {
      if (incidents_.size() == most_incidents) incidents_.erase(incidents_.begin());
      incidents_.push_back(incident);
    }
  }
  for (const Diagnostic& incident : incidents) emit(diagnostic_event(incident));
}

void HostImpl::scan() {
  std::vector<TierRoot> roots = tier_roots();
  const std::lock_guard scanning(scan_mutex_);
  const std::shared_ptr<const Catalog> previous = state_.known().catalog;
  auto next = Catalog::build(parts_.source->scan(roots, previous.get()), previous);
  scanned_roots_ = std::move(roots);
  if (next == previous) return;
  if (next->revision() != previous->revision()) integrity_.start_over();
  state_.change([&](KnownState& known) { known.catalog = std::move(next); });
}

Rescan::Reply HostImpl::rescan() {
  integrity_.start_over();
  return take_in_changes();
}

Rescan::Reply HostImpl::take_in_changes() {
  const auto before = snapshot(Freshness::cached);
  scan();
  const auto after = snapshot(Freshness::cached);
  Rescan::Reply reply;
  reply.diagnostics = after->catalog().diagnostics();
  if (after->catalog().revision() == before->catalog().revision()) return reply;
  for (std::size_t i = 0; i < after->catalog().size(); ++i) {
    const PackRecord& pack = after->catalog()[i];
    const auto index = before->catalog().find(pack.name());
    if (!index) {
      reply.added.emplace_back(pack.name());
    } else {
      const PackRecord& old = before->catalog()[*index];
      const bool same =
          old.same_as(pack) && (before->catalog().fault(*index) == nullptr) == (after->catalog().fault(i) == nullptr);
      if (!same) reply.changed.emplace_back(pack.name());
    }
  }
  for (const PackRecord& pack : before->catalog().packs()) {
    if (!after->catalog().find(pack.name())) reply.removed.emplace_back(pack.name());
  }
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
      if (pack.scope == Scope::user) next.packs.emplace(std::string(pack.name()), false);
    }
    next.user_packs_default_on = true;
  }
  const std::lock_guard loading(load_mutex_);
  COWORK_ASSIGN(auto saved, toggle_store_.save(std::move(next)));
  toggles_fingerprint_ = toggle_store_.fingerprint();
  state_.change([&](KnownState& known) { known.toggles = std::move(saved); });
  return {};
}

Result<void> HostImpl::save_locks(LockRecords next) {
  const std::lock_guard loading(load_mutex_);
  COWORK_ASSIGN(auto saved, lock_store_.save(std::move(next)));
  locks_fingerprint_ = lock_store_.fingerprint();
  state_.change([&](KnownState& known) { known.locks = std::move(saved); });
  return {};
}

/// Held by the one mutation of this host that is at its commit point; with `file`, the only one of this home.
struct HostImpl::MutationTurn {
  explicit MutationTurn(HostImpl& holder) : host(&holder) {}
  MutationTurn(const MutationTurn&) = delete;
  MutationTurn& operator=(const MutationTurn&) = delete;
  ~MutationTurn() {
    file.reset();
    host->committing_.store(std::thread::id{});
    {
      const std::lock_guard lock(host->mutation_mutex_);
      host->mutating_ = false;
      host->mutation_ended_.notify_one();
    }
    std::vector<Diagnostic> incidents;
    {
      const std::lock_guard lock(host->incidents_mutex_);
      incidents.swap(host->unreported_);
    }
    if (!incidents.empty()) host->report(std::move(incidents));
  }

  HostImpl* host;
  std::unique_ptr<FileLock> file;
};

Result<std::shared_ptr<void>> HostImpl::lock_for_mutation(const Call& call) {
  const std::string name(call.info().name);
  if (committing_.load() == std::this_thread::get_id()) {
    return fail(Error::internal(name + " was called inside the commit of another mutation")
                    .with_why("judges, before_commit() and effects must not call the host"));
  }
  std::chrono::milliseconds wait = parts_.options.lock_wait;
  if (const auto deadline = call.options().deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
    wait = std::clamp(left, std::chrono::milliseconds(0), wait);
  }
  {
    std::unique_lock lock(mutation_mutex_);
    if (!mutation_ended_.wait_for(lock, wait, [&] { return !mutating_; })) {
      return fail(Error(ErrorCode::timeout, name + " waited too long for another change of this host to finish"));
    }
    mutating_ = true;
  }
  auto turn = std::make_unique<MutationTurn>(*this);
  committing_.store(std::this_thread::get_id());
  COWORK_ASSIGN(const auto directory, disk().open_or_make(home(), 0700));
  COWORK_ASSIGN(auto file, directory->lock("state.lock", wait));
  // Nothing is decided, and nothing written, on top of a state that can't be read.
  if (auto loaded = load_state(); !loaded) return fail(std::move(loaded).error());
  turn->file = std::move(file);
  return std::shared_ptr<void>(std::move(turn));
}

}  // namespace cowork
