// An update of one layer, worked out from the policy in force and a patch (SPEC §6, "Updates"). Pure: nothing is
// written.
#pragma once

#include <string>

#include "cowork/admin_policy/operations.h"
#include "cowork/catalog/catalog.h"
#include "layers.h"

namespace cowork::admin_policy {

/// What would be in the layer's file.
struct PlannedUpdate {
  std::shared_ptr<const Layer> layer;  ///< as it would be read from `text`
  std::string text;
};

LayerKind layer_kind(std::string_view name) noexcept;

/// policy-denied where the patch would loosen a higher layer, policy-unavailable where a layer has to be repaired
/// first.
Verdict judge_update(const EffectivePolicy& policy, const Catalog& catalog, const UpdatePolicies& request);

/// The document that the update gives. Errors: those of judge_update(), invalid-policy, conflict (another revision),
/// not-found (no last good content), invalid-argument (no such layer in this host).
Result<PlannedUpdate> plan_update(const EffectivePolicy& policy, const Catalog& catalog, const UpdatePolicies& request,
                                  std::int64_t now_ms);

/// `policy` with `layer` in the place of the layer of its kind.
std::shared_ptr<const EffectivePolicy> with_layer(const EffectivePolicy& policy, std::shared_ptr<const Layer> layer);

/// A whole document as the layer it would make. Errors: invalid-policy, located in its pretty text.
Result<PlannedUpdate> layer_from(const json::Value& document, LayerKind kind, const std::string& path);

}  // namespace cowork::admin_policy
