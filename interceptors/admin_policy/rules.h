// The rules of the admin policy as pure functions: the policy in force and the facts of a question give a verdict (SPEC
// §6, "Matching ids" and "Enforcement"). Nothing here reads a file or asks a clock.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cowork/catalog/catalog.h"
#include "cowork/operation/verdict.h"
#include "cowork/state/lock_records.h"
#include "layers.h"

namespace cowork::admin_policy {

/// What the rules need to know of a pack. Views are borrowed for the time of a question.
struct PackFacts {
  std::string_view name{};
  std::string_view alias{};  ///< the directory's name; empty where there is none
  Scope scope = Scope::user;
  bool tier_trusted = false;
  bool custom = false;             ///< of the user tier, and no install recorded it
  std::string_view source_kind{};  ///< of its lock record; empty where there is none
};

PackFacts facts_of(const Catalog& catalog, const LockRecords& locks, std::size_t index);
/// The pack that `id` means (its name, or an unambiguous builtin or organization alias); the bare id where none is
/// known.
PackFacts facts_of_id(const Catalog& catalog, const LockRecords& locks, std::string_view id);

/// Whether an entry of this list in this layer may mean the pack by its alias.
bool alias_counts(const Layer& layer, List list, const PackFacts& pack) noexcept;
/// The entry of `list` in `layer` that matches the pack; null when none does.
const Entry* match(const Layer& layer, List list, const PackFacts& pack);

enum class Standing : std::uint8_t {
  unmentioned,    ///< permitted, no rule names it
  allowed,        ///< permitted by an entry of packs.allowed
  required,       ///< permitted and required
  blocked,        ///< `blocked`
  not_allowed,    ///< `not-allowed`: missing from a list of allowed packs
  custom_denied,  ///< `not-allowed`: a custom pack where custom packs are off
  unavailable,    ///< `policy-unavailable`: a layer is broken
};

/// How a pack stands, with the layer and the entry that decide.
struct PackStanding {
  Standing standing = Standing::unmentioned;
  const Layer* layer = nullptr;  ///< null for unmentioned
  const Entry* entry = nullptr;  ///< of allowed, required, blocked

  bool permitted() const noexcept { return standing <= Standing::required; }
  bool required() const noexcept { return standing == Standing::required; }
};

PackStanding standing_of(const EffectivePolicy& policy, const PackFacts& pack);
/// The word that lists show: `blocked`, `not-allowed`, `policy-unavailable`; empty when permitted.
std::string_view reason_of(Standing standing) noexcept;
Rule rule_of(const PackStanding& standing);

/// `pack:activate`, and what lists show.
Verdict judge_activation(const EffectivePolicy& policy, const PackFacts& pack);
/// `pluginPack:toggle`: a pack that is not permitted can't be enabled, a required one can't be disabled.
Verdict judge_toggle(const EffectivePolicy& policy, const PackFacts& pack, bool enabled);
/// `pluginPack:toggleSkill`: the same for the pack's skills.
Verdict judge_skill_toggle(const EffectivePolicy& policy, const PackFacts& pack, bool enabled);
Verdict judge_uninstall(const EffectivePolicy& policy, const PackFacts& pack);
/// One of the switches over installation.
Verdict judge_switch(const EffectivePolicy& policy, Switch which);
/// `pluginPack:scaffold`: the switch, then the id.
Verdict judge_scaffold(const EffectivePolicy& policy, std::string_view name);
/// `pack:admit`: the switch of the source it came from, then the pack. `source_kind` as LockRecord::source_kind, or
/// `scaffold`.
Verdict judge_admission(const EffectivePolicy& policy, const PackFacts& pack, std::string_view source_kind);
Verdict judge_connector(const EffectivePolicy& policy, std::string_view connector_id);
/// Every mutation while a layer is broken; no opinion otherwise.
Verdict judge_mutation(const EffectivePolicy& policy);

}  // namespace cowork::admin_policy
