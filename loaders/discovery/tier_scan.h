// One tier: a directory of packs.
#pragma once

#include "cowork/catalog/catalog.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

/// Never fails: what went wrong is in the findings.
TierFindings scan_tier(const Disk& disk, const TierRoot& root);

}  // namespace cowork::loaders
