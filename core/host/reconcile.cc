// Following up what changed: policy, toggles, tiers. Watching, and naming calls that don't come back.
#include <algorithm>

#include "cowork/base/text.h"
#include "host_impl.h"

namespace cowork {
namespace {

constexpr std::chrono::milliseconds watch_interval{500};

/// Name and content of what ought to be active.
std::map<std::string, std::string> wanted(const PackTable& table, const RunningCode& code) {
  std::map<std::string, std::string> names;
  for (std::size_t i = 0; i < table.flags.size(); ++i) {
    const PackRecord& pack = (*table.catalog)[i];
    const PackFlags& flags = table.flags[i];
    // A native pack that may run and does not run yet has no error.
    const bool may_run = flags.state == PackState::discovered && flags.error.empty();
    // Of others than native packs nothing has to be done when they change.
    if (flags.state == PackState::active || may_run)
      names.emplace(pack.name(),
                    pack.is_native() ? code.content(pack, table.catalog->tier(pack.scope)) : std::string());
  }
  return names;
}

}  // namespace

void HostImpl::announce_policy() {
  std::vector<std::uint64_t> revisions;
  const auto current = snapshot(Freshness::cached);
  for (const auto& [judge, state] : current->states()) {
    if (!state->label.empty()) revisions.push_back(state->revision);
  }
  if (revisions == announced_policy_) return;
  const bool first = !announced_policy_;
  announced_policy_ = std::move(revisions);
  if (!first) emit({"policy-changed", json::Value::object({{"revision", current->label()}})});
}

void HostImpl::announce_diagnostics() {
  const auto current = snapshot(Freshness::cached);
  TableKey key = key_of(*current);
  if (diagnosed_ == key) return;
  const bool first = !diagnosed_;
  diagnosed_ = std::move(key);
  GetStatus::Reply status;
  for (const auto& contributor : parts_.status_contributors) contributor(status);
  std::vector<Diagnostic> found = current->catalog().diagnostics();
  found.insert(found.end(), status.diagnostics.begin(), status.diagnostics.end());
  for (const Diagnostic& diagnostic : found) {
    const auto& told = announced_diagnostics_;
    if (!first && std::find(told.begin(), told.end(), diagnostic) == told.end()) emit(diagnostic_event(diagnostic));
  }
  announced_diagnostics_ = std::move(found);
}

void HostImpl::remember_what_is_active() {
  const auto current = snapshot(Freshness::cached);
  const ChainPlan activate = current->chain()->plan(ActivatePack::info);
  PackTable unverified;
  unverified.catalog = current->catalog_ptr();
  for (const PackRecord& pack : current->catalog().packs())
    unverified.flags.push_back(flags_of(pack, *current, activate, false));
  active_ = wanted(unverified, code_);
  // What failed at the start is tried once it was forgiven; what was given up since it started is still to be stopped.
  for (const auto& [name, entry] : activation_errors_.entries()) {
    if (!code_.find(name)) active_.erase(name);
  }
}

void HostImpl::reconcile(std::uint64_t parent) {
  reconciling_.run([&] { reconcile_once(parent); }, parts_.options.lock_wait);
}

void HostImpl::reconcile_once(std::uint64_t parent) {
  announce_policy();
  bool moved = false;
  {
    const std::vector<TierRoot> roots = tier_roots();
    const std::lock_guard scanning(scan_mutex_);
    moved = roots != scanned_roots_;
  }
  if (moved) rescan();
  forget_obsolete_errors(*table());
  std::map<std::string, std::string> next = wanted(*table(), code_);
  if (!std::exchange(active_verified_, true)) {
    // What was changed since it was installed never came into effect here.
    const auto current = table();
    std::erase_if(active_, [&](const auto& entry) {
      const auto index = current->catalog->find(entry.first);
      return index && current->flags[*index].changed;
    });
  }
  std::vector<std::string> deactivated, activated;
  for (const auto& [name, content] : active_) {
    if (!next.contains(name)) deactivated.push_back(name);
  }
  for (const auto& [name, content] : next) {
    const auto before = active_.find(name);
    if (before == active_.end() || before->second != content) activated.push_back(name);
  }
  active_ = std::move(next);
  for (const std::string& name : deactivated) deactivate(name, parent);
  for (const std::string& name : activated) {
    if (!activate(name, parent)) active_.erase(name);
  }
  announce_diagnostics();
}

void HostImpl::refresh() {
  for (const auto& hook : parts_.refresh_hooks) hook();
  (void)load_state();  // reported
  const std::uint64_t fingerprint = parts_.source->fingerprint(tier_roots());
  bool changed = false;
  {
    const std::lock_guard scanning(scan_mutex_);
    changed = fingerprint != scanned_fingerprint_;
  }
  if (changed) rescan();
  reconcile(0);
}

void HostImpl::watch_loop() {
  std::unique_lock lock(calls_mutex_);
  while (!stopping_) {
    if (stop_requested_.wait_for(lock, watch_interval, [&] { return stopping_; })) return;
    lock.unlock();
    name_stuck_calls();
    try {
      refresh();
    } catch (const std::exception& exception) {
      report({{Severity::error, "refresh-failed", "looking for changes failed: " + std::string(exception.what()), {}}});
    } catch (...) {
      report({{Severity::error, "refresh-failed", "looking for changes failed", {}}});
    }
    lock.lock();
  }
}

void HostImpl::begin(RunningCall& call) {
  const std::int64_t now = clock().steady_us();
  const std::lock_guard lock(calls_mutex_);
  running_.push_back({&call, now, false});
}

void HostImpl::end(RunningCall& call) noexcept {
  const std::lock_guard lock(calls_mutex_);
  const auto found =
      std::find_if(running_.begin(), running_.end(), [&](const Running& entry) { return entry.call == &call; });
  if (found != running_.end()) {
    *found = running_.back();
    running_.pop_back();
  }
  if (running_.empty()) calls_changed_.notify_all();
}

void HostImpl::name_stuck_calls() {
  const std::int64_t now = clock().steady_us();
  const std::int64_t allowed = std::chrono::microseconds(parts_.options.watchdog).count();
  struct Stuck {
    std::string operation;
    std::string holder;
    std::uint64_t id;
    std::int64_t seconds;
  };
  std::vector<Stuck> stuck;
  {
    const std::lock_guard lock(calls_mutex_);
    for (Running& entry : running_) {
      if (entry.named || now - entry.since_us < allowed) continue;
      entry.named = true;
      // Under the lock the call is still there, and with it its chain.
      const ChainMember* holder = entry.call->held_by().load(std::memory_order_relaxed);
      stuck.push_back({std::string(entry.call->info().name),
                       holder ? "interceptor " + quoted(holder->interceptor->name()) : std::string("the handler"),
                       entry.call->id(), (now - entry.since_us) / 1'000'000});
    }
  }
  for (const Stuck& call : stuck) {
    report({{Severity::warning,
             "stuck-call",
             call.operation + " (call " + std::to_string(call.id) + ") has been running for " +
                 std::to_string(call.seconds) + " s; " + call.holder + " has it now",
             {}}});
  }
}

}  // namespace cowork
