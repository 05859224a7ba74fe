// Makes the files of a new pack.
#pragma once

#include <memory>

#include "cowork/host/loading.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

std::shared_ptr<PackScaffolder> make_pack_scaffolder();

}  // namespace cowork::loaders
