// What a machine finds on its disk after the power failed.
#pragma once

#include "disk_model.h"

namespace cowork::test {

std::shared_ptr<MemoryDisk> survivor_of(const DiskMoment& moment, Survives survives, std::mt19937& random);

}  // namespace cowork::test
