// Skills and slash commands that two packs claim: the higher tier's wins, the other is a diagnostic (SPEC §7).
#pragma once

#include <vector>

#include "cowork/catalog/catalog.h"

namespace cowork {

/// The diagnostics' code.
inline constexpr std::string_view duplicate_contribution = "duplicate-contribution";

/// `packs` in the catalog's order, in which the first claim wins.
std::vector<Diagnostic> duplicate_contributions(const std::vector<const PackRecord*>& packs);

}  // namespace cowork
