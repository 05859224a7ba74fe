// Whether something directly below a tier's root changed, without reading it.
#pragma once

#include <vector>

#include "cowork/catalog/catalog.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

/// Of the roots' identities, and of the names, kinds, identities and times of the pack directories and their manifests.
/// What scan_tier() passes over without a word does not count, so staging disturbs nobody.
std::uint64_t fingerprint_of(const Disk& disk, const std::vector<TierRoot>& roots);

}  // namespace cowork::loaders
