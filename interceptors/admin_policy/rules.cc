#include "rules.h"

#include "cowork/base/text.h"
#include "pack_grounds.h"
#include "refusals.h"

namespace cowork::admin_policy {
namespace {

constexpr std::string_view show_policy = "cowork policy show";

bool turns_off(const Layer& layer, Switch which) {
  const PolicyDocument* document = layer.document();
  return document && document->allows(which) && !document->allows(which)->value;
}

Switch switch_of(std::string_view source_kind) {
  if (source_kind == "git") return Switch::git_install;
  return source_kind == "url" ? Switch::url_install : Switch::custom_packs;
}

/// A lock record, and a directory of an organization that others than root can write to, are the user's word: before
/// the machine layer they vouch for nothing that the user could not have brought in by a way which that layer leaves
/// open.
bool counts_as_custom(const Layer& layer, const PackFacts& pack) {
  if (pack.custom) return true;
  if (layer.kind() != LayerKind::machine) return false;
  if (pack.scope == Scope::organization) return !pack.tier_trusted;
  return !pack.source_kind.empty() && turns_off(layer, switch_of(pack.source_kind));
}

bool refuses_as_custom(const Layer& layer, const PackFacts& pack) {
  return turns_off(layer, Switch::custom_packs) && counts_as_custom(layer, pack);
}

/// A pack as it is looked for in lists: hashed once for all of them.
struct SoughtPack {
  explicit SoughtPack(const PackFacts& given) : facts(given), name(given.name) {
    if (!given.alias.empty() && given.alias != given.name) alias.emplace(given.alias);
  }
  const PackFacts& facts;
  HashedText name;
  std::optional<HashedText> alias;  ///< where it is another text than the name
};

const Entry* match(const Layer& layer, List list, const SoughtPack& pack) {
  if (const auto* entry = layer.find(list, pack.name)) return entry;
  return pack.alias && alias_counts(layer, list, pack.facts) ? layer.find(list, *pack.alias) : nullptr;
}

/// What one layer says of a pack, as if it were alone.
PackStanding standing_in(const Layer& layer, const SoughtPack& pack) {
  if (const auto* entry = match(layer, List::blocked, pack)) return {Standing::blocked, &layer, entry};
  const auto* allowed = match(layer, List::allowed, pack);
  if (layer.has_entries(List::allowed) && !allowed) return {Standing::not_allowed, &layer, nullptr};
  if (const auto* entry = match(layer, List::required, pack)) return {Standing::required, &layer, entry};
  if (allowed) return {Standing::allowed, &layer, allowed};
  return {};
}

Verdict refuse(const EffectivePolicy& policy, const PackFacts& pack, const PackStanding& standing, Remedy remedy) {
  return Verdict::deny(std::make_shared<const PackGrounds>(policy, standing, pack.name, remedy, ""));
}

Verdict accept(const EffectivePolicy& policy, const PackStanding& standing) {
  if (!standing.layer) return Verdict::no_opinion();
  return Verdict::permit(std::make_shared<const PackGrounds>(policy, standing));
}

/// A pack that comes in: `custom` never counts, since whoever lets it in says by which switch.
Verdict judge_arrival(const EffectivePolicy& policy, PackFacts pack) {
  pack.custom = false;
  pack.source_kind = {};
  const PackStanding standing = standing_of(policy, pack);
  return standing.permitted() ? accept(policy, standing) : refuse(policy, pack, standing, Remedy::check);
}

/// `what` is a constant.
Verdict refuse_required(const EffectivePolicy& policy, const PackFacts& pack, const PackStanding& standing,
                        std::string_view what, Remedy remedy) {
  return Verdict::deny(std::make_shared<const PackGrounds>(policy, standing, pack.name, remedy, what));
}

/// A toggle of the pack, or of a skill of it.
Verdict judge_switching(const EffectivePolicy& policy, const PackFacts& pack, bool enabled, std::string_view what) {
  const PackStanding standing = standing_of(policy, pack);
  const Remedy remedy = enabled ? Remedy::explain_enabling : Remedy::explain_disabling;
  if (enabled && !standing.permitted()) return refuse(policy, pack, standing, remedy);
  if (!enabled && standing.required()) return refuse_required(policy, pack, standing, what, remedy);
  return enabled ? accept(policy, standing) : Verdict::no_opinion();
}

std::string_view forbidden_by(Switch which) {
  switch (which) {
    case Switch::custom_packs:
      return "custom packs are not allowed";
    case Switch::git_install:
      return "packs from git are not allowed";
    case Switch::url_install:
      break;
  }
  return "packs from a URL are not allowed";
}

}  // namespace

PackFacts facts_of(const Catalog& catalog, const LockRecords& locks, std::size_t index) {
  const PackRecord& record = catalog[index];
  // An install puts a pack into the directory of its name: a copy elsewhere does not inherit its record.
  const bool in_place = record.scope == Scope::user && record.alias == record.name();
  const LockRecord* install = in_place ? locks.find(record.name()) : nullptr;
  PackFacts facts{record.name(), record.alias, record.scope, catalog.tier(record.scope).trusted};
  facts.custom = record.scope == Scope::user && !install;
  if (install) facts.source_kind = install->source_kind;
  return facts;
}

PackFacts facts_of_id(const Catalog& catalog, const LockRecords& locks, std::string_view id) {
  if (const auto index = catalog.resolve(id)) return facts_of(catalog, locks, *index);
  return {.name = id};
}

bool alias_counts(const Layer& layer, List list, const PackFacts& pack) noexcept {
  if (list == List::blocked) return true;
  if (pack.scope == Scope::user) return false;
  // A directory that the user could have named must not decide what the machine layer means.
  return layer.kind() != LayerKind::machine || pack.tier_trusted;
}

const Entry* match(const Layer& layer, List list, const PackFacts& pack) {
  return layer.has_entries(list) ? match(layer, list, SoughtPack(pack)) : nullptr;
}

PackStanding standing_of(const EffectivePolicy& policy, const PackFacts& pack) {
  PackStanding result;
  const SoughtPack sought(pack);
  const Layer* custom_off = nullptr;
  for (const auto& layer : policy.layers) {
    if (layer->is_broken()) return {Standing::unavailable, layer.get(), nullptr};
    if (!result.permitted()) continue;  // only a broken layer could still change the answer
    if (!custom_off && refuses_as_custom(*layer, pack)) custom_off = layer.get();
    const PackStanding here = standing_in(*layer, sought);
    // A requirement holds against this layer and those below it, not against a switch of a higher one.
    if (here.required() && custom_off && custom_off != layer.get()) {
      result = {Standing::custom_denied, custom_off, nullptr};
    } else if (here.required()) {
      return here;
    } else if (!here.permitted() || !result.layer) {
      result = here;
    }
  }
  if (custom_off && result.permitted()) return {Standing::custom_denied, custom_off, nullptr};
  return result;
}

Verdict judge_activation(const EffectivePolicy& policy, const PackFacts& pack) {
  const PackStanding standing = standing_of(policy, pack);
  if (standing.required()) return Verdict::require(std::make_shared<const PackGrounds>(policy, standing));
  return standing.permitted() ? accept(policy, standing) : refuse(policy, pack, standing, Remedy::check);
}

Verdict judge_toggle(const EffectivePolicy& policy, const PackFacts& pack, bool enabled) {
  return judge_switching(policy, pack, enabled, "disabled");
}

Verdict judge_skill_toggle(const EffectivePolicy& policy, const PackFacts& pack, bool enabled) {
  return judge_switching(policy, pack, enabled, "disabled, nor can its skills");
}

Verdict judge_uninstall(const EffectivePolicy& policy, const PackFacts& pack) {
  const PackStanding standing = standing_of(policy, pack);
  if (!standing.required()) return Verdict::no_opinion();
  return refuse_required(policy, pack, standing, "uninstalled", Remedy::check);
}

Verdict judge_switch(const EffectivePolicy& policy, Switch which) {
  const Effective<bool>& allowed = policy.allows(which);
  if (allowed.value) return Verdict::no_opinion();
  const Rule rule = rule_at(*allowed.layer, rule_name(which), pointer_of(which), allowed.at);
  std::string message = "Installation disabled by admin policy: ";
  return Verdict::deny(denied(policy, message.append(forbidden_by(which)), rule, std::string(show_policy)),
                       "not-allowed", rule);
}

Verdict judge_scaffold(const EffectivePolicy& policy, std::string_view name) {
  if (Verdict verdict = judge_switch(policy, Switch::custom_packs); verdict.denied()) return verdict;
  return judge_arrival(policy, {.name = name, .alias = name});
}

Verdict judge_admission(const EffectivePolicy& policy, const PackFacts& pack, std::string_view source_kind) {
  if (Verdict verdict = judge_switch(policy, switch_of(source_kind)); verdict.denied()) return verdict;
  return judge_arrival(policy, pack);
}

Verdict judge_connector(const EffectivePolicy& policy, std::string_view connector_id) {
  if (const Layer* broken = policy.broken())
    return Verdict::deny(
        unavailable(*broken, "Connector " + named(connector_id) + " is blocked while the admin policy is unavailable"),
        "policy-unavailable", rule_of_fault(*broken));
  const HashedText id(connector_id);
  for (const auto& layer : policy.layers) {
    const auto* entry = layer->find(List::blocked_connectors, id);
    if (!entry) continue;
    const Rule rule = rule_of_entry(*layer, List::blocked_connectors, *entry);
    std::string remedy = "cowork policy explain connector:use " +
                         shell_word(printable(json::to_text(json::Value::array({connector_id}))));
    return Verdict::deny(
        denied(policy, "Connector " + named(connector_id) + " is blocked by admin policy", rule, std::move(remedy)),
        "blocked", rule);
  }
  return Verdict::no_opinion();
}

Verdict judge_mutation(const EffectivePolicy& policy) {
  const Layer* broken = policy.broken();
  if (!broken) return Verdict::no_opinion();
  return Verdict::deny(unavailable(*broken, "Nothing can be changed while the admin policy is unavailable"),
                       "policy-unavailable", rule_of_fault(*broken));
}

}  // namespace cowork::admin_policy
