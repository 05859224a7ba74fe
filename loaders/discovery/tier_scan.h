// One tier: a directory of packs.
#pragma once

#include "cowork/catalog/catalog.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

/// Never fails: what went wrong is in the findings. Packs of `known` whose files are as they were are taken from it
/// unread; null: all are read.
TierFindings scan_tier(const Disk& disk, const TierRoot& root, const Catalog* known);

}  // namespace cowork::loaders
