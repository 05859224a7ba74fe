// HostImpl: what stands behind PluginHost. Private to core/host.
//
// State: what a host knows is immutable and published as one snapshot (published_state.h). `load_mutex_` serializes
// reading and writing the state files, `scan_mutex_` scanning; `reconciling_` lets one thread at a time follow up a
// change; `mutation_mutex_` and the home's lock file serialize commits. While foreign code runs only these are held:
// the commit's (judges, before_commit() and effects at a commit point) and `chain_mutex_` (applies_to()). Subscribers
// and packs are told of events with none of them held.
#pragma once

#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "activation_errors.h"
#include "active_packs.h"
#include "call_traces.h"
#include "cowork/host/host_builder.h"
#include "host_pack_table.h"
#include "pack_integrity.h"
#include "published_state.h"
#include "running_calls.h"
#include "running_code.h"
#include "single_flight.h"
#include "subscribers.h"

namespace cowork {

/// Everything a host is made of, as the builder collected it.
struct HostParts {
  HostOptions options;
  std::vector<ChainMember> members;
  std::vector<std::unique_ptr<RegisteredOperation>> operations;
  std::function<std::vector<TierRoot>()> tiers;
  std::shared_ptr<PackSource> source;
  std::shared_ptr<PackStager> stager;
  std::shared_ptr<PackFetcher> fetcher;
  std::shared_ptr<CodeLoader> code_loader;
  std::shared_ptr<PackRegistry> registry;
  std::shared_ptr<PackScaffolder> scaffolder;
  std::vector<std::function<void(GetStatus::Reply&)>> status_contributors;
  std::vector<std::function<void()>> refresh_hooks;
  bool watch = false;
  bool without_policy = false;
};

class HostImpl final : public HostCore {
 public:
  explicit HostImpl(HostParts parts);
  ~HostImpl() override;
  /// Reads state and tiers for the first time, starts native packs, then watching. Errors: invalid-argument (two
  /// interceptors of one name).
  Result<void> start();

  // HostServices
  std::shared_ptr<const PackTable> table() override { return table_of(*snapshot(Freshness::cached)); }
  std::shared_ptr<const Snapshot> snapshot(Freshness freshness) override;
  Result<Verdict> explain(std::string_view operation, const json::Value& params, const CallOptions& options) override;
  void reconcile(std::uint64_t parent) override;
  void emit(Event event) override;
  const std::string& home() const noexcept override { return parts_.options.home; }

  // For handlers
  std::shared_ptr<const PackTable> table_of(const Snapshot& snapshot);
  /// The pack with this name or unambiguous alias. Errors: not-found, with the nearest names as remedy.
  Result<std::size_t> resolve(const Catalog& catalog, std::string_view id) const;
  /// Inside a commit: writes and publishes.
  Result<void> save_toggles(const Snapshot& current, Toggles next);
  Result<void> save_locks(LockRecords next);
  /// Looks at every tier, and at the next question also at the trees of installed packs.
  Rescan::Reply rescan();
  /// Forgets what kept a pack from being activated, so that the next reconcile() tries it again.
  void forgive(const std::string& name);
  std::string extensions_directory() const { return home() + "/extensions"; }
  PackSource& source() noexcept { return *parts_.source; }
  PackStager& stager() noexcept { return *parts_.stager; }
  PackFetcher& fetcher() noexcept { return *parts_.fetcher; }
  PackRegistry& registry() noexcept { return *parts_.registry; }
  RunningCode& code() noexcept { return code_; }
  PackIntegrity& integrity() noexcept { return integrity_; }
  /// Where a dry run may put what it fetches: this user's alone, swept.
  /// Errors: io (somebody else's directory stands there).
  Result<std::string> temporary_directory();
  const PackScaffolder& scaffolder() const noexcept { return *parts_.scaffolder; }
  Disk& disk() noexcept { return *parts_.options.disk; }
  Clock& clock() noexcept { return *parts_.options.clock; }
  const std::vector<std::unique_ptr<RegisteredOperation>>& operations() const noexcept { return parts_.operations; }
  const RegisteredOperation* find(std::string_view name) const noexcept;
  /// Null for nested ones, and those that can't be called by name.
  const RegisteredOperation* find_public(std::string_view name) const noexcept;
  /// By name.
  std::vector<const RegisteredOperation*> public_operations() const;
  CallTraces& traces() noexcept { return traces_; }
  void trace(bool on) noexcept { tracing_.store(on, std::memory_order_relaxed); }
  bool traces_calls() const noexcept { return tracing_.load(std::memory_order_relaxed); }
  void contribute_status(GetStatus::Reply& status);
  void contribute_set_aside(const Catalog& catalog, GetStatus::Reply& status) const;

