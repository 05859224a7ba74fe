#include "cowork/chain/snapshot.h"

namespace cowork {

const JudgeState* Snapshot::state_of(const Interceptor& judge) const noexcept {
  for (const auto& [owner, state] : states_) {
    if (owner == &judge) return state.get();
  }
  return nullptr;
}

std::string Snapshot::label() const {
  std::string joined;
  for (const auto& [owner, state] : states_) {
    if (state->label.empty()) continue;
    if (!joined.empty()) joined += '+';
    joined += state->label;
  }
  return joined;
}

}  // namespace cowork
