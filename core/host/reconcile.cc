// What follows from a change of policy, toggles or tiers: packs are activated and deactivated through the chain; watching.
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
    return !index || !current.flags[*index].enabled;
  });
  if (forgotten > 0) ++activation_revision_;
}

HostImpl::ActivationChanges HostImpl::take_activation_changes() {
  forget_activation_errors(*table());
  const auto current = table();
  std::set<std::string> active;
  for (std::size_t i = 0; i < current->flags.size(); ++i) {
    if (current->flags[i].state == PackState::active) active.insert((*current->catalog)[i].name());
  }
  ActivationChanges changes;
  const std::lock_guard scanning(scan_mutex_);
  std::set_difference(active.begin(), active.end(), active_.begin(), active_.end(), std::back_inserter(changes.activated));
  std::set_difference(active_.begin(), active_.end(), active.begin(), active.end(), std::back_inserter(changes.deactivated));
  active_ = std::move(active);
  return changes;
}

void HostImpl::activate(const std::string& name, std::uint64_t parent) {
  std::vector<std::string> warnings;
  CallOptions options;
  options.entry = "host";
  options.warnings = &warnings;
  const auto activated = run(ActivatePack{name}, options, parent);
  {
    const std::lock_guard lock(state_mutex_);
    const bool had_error = activation_errors_.erase(name) > 0;
    if (!activated) activation_errors_.emplace(name, activated.error().message());
    if (!activated || had_error) ++activation_revision_;
  }
  if (!activated) {
    report({{Severity::error, "activation-failed", "pack " + quoted(name) + " could not be activated: " + activated.error().message(), {}}});
  }
  emit({"pack-state-changed", json::Value::object({{"name", name}, {"state", activated ? "active" : "error"}})});
}

void HostImpl::deactivate(const std::string& name, std::uint64_t parent) {
  CallOptions options;
  options.entry = "host";
  if (const auto deactivated = run(DeactivatePack{name}, options, parent); !deactivated) {
    report({{Severity::warning, "deactivation-failed", "pack " + quoted(name) + ": " + deactivated.error().message(), {}}});
  }
  emit({"pack-state-changed", json::Value::object({{"name", name}, {"state", "disabled"}})});
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
  load_state(false);
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
    refresh();
    name_stuck_calls();
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
  const auto found = std::find_if(running_.begin(), running_.end(), [&](const Running& entry) { return entry.call == &call; });
  if (found != running_.end()) {
    *found = running_.back();
    running_.pop_back();
  }
  if (running_.empty()) calls_changed_.notify_all();
}

void HostImpl::name_stuck_calls() {
  const std::int64_t now = clock().steady_us();
  const std::int64_t allowed = std::chrono::microseconds(parts_.options.watchdog).count();
  std::vector<Diagnostic> stuck;
  {
    const std::lock_guard lock(calls_mutex_);
    for (Running& entry : running_) {
      const ChainMember* holder = entry.call->held_by().load(std::memory_order_relaxed);
      if (entry.named || now - entry.since_us < allowed) continue;
      entry.named = true;
      const std::string who = holder ? "interceptor " + quoted(holder->interceptor->name()) : std::string("the handler");
      stuck.push_back({Severity::warning, "stuck-call",
                       who + " has held " + std::string(entry.call->info().name) + " (call " + std::to_string(entry.call->id()) +
                           ") for " + std::to_string((now - entry.since_us) / 1'000'000) + " s",
                       {}});
    }
  }
  if (!stuck.empty()) report(stuck);
}

}  // namespace cowork
