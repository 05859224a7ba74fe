// Following up what changed: policy, toggles, tiers. Watching, and naming calls that don't come back.
#include <algorithm>
#include <tuple>

#include "cowork/base/text.h"
#include "host_impl.h"

namespace cowork {
namespace {

constexpr std::chrono::milliseconds watch_interval{500};

bool is_before(const Diagnostic* a, const Diagnostic* b) {
  const auto parts = [](const Diagnostic& of) {
    return std::tie(of.place.file, of.place.line, of.place.column, of.place.pointer, of.code, of.message, of.severity);
  };
  return parts(*a) < parts(*b);
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
  const auto current = this->current();
  if (diagnosed_ == current->key()) return;
  const bool first = !diagnosed_;
  diagnosed_ = current->key();
  GetStatus::Reply status;
  for (const auto& contributor : parts_.status_contributors) contributor(status);
  std::vector<Diagnostic> found = current->catalog().diagnostics();
  found.insert(found.end(), status.diagnostics.begin(), status.diagnostics.end());
  // Sorted for a look at what is new, told in their own order.
  std::vector<const Diagnostic*> told;
  for (const Diagnostic& diagnostic : announced_diagnostics_) told.push_back(&diagnostic);
  std::sort(told.begin(), told.end(), is_before);
  for (const Diagnostic& diagnostic : found) {
    if (!first && !std::binary_search(told.begin(), told.end(), &diagnostic, is_before))
      emit(diagnostic_event(diagnostic));
  }
  announced_diagnostics_ = std::move(found);
}

void HostImpl::remember_what_is_active() {
  const auto current = snapshot(Freshness::cached);
  const ChainPlan activate = current->chain()->plan(ActivatePack::info);
  PackTable unverified;
  unverified.catalog = current->catalog_ptr();
  unverified.flags.reserve(current->catalog().size());
  for (std::size_t i = 0; i < current->catalog().size(); ++i)
    unverified.flags.push_back(flags_of(i, *current, activate, false));
  active_ = ActivePacks(unverified, code_);
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
  if (moved) take_in_changes();
  StateKey key = current()->key();
  if (reconciled_ == key) return;
  reconciled_ = std::move(key);
  forget_obsolete_errors(*table());
  ActivePacks next(*table(), code_);
  if (!std::exchange(active_verified_, true)) {
    // What was changed since it was installed never came into effect here.
    const auto current = table();
    active_.erase_if([&](const PackRecord& pack) {
      const auto index = current->catalog->find(pack.name());
      return index && current->flags[*index].changed;
    });
  }
  const ActivePacks::Difference difference = active_.to(next);
  active_ = std::move(next);
  for (const std::string& name : difference.gone) deactivate(name, parent);
  for (const std::string& name : difference.come) {
    if (!activate(name, parent)) active_.erase(name);
  }
  announce_diagnostics();
}

/// Calls see by themselves that a state they have is not in force any more; not that a judge has one now who had none.
void HostImpl::take_new_judge_states() {
  const CodeRevisions revisions = code_revisions();
  const auto before = current();
  Snapshot::States states = before->chain()->judge_states(Freshness::cached);
  if (states.size() != before->states().size())
    state_.take(before->compiled().shared_from_this(), std::move(states), revisions);
}

void HostImpl::refresh() {
  for (const auto& hook : parts_.refresh_hooks) hook();
  (void)load_state();  // reported
  take_new_judge_states();
  take_in_changes();
  reconcile(0);
}

void HostImpl::watch_loop() {
  std::unique_lock lock(stop_mutex_);
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

void HostImpl::name_stuck_calls() {
  const std::int64_t now = clock().steady_us();
  const std::int64_t allowed = std::chrono::microseconds(parts_.options.watchdog).count();
  std::vector<Diagnostic> stuck;
  std::map<std::uint64_t, SeenCall> still_there;
  // While it is looked at the call is still there, and with it its chain.
  calls_.each([&](RunningCall& call) {
    const auto before = seen_calls_.find(call.id());
    SeenCall seen = before != seen_calls_.end() ? before->second : SeenCall{now, false};
    if (!seen.named && now - seen.since_us >= allowed) {
      seen.named = true;
      const ChainMember* holder = call.held_by().load(std::memory_order_relaxed);
      stuck.push_back({Severity::warning,
                       "stuck-call",
                       std::string(call.info().name) + " (call " + std::to_string(call.id()) +
                           ") has been running for " + std::to_string((now - seen.since_us) / 1'000'000) + " s; " +
                           (holder ? "interceptor " + quoted(holder->interceptor->name()) : "the handler") +
                           " has it now",
                       {}});
    }
    still_there.emplace(call.id(), seen);
  });
  seen_calls_ = std::move(still_there);
  for (Diagnostic& diagnostic : stuck) report({std::move(diagnostic)});
}

}  // namespace cowork
