// The policy in force as a document of the seed's shape, and where each of its values comes from (SPEC §7,
// `admin:policiesGet`).
#pragma once

#include <string>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/catalog/catalog.h"
#include "layers.h"

namespace cowork::admin_policy {

/// Where one value of the effective document stands; `layer` is null for a default.
struct Origin {
  std::string pointer;  ///< in the effective document
  const Layer* layer = nullptr;
  SourcePlace place;
};

struct EffectiveDocument {
  json::Value json;
  std::vector<Origin> origins;
};

/// Every default filled in. `catalog` decides which of two ids mean the same pack where two layers have lists of
/// allowed packs. `started_ms` is the `updatedAt` of a policy without any file.
EffectiveDocument describe(const EffectivePolicy& policy, const Catalog& catalog, std::int64_t started_ms);

/// The effective packs.allowed: one list verbatim; of two, the lower's entries that the higher permits; `-` for none.
struct AllowedEntry {
  std::string_view id;  ///< borrowed of the layer
  const Layer* layer = nullptr;
  const Entry* entry = nullptr;  ///< null for the placeholder
};
std::vector<AllowedEntry> effective_allowed(const EffectivePolicy& policy, const Catalog& catalog);

/// Whether the layers above `layer` permit the packs that `id` means in it: any known one, or the bare id.
bool permitted_above(const EffectivePolicy& policy, const Layer& layer, std::string_view id, const Catalog& catalog);

/// "-": no pack can have this name, so that a list which holds nothing else allows nothing.
inline constexpr std::string_view nothing_allowed = "-";

}  // namespace cowork::admin_policy
