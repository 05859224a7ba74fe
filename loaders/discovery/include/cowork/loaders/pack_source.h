// Finds packs in directories (SPEC §4).
#pragma once

#include <memory>

#include "cowork/host/loading.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

std::shared_ptr<PackSource> make_directory_pack_source(std::shared_ptr<Disk> disk);

}  // namespace cowork::loaders
