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
    return !index || !current.flags[*index].enabled;
  });
  if (forgotten > 0) ++activation_revision_;
}

HostImpl::ActivationChanges HostImpl::take_activation_changes() {
  forget_activation_errors(*table());
  std::shared_ptr<const PackTable> current = table();
  std::set<std::string> active;
  for (std::size_t i = 0; i < current->flags.size(); ++i) {
    if (current->flags[i].state == PackState::active) active.insert((*current->catalog)[i].name());
  }
  ActivationChanges changes;
  const std::lock_guard scanning(scan_mutex_);
  {
    // Of two reconciliations at once the one with the older table leaves the field to the other.
    const std::lock_guard lock(state_mutex_);
    if (table_ != current) return changes;
  }
  std::set_difference(active.begin(), active.end(), active_.begin(), active_.end(),
                      std::back_inserter(changes.activated));
  std::set_difference(active_.begin(), active_.end(), active.begin(), active.end(),
                      std::back_inserter(changes.deactivated));
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
  report_warnings(warnings);
  if (!activated) {
    {
      const std::lock_guard scanning(scan_mutex_);
      active_.erase(name);
    }
    report({{Severity::error,
             "activation-failed",
             "pack " + quoted(name) + " could not be activated: " + activated.error().message(),
             {}}});
  }
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
    const ChainMember* holder;
    std::uint64_t id;
    std::int64_t seconds;
  };
  std::vector<Stuck> stuck;
  {
    const std::lock_guard lock(calls_mutex_);
    for (Running& entry : running_) {
      if (entry.named || now - entry.since_us < allowed) continue;
      entry.named = true;
      stuck.push_back({std::string(entry.call->info().name), entry.call->held_by().load(std::memory_order_relaxed),
                       entry.call->id(), (now - entry.since_us) / 1'000'000});
    }
  }
  for (const Stuck& call : stuck) {
    const std::string who =
        call.holder ? "interceptor " + quoted(call.holder->interceptor->name()) : std::string("the handler");
    report({{Severity::warning,
             "stuck-call",
             call.operation + " (call " + std::to_string(call.id) + ") has been running for " +
                 std::to_string(call.seconds) + " s; " + who + " has it now",
             {}}});
  }
}

}  // namespace cowork
