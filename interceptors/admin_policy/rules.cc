#include "rules.h"

#include "cowork/base/text.h"
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

/// What one layer says of a pack, as if it were alone.
PackStanding standing_in(const Layer& layer, const PackFacts& pack) {
  if (const auto* entry = match(layer, List::blocked, pack)) return {Standing::blocked, &layer, entry};
  const auto* allowed = match(layer, List::allowed, pack);
  if (layer.has_entries(List::allowed) && !allowed) return {Standing::not_allowed, &layer, nullptr};
  if (const auto* entry = match(layer, List::required, pack)) return {Standing::required, &layer, entry};
  if (allowed) return {Standing::allowed, &layer, allowed};
  return {};
}

std::string checked(std::string_view name) {
  return "cowork policy check " + shell_word(printable(name));
}

Error refusal(const EffectivePolicy& policy, const PackFacts& pack, const PackStanding& standing, std::string remedy) {
  const std::string subject = "Pack " + named(pack.name);
  switch (standing.standing) {
    case Standing::unavailable:
      return unavailable(*standing.layer, subject + " is blocked while the admin policy is unavailable");
    case Standing::blocked:
      return denied(policy, subject + " is blocked by admin policy", rule_of(standing), std::move(remedy));
    case Standing::custom_denied:
      return denied(policy, "Installation disabled by admin policy: " + named(pack.name) + " is a custom pack",
                    rule_of(standing), std::move(remedy));
    default:
      return denied(policy, subject + " is not in the list of allowed packs", rule_of(standing), std::move(remedy));
  }
}

Verdict refuse(const EffectivePolicy& policy, const PackFacts& pack, const PackStanding& standing, std::string remedy) {
  return Verdict::deny(refusal(policy, pack, standing, std::move(remedy)), std::string(reason_of(standing.standing)),
                       rule_of(standing));
}

Verdict accept(const PackStanding& standing) {
  return standing.layer ? Verdict::permit(rule_of(standing)) : Verdict::no_opinion();
}

/// A pack that comes in: `custom` never counts, since whoever lets it in says by which switch.
Verdict judge_arrival(const EffectivePolicy& policy, PackFacts pack) {
  pack.custom = false;
  pack.source_kind = {};
  const PackStanding standing = standing_of(policy, pack);
  return standing.permitted() ? accept(standing) : refuse(policy, pack, standing, checked(pack.name));
}

Verdict refuse_required(const EffectivePolicy& policy, const PackFacts& pack, const PackStanding& standing,
                        std::string_view what, std::string remedy) {
  const Rule rule = rule_of(standing);
  std::string message = "Pack " + named(pack.name) + " is required by admin policy and cannot be ";
  return Verdict::deny(denied(policy, message.append(what), rule, std::move(remedy)), "required", rule);
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

const Stated<std::string>* match(const Layer& layer, List list, const PackFacts& pack) {
  if (const auto* entry = layer.find(list, pack.name)) return entry;
  if (pack.alias.empty() || !alias_counts(layer, list, pack)) return nullptr;
  return layer.find(list, pack.alias);
}

PackStanding standing_of(const EffectivePolicy& policy, const PackFacts& pack) {
  PackStanding result;
  const Layer* custom_off = nullptr;
  for (const auto& layer : policy.layers) {
    if (layer->is_broken()) return {Standing::unavailable, layer.get(), nullptr};
    if (!result.permitted()) continue;  // only a broken layer could still change the answer
    if (!custom_off && refuses_as_custom(*layer, pack)) custom_off = layer.get();
    const PackStanding here = standing_in(*layer, pack);
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

std::string_view reason_of(Standing standing) noexcept {
  switch (standing) {
    case Standing::blocked:
      return "blocked";
    case Standing::not_allowed:
    case Standing::custom_denied:
      return "not-allowed";
    case Standing::unavailable:
      return "policy-unavailable";
    default:
      return {};
  }
}

Rule rule_of(const PackStanding& standing) {
  switch (standing.standing) {
    case Standing::unmentioned:
      return {};
    case Standing::allowed:
      return rule_of_entry(*standing.layer, List::allowed, *standing.entry);
    case Standing::required:
      return rule_of_entry(*standing.layer, List::required, *standing.entry);
    case Standing::blocked:
      return rule_of_entry(*standing.layer, List::blocked, *standing.entry);
    case Standing::not_allowed:
      return rule_of_list(*standing.layer, List::allowed);
    case Standing::custom_denied:
      return rule_at(*standing.layer, rule_name(Switch::custom_packs), pointer_of(Switch::custom_packs),
                     standing.layer->document()->allows(Switch::custom_packs)->at);
    case Standing::unavailable:
      break;
  }
  return rule_of_fault(*standing.layer);
}

Verdict judge_activation(const EffectivePolicy& policy, const PackFacts& pack) {
  const PackStanding standing = standing_of(policy, pack);
  if (standing.required()) return Verdict::require(rule_of(standing));
  return standing.permitted() ? accept(standing) : refuse(policy, pack, standing, checked(pack.name));
}

Verdict judge_toggle(const EffectivePolicy& policy, const PackFacts& pack, bool enabled) {
  const PackStanding standing = standing_of(policy, pack);
  if (enabled && !standing.permitted()) return refuse(policy, pack, standing, explain_toggle(pack.name, enabled));
  if (!enabled && standing.required())
    return refuse_required(policy, pack, standing, "disabled", explain_toggle(pack.name, enabled));
  return enabled ? accept(standing) : Verdict::no_opinion();
}

Verdict judge_skill_toggle(const EffectivePolicy& policy, const PackFacts& pack, bool enabled) {
  const PackStanding standing = standing_of(policy, pack);
  if (enabled && !standing.permitted()) return refuse(policy, pack, standing, explain_toggle(pack.name, enabled));
  if (!enabled && standing.required())
    return refuse_required(policy, pack, standing, "disabled, nor can its skills", explain_toggle(pack.name, enabled));
  return enabled ? accept(standing) : Verdict::no_opinion();
}

Verdict judge_uninstall(const EffectivePolicy& policy, const PackFacts& pack) {
  const PackStanding standing = standing_of(policy, pack);
  if (!standing.required()) return Verdict::no_opinion();
  return refuse_required(policy, pack, standing, "uninstalled", checked(pack.name));
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
  for (const auto& layer : policy.layers) {
    const auto* entry = layer->find(List::blocked_connectors, connector_id);
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