  std::shared_ptr<const CompiledChain> compiled() const { return state_.compiled(); }

  // For PluginHost
  Result<void> call_text(std::string_view operation, const json::Value& params, const CallOptions& options,
                         std::string& text);
  Result<json::Value> call_json(std::string_view operation, const json::Value& params, const CallOptions& options);
  std::shared_ptr<void> subscribe(std::function<void(const Event&)> listener) {
    return subscribers_.add(std::move(listener));
  }
  void refresh();

 protected:
  const RegisteredOperation* find(RequestType type) const noexcept override;
  bool is_in_force(const Snapshot& snapshot) const override;
  std::shared_ptr<const Snapshot> snapshot_for(const CompiledChain& chain, Freshness freshness) override;
  Result<std::shared_ptr<void>> lock_for_mutation(const Call& call) override;
  Verdict judge_question(const CompiledChain& chain, const CallView& question, const Snapshot& snapshot) override;
  void keep_trace(const RunningCall& call, const ChainPlan& plan, StepTimes& times, const Error* error) override;
  void begin(RunningCall& call) override;
  void end(RunningCall& call) noexcept override { calls_.leave(call); }
  Verdict judge_now(const RegisteredOperation& operation, const CallView& view) override;

 private:
  std::size_t home_of(RequestType type) const noexcept {
    return (reinterpret_cast<std::uintptr_t>(type) >> 3) & (by_type_.size() - 1);
  }
  std::vector<TierRoot> tier_roots() const { return parts_.tiers ? parts_.tiers() : std::vector<TierRoot>{}; }
  struct MutationTurn;
  /// A call as the watcher knows it: never older than it is.
  struct SeenCall {
    std::int64_t since_us = 0;
    bool named = false;
  };
  CodeRevisions code_revisions() const;
  /// Of what is in force now.
  std::shared_ptr<const HostSnapshot> current();
  std::shared_ptr<const HostSnapshot> take_snapshot(const CompiledChain& chain, Freshness freshness);
  Result<std::shared_ptr<const CompiledChain>> compile() const;
  /// Puts the interceptors of the packs that run now into the chain. Errors: invalid-argument (a duplicate name).
  Result<void> rebuild_chain();
  /// `verify`: compares an installed pack with its lock record.
  PackFlags flags_of(std::size_t index, const Snapshot& snapshot, const ChainPlan& activate, bool verify);
  void add_state(std::size_t index, const Snapshot& snapshot, bool verify, PackFlags& flags);
  std::vector<std::string> blocked_connectors_of(const Snapshot& snapshot, const ChainPlan& use_connector) const;
  void take_new_judge_states();
  /// Takes in what changed on disk. Errors: io; what was in force before stays so.
  Result<void> load_state();
  /// Remembers for host:status, and tells subscribers what is new.
  void report(std::vector<Diagnostic> incidents);
  /// False while a record is pending: another process may be about to finish it.
  bool settle_pending_installs(std::shared_ptr<const LockRecords>& records);
  void scan();
  /// Scans, and tells what is different.
  Rescan::Reply take_in_changes();
  void announce_policy();
  /// Tells subscribers what is wrong in catalog and policy now, and was not when it was told last.
  void announce_diagnostics();
  void reconcile_once(std::uint64_t parent);
  /// What is active when the host starts, but for a comparison with what was installed: that takes reading every file.
  void remember_what_is_active();
  void report_warnings(const std::vector<std::string>& warnings);
  Result<void> start_native_packs();
  /// What is to be done first, in turn with whoever reconciles.
  Result<void> begin_reconciling();
  /// `pack:activate`, then the pack's code. Errors are remembered as the pack's own.
  Result<void> begin(const std::string& name, std::string_view entry, std::uint64_t parent);
  Result<void> load_code(const std::string& name);
  void forget_activation_error(const std::string& name);
  void remember_activation(const std::string& name, const Result<void>& activated);
  Result<void> verify_installed(const std::string& name);
  /// False when it failed, which is remembered.
  bool activate(const std::string& name, std::uint64_t parent);
  void tell_state(const std::string& name);
  void forget_obsolete_errors(const PackTable& current);
  /// The loader runs this pack no more: it is shown as switched off, with the reason, until somebody switches it on.
  void give_up(const std::string& name, const Error& why);
  void deactivate(const std::string& name, std::uint64_t parent);
  void watch_loop();
  void name_stuck_calls();

