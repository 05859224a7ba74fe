// What a host knows now, and the one snapshot made of it that every call reads from. Private to core/host.
//
// Threads: any. The lock is only ever held to copy or swap pointers, and to make a snapshot of them.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "cowork/host/host_core.h"
#include "cowork/operation/pack.h"
#include "running_calls.h"

namespace cowork {

/// Everything that a table of packs depends on, as revisions.
using StateKey = std::vector<std::uint64_t>;

/// The part of it that snapshots do not hold.
struct CodeRevisions {
  std::uint64_t activation_errors = 0;
  std::uint64_t code = 0;
  std::uint64_t integrity = 0;

  bool operator==(const CodeRevisions&) const = default;
};

/// Immutable things, replaced one by one.
struct KnownState {
  std::shared_ptr<const CompiledChain> compiled;
  std::shared_ptr<const Catalog> catalog;
  std::shared_ptr<const Toggles> toggles;
  std::shared_ptr<const LockRecords> locks;
};

/// Every snapshot that a host takes is one.
class HostSnapshot final : public Snapshot {
 public:
  HostSnapshot(const KnownState& state, std::shared_ptr<const CompiledChain> compiled, States states,
               const CodeRevisions& revisions);

  const CompiledChain& compiled() const noexcept { return *compiled_; }
  const CodeRevisions& revisions() const noexcept { return revisions_; }
  const StateKey& key() const noexcept { return key_; }
  /// Null until keep_table().
  std::shared_ptr<const PackTable> table() const {
    return has_table_.load(std::memory_order_acquire) ? table_ : nullptr;
  }
  /// The first one stays: two that were made of one state are the same. What it was kept as.
  std::shared_ptr<const PackTable> keep_table(std::shared_ptr<const PackTable> table) const;

 private:
  std::shared_ptr<const CompiledChain> compiled_;
  CodeRevisions revisions_;
  StateKey key_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const PackTable> table_;  ///< written once, before has_table_
  mutable std::atomic<bool> has_table_{false};
};

class PublishedState {
 public:
  /// `calls` are told of snapshots that are taken off.
  explicit PublishedState(RunningCalls& calls);

  KnownState known() const {
    const std::lock_guard lock(mutex_);
    return known_;
  }
  std::shared_ptr<const CompiledChain> compiled() const {
    const std::lock_guard lock(mutex_);
    return known_.compiled;
  }
  /// `change(KnownState&)` under the lock; from then on there is no snapshot until the next one is published.
  template <class Change>
  void change(Change change) {
    TakenOff stale;  // let go after the lock, with packs that nobody else holds
    {
      const std::lock_guard lock(mutex_);
      change(known_);
      stale = let_go();
    }
    calls_->give(stale.snapshot);
  }
  /// The last one published; null when something changed since.
  std::shared_ptr<const HostSnapshot> snapshot() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }
  /// Lists `call` with it. False when there is none. Takes no lock.
  bool enter(RunningCall& call) { return calls_->enter_with(call, address_); }
  /// Whether it is `snapshot`, which somebody holds. Takes no lock.
  bool is_published(const Snapshot& snapshot) const noexcept {
    return address_.load(std::memory_order_acquire) == &snapshot;
  }
  /// A snapshot of what is known now with the judges' `states`. Published when `compiled` is the chain in force.
  std::shared_ptr<const HostSnapshot> take(const std::shared_ptr<const CompiledChain>& compiled,
                                           Snapshot::States states, const CodeRevisions& revisions);

 private:
  /// What nobody needs any more here; it may take packs with it.
  struct TakenOff {
    std::shared_ptr<const HostSnapshot> snapshot;
    std::shared_ptr<const PackTable> table;
  };
  /// Takes the snapshot off, and keeps its table until the next one is there.
  TakenOff let_go();

  RunningCalls* calls_;
  mutable std::mutex mutex_;
  KnownState known_;
  std::shared_ptr<const HostSnapshot> snapshot_;
  std::atomic<const Snapshot*> address_{nullptr};  ///< its
  /// Of the snapshot before, for one that differs in nothing that counts.
  StateKey table_key_;
  std::shared_ptr<const PackTable> table_;
};

}  // namespace cowork
