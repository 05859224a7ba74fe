// Brings packs in through staging (HOSTILE.md, Install).
#pragma once

#include <memory>

#include "cowork/host/loading.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

std::shared_ptr<PackStager> make_pack_stager(std::shared_ptr<Disk> disk);

}  // namespace cowork::loaders