  HostParts parts_;
  /// A hash table: every call begins with a look at it. Never full; its size is a power of two.
  std::vector<const RegisteredOperation*> by_type_;
  std::map<std::string_view, const RegisteredOperation*> by_name_;
  ToggleStore toggle_store_;
  LockStore lock_store_;
  RunningCode code_;
  ActivationErrors activation_errors_;
  PackIntegrity integrity_;
  CallTraces traces_;

  /// Held from a fingerprint to the publication of what was read or written: the newest always wins.
  std::mutex load_mutex_;

  std::mutex chain_mutex_;  ///< held while a chain is made, which asks interceptors what they are for

  SingleFlight reconciling_;
  bool started_ = false;  ///< only touched by whoever reconciles
  bool active_verified_ = false;
  ActivePacks active_;                                          ///< only touched by whoever reconciles
  std::optional<StateKey> reconciled_;                          ///< the same: the state that was followed up last
  std::optional<std::vector<std::uint64_t>> announced_policy_;  ///< the same
  std::optional<StateKey> diagnosed_;                           ///< the same: the state that was told of
  std::vector<Diagnostic> announced_diagnostics_;               ///< the same

  RunningCalls calls_;
  PublishedState state_{calls_};
  /// Of what was read last; none when it could not be read. Guarded by load_mutex_.
  std::optional<std::uint64_t> toggles_fingerprint_;
  std::optional<std::uint64_t> locks_fingerprint_;

  std::mutex incidents_mutex_;
  std::vector<Diagnostic> incidents_;
  std::vector<Diagnostic> unreported_;  ///< met at a commit point: told when it is over

  std::mutex scan_mutex_;
  std::vector<TierRoot> scanned_roots_;

  /// Whose turn it is to change something. A condition instead of a timed mutex, which clang 14's ThreadSanitizer can't
  /// see.
  std::mutex mutation_mutex_;
  std::condition_variable mutation_ended_;
  bool mutating_ = false;
  std::atomic<std::thread::id> committing_{};

  Subscribers subscribers_;
  std::map<std::uint64_t, SeenCall> seen_calls_;  ///< by id, at its last look; only touched by the watcher

  std::mutex stop_mutex_;
  bool stopping_ = false;
  std::condition_variable stop_requested_;
  std::thread watcher_;
};

/// A `diagnostic` event (host_state.cc).
Event diagnostic_event(const Diagnostic& diagnostic);

/// Registers every operation that core brings, with its JSON (core_operations.cc).
std::vector<std::unique_ptr<RegisteredOperation>> core_operations();

}  // namespace cowork
