// The library of a native pack after all checks that need none of its code to run.
#pragma once

#include <string>

#include "cowork/host/native_code.h"
#include "cowork/loaders/sealed_file.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

struct CheckedLibrary {
  SealedFile file;  ///< the very bytes that were checked
  std::string sha256;
  std::string path;           ///< as shown
  std::string configuration;  ///< JSON text: what the pack is told
};

/// Reads manifest, library and configuration (`<home>/config/<pack>.json`) as they are now. `lock_record` may be null.
/// Threads: any. Errors: those of CodeLoader::load() but internal and conflict.
Result<CheckedLibrary> check_library(const Disk& disk, const std::string& home, const PackRecord& pack,
                                     const LockRecord* lock_record);

}  // namespace cowork::loaders
