// What one read, or one judgement, is made from: immutable, taken once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cowork/catalog/catalog.h"
#include "cowork/state/lock_records.h"
#include "cowork/state/toggles.h"

namespace cowork {

class Chain;
class Interceptor;

/// How new a judge's state has to be.
enum class Freshness : std::uint8_t {
  cached,   ///< what is in force in this process (at most half a second old)
  current,  ///< brought up to date with the disk first: for the commit point
};

/// What a judge's answers depend on, pinned for as long as somebody holds it.
struct JudgeState {
  virtual ~JudgeState() = default;
  std::uint64_t revision = 0;  ///< another state has another revision
  std::string label;           ///< what the audit trail writes as `policyRevision`; empty when it should not show
  std::string fault;  ///< not empty: the judge could not give its state; whatever it is asked, the answer is no
};

/// Threads: may be read by many.
class Snapshot {
 public:
  using States = std::vector<std::pair<const Interceptor*, std::shared_ptr<const JudgeState>>>;
  Snapshot(std::shared_ptr<const Catalog> catalog, std::shared_ptr<const Toggles> toggles,
           std::shared_ptr<const LockRecords> locks, States states, std::shared_ptr<const Chain> chain = nullptr)
      : catalog_(std::move(catalog)),
        toggles_(std::move(toggles)),
        locks_(std::move(locks)),
        states_(std::move(states)),
        chain_(std::move(chain)),
        has_fault_(std::any_of(states_.begin(), states_.end(),
                               [](const auto& state) { return state.second && !state.second->fault.empty(); })) {}

  const Catalog& catalog() const noexcept { return *catalog_; }
  const Toggles& toggles() const noexcept { return *toggles_; }
  const LockRecords& locks() const noexcept { return *locks_; }
  const std::shared_ptr<const Catalog>& catalog_ptr() const noexcept { return catalog_; }
  const std::shared_ptr<const Toggles>& toggles_ptr() const noexcept { return toggles_; }
  const std::shared_ptr<const LockRecords>& locks_ptr() const noexcept { return locks_; }
  /// The state that `judge` gave when this snapshot was taken; null when it has none.
  const JudgeState* state_of(const Interceptor& judge) const noexcept;
  /// The labels of all judges' states, joined with '+'.
  std::string label() const;
  const States& states() const noexcept { return states_; }
  /// Whether any state has a JudgeState::fault.
  bool has_fault() const noexcept { return has_fault_; }
  /// The chain whose judges gave the states; null when nobody said.
  const std::shared_ptr<const Chain>& chain() const noexcept { return chain_; }

 private:
  std::shared_ptr<const Catalog> catalog_;
  std::shared_ptr<const Toggles> toggles_;
  std::shared_ptr<const LockRecords> locks_;
  States states_;
  std::shared_ptr<const Chain> chain_;
  bool has_fault_;
};

}  // namespace cowork
