// Layers merged into what is in force: lower layers only tighten, and every value knows where it comes from (SPEC §6).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cowork/chain/snapshot.h"
#include "cowork/operation/verdict.h"
#include "layer.h"

namespace cowork::admin_policy {

/// A value in force. `layer` is null where no layer states one and the default holds.
template <class T>
struct Effective {
  T value{};
  const Layer* layer = nullptr;
  Position at;
};

/// Immutable. What judge() depends on, pinned by a snapshot: lists stay with their layers, where a lookup is one hash.
struct EffectivePolicy final : JudgeState, std::enable_shared_from_this<EffectivePolicy> {
  std::vector<std::shared_ptr<const Layer>> layers;  ///< highest first
  std::array<Effective<bool>, all_switches.size()> switches;
  Effective<double> heartbeat_sec;
  Effective<std::int64_t> concurrent_agents;
  Effective<std::string> organization_name;       ///< empty: none
  Effective<std::string> organization_directory;  ///< empty: none

  const Effective<bool>& allows(Switch which) const noexcept { return switches[static_cast<std::size_t>(which)]; }
  const Layer* layer(LayerKind kind) const noexcept;
  /// The highest layer that is broken; null when none is.
  const Layer* broken() const noexcept;
};

/// `layers` from the highest. Each result has a revision of its own; equal layers give an equal label.
std::shared_ptr<const EffectivePolicy> merge(std::vector<std::shared_ptr<const Layer>> layers);

/// Where a value or list entry stands, as verdicts tell it.
Rule rule_at(const Layer& layer, std::string_view name, std::string_view pointer, Position at);
Rule rule_of_entry(const Layer& layer, List list, const Entry& entry);
Rule rule_of_list(const Layer& layer, List list);
/// "packs.required" → "/packs/required".
std::string pointer_of_rule(std::string_view rule);

}  // namespace cowork::admin_policy
