#include "published_state.h"

namespace cowork {
namespace {

StateKey key_of(const Snapshot& snapshot, const CodeRevisions& revisions) {
  StateKey key{snapshot.catalog().revision(),
               snapshot.toggles().revision,
               snapshot.locks().revision,
               revisions.activation_errors,
               revisions.code,
               revisions.integrity,
               snapshot.chain() ? snapshot.chain()->revision() : 0};
  for (const auto& [judge, state] : snapshot.states()) key.push_back(state->revision);
  return key;
}

}  // namespace

HostSnapshot::HostSnapshot(const KnownState& known, std::shared_ptr<const CompiledChain> compiled, States states,
                           const CodeRevisions& revisions)
    : Snapshot(known.catalog, known.toggles, known.locks, std::move(states), compiled->chain),
      compiled_(std::move(compiled)),
      revisions_(revisions),
      key_(key_of(*this, revisions)) {}

std::shared_ptr<const PackTable> HostSnapshot::keep_table(std::shared_ptr<const PackTable> table) const {
  const std::lock_guard lock(mutex_);
  if (!table_) {
    table_ = std::move(table);
    has_table_.store(true, std::memory_order_release);
  }
  return table_;
}

PublishedState::PublishedState(RunningCalls& calls)
    : calls_(&calls),
      known_{nullptr, Catalog::build({}, nullptr), std::make_shared<Toggles>(), std::make_shared<LockRecords>()} {}

std::shared_ptr<const HostSnapshot> PublishedState::take(const std::shared_ptr<const CompiledChain>& compiled,
                                                         Snapshot::States states, const CodeRevisions& revisions) {
  std::shared_ptr<const HostSnapshot> taken;
  TakenOff replaced;                          // let go after the lock
  std::shared_ptr<const PackTable> not_used;  // the same: the revisions of its key never come back
  {
    const std::lock_guard lock(mutex_);
    taken = std::make_shared<const HostSnapshot>(known_, compiled, std::move(states), revisions);
    if (known_.compiled != compiled) return taken;
    replaced = let_go();
    if (table_ && table_key_ == taken->key()) taken->keep_table(table_);
    not_used = std::move(table_);
    snapshot_ = taken;
    address_.store(snapshot_.get());
  }
  calls_->give(replaced.snapshot);
  return taken;
}

PublishedState::TakenOff PublishedState::let_go() {
  TakenOff off;
  if (snapshot_) {
    if (auto table = snapshot_->table()) {
      off.table = std::exchange(table_, std::move(table));
      table_key_ = snapshot_->key();
    }
  }
  address_.store(nullptr);  // before RunningCalls::give() looks at the calls
  off.snapshot = std::move(snapshot_);
  return off;
}

}  // namespace cowork
