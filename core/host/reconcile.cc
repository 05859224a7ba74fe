// What follows from a change of policy, toggles or tiers: packs are activated and deactivated through the chain;
// watching.
#include <algorithm>

#include "cowork/base/text.h"
#include "host_impl.h"

namespace cowork {
namespace {
constexpr std::chrono::milliseconds watch_interval{500};
}

void HostImpl::announce_policy() {
  std::vector<std::uint64_t> revisions;
  const auto current = snapshot(Freshness::cached);
  for (const auto& [judge, state] : current->states()) revisions.push_back(state->revision);
  bool first = false;
  {
    const std::lock_guard scanning(scan_mutex_);
    if (revisions == announced_policy_) return;
    first = announced_policy_.empty();
    announced_policy_ = revisions;
  }
  if (!first) emit({"policy-changed", json::Value::object({{"revision", current->label()}})});
}

/// A pack whose activation failed is tried again once it has been switched off, blocked or removed in between.
void HostImpl::forget_activation_errors(const PackTable& current) {
  const std::lock_guard lock(state_mutex_);
  const std::size_t forgotten = std::erase_if(activation_errors_, [&](const auto& entry) {
    const auto index = current.catalog->find(entry.first);
    if (!index) return true;
    const PackFlags& flags = current.flags[*index];
    return !flags.enabled && flags.error.empty();  // an error that is shown is what keeps it off
  });
  if (forgotten > 0) ++activation_revision_;
}

void HostImpl::forgive(const std::string& name) {
  code_.forgive(name);
  const std::lock_guard lock(state_mutex_);
  if (activation_errors_.erase(name) > 0) ++activation_revision_;
}

std::map<std::string, std::string> HostImpl::wanted(const PackTable& table) const {
  std::map<std::string, std::string> names;
  for (std::size_t i = 0; i < table.flags.size(); ++i) {
    const PackRecord& pack = (*table.catalog)[i];
    const PackFlags& flags = table.flags[i];
    // A native pack that may run and does not run yet has no error.
    const bool may_run = flags.state == PackState::discovered && flags.error.empty();
    if (flags.state == PackState::active || may_run)
      names.emplace(pack.name(), pack.is_native() ? RunningCode::identity(pack) : std::string());
  }
  return names;
}

HostImpl::ActivationChanges HostImpl::take_activation_changes() {
  forget_activation_errors(*table());
  std::shared_ptr<const PackTable> current = table();
  std::map<std::string, std::string> active = wanted(*current);
  ActivationChanges changes;
  const std::lock_guard scanning(scan_mutex_);
  {
    // Of two reconciliations at once the one with the older table leaves the field to the other.
    const std::lock_guard lock(state_mutex_);
    if (table_ != current) return changes;
  }
  for (const auto& [name, identity] : active) {
    const auto before = active_.find(name);
    if (before == active_.end() || before->second != identity) changes.activated.push_back(name);
  }
  for (const auto& [name, identity] : active_) {
    if (!active.contains(name)) changes.deactivated.push_back(name);
  }
  active_ = std::move(active);
  return changes;
}

Result<void> HostImpl::load_code(const std::string& name) {
  const auto current = snapshot(Freshness::cached);
  const auto index = current->catalog().find(name);
  if (!index) return fail(Error::not_found("pack " + quoted(name) + " is gone"));
  const PackRecord& pack = current->catalog()[*index];
  if (!pack.is_native()) return {};
  // The old one goes first: two versions of a pack don't share its data directory, as far as calls under way let go.
  code_.stop(name);
  COWORK_TRY(rebuild_chain());
  return code_.load(pack, pack.scope == Scope::user ? current->locks().find(name) : nullptr);
}

Result<void> HostImpl::begin(const std::string& name, std::string_view entry, std::uint64_t parent) {
  std::vector<std::string> warnings;
  CallOptions options;
  options.entry = entry;
  options.warnings = &warnings;
  const auto activated = run(ActivatePack{name}, options, parent);
  report_warnings(warnings);
  if (!activated) return fail(activated.error());
  return load_code(name);
}

void HostImpl::remember_activation(const std::string& name, const Result<void>& activated) {
  {
    const std::lock_guard lock(state_mutex_);
    const bool had_error = activation_errors_.erase(name) > 0;
    if (!activated) activation_errors_.emplace(name, activated.error());
    if (!activated || had_error) ++activation_revision_;
  }
  if (activated) return;
  {
    const std::lock_guard scanning(scan_mutex_);
    active_.erase(name);
  }
  report({{Severity::error,
           "activation-failed",
           "pack " + quoted(name) + " could not be activated: " + activated.error().message(),
           {}}});
}

Result<void> HostImpl::start_native_packs() {
  const auto first = table();
  bool loaded = false;
  for (const auto& [name, identity] : wanted(*first)) {
    if (identity.empty()) continue;
    const Result<void> begun = begin(name, start_entry, 0);
    remember_activation(name, begun);
    loaded = loaded || begun.has_value();
  }
  return loaded ? rebuild_chain() : Result<void>{};
}

void HostImpl::activate(const std::string& name, std::uint64_t parent) {
  Result<void> activated = begin(name, "host", parent);
  if (!activated) code_.stop(name);
  if (const auto rebuilt = rebuild_chain(); !rebuilt && activated) {
    code_.stop(name);
    activated = rebuilt;
  }
  remember_activation(name, activated);
  emit({"pack-state-changed", json::Value::object({{"name", name}, {"state", activated ? "active" : "error"}})});
}

void HostImpl::report_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) report({{Severity::warning, "named-warning", warning, {}}});
}

void HostImpl::deactivate(const std::string& name, std::uint64_t parent) {
  std::vector<std::string> warnings;
  CallOptions options;
  options.entry = "host";
  options.warnings = &warnings;
  if (const auto deactivated = run(DeactivatePack{name}, options, parent); !deactivated) {
    report({{Severity::warning,
             "deactivation-failed",
             "pack " + quoted(name) + ": " + deactivated.error().message(),
             {}}});
  }
  report_warnings(warnings);
  code_.stop(name);
  if (const auto rebuilt = rebuild_chain(); !rebuilt)
    report({{Severity::error, "chain-not-rebuilt", rebuilt.error().message(), {}}});
  const auto now = table();
  const auto index = now->catalog->find(name);
  emit({"pack-state-changed",
        json::Value::object({{"name", name}, {"state", index ? to_string(now->flags[*index].state) : "removed"}})});
}

void HostImpl::reconcile(std::uint64_t parent) {
  announce_policy();
  bool moved = false;
  {
    const std::vector<TierRoot> roots = tier_roots();
    const std::lock_guard scanning(scan_mutex_);
    moved = roots != scanned_roots_;
  }
  if (moved) rescan();
  const ActivationChanges changes = take_activation_changes();
  for (const std::string& name : changes.deactivated) deactivate(name, parent);
  for (const std::string& name : changes.activated) activate(name, parent);
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
