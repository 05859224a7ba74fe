// The errors by which the admin policy refuses: SPEC §6's texts, where the rule stands, what to try next.
#pragma once

#include <string>
#include <string_view>

#include "layers.h"

namespace cowork::admin_policy {

/// `"name"` as messages show it: a valid pack name to the letter, anything else printable and cut.
std::string named(std::string_view id);
/// "packs.blocked in <file>:<line> (user layer), set by <orgName>"
std::string whereabouts(const EffectivePolicy& policy, const Rule& rule);
/// `cowork policy explain pluginPack:toggle '["name",true]'`
std::string explain_toggle(std::string_view name, bool enabled);

/// policy-denied with `why` from the rule.
Error denied(const EffectivePolicy& policy, std::string message, const Rule& rule, std::string remedy);
/// policy-unavailable: `layer` can't be used and has no last good content (or has to be repaired first).
Error unavailable(const Layer& layer, std::string message);
/// Where the first fault of an invalid layer stands.
Rule rule_of_fault(const Layer& layer);

}  // namespace cowork::admin_policy
