// Reads a native pack's files as they are now: manifest and library, each once.
#pragma once

#include <string>

#include "cowork/host/native_code.h"
#include "cowork/manifest/manifest.h"
#include "cowork/ports/disk.h"
#include "cowork/state/lock_records.h"

namespace cowork::loaders {

struct PackLibrary {
  ParsedManifest manifest;
  std::string path;   ///< of the library, as shown
  std::string bytes;  ///< checked: fault_of_elf() has nothing against them
  std::string sha256;
};

/// Errors: integrity (the manifest is not the one that discovery read, or the tree is not the one that was installed),
/// invalid-manifest (no library for this host), io.
Result<PackLibrary> read_pack_library(const Disk& disk, const PackRecord& pack, const LockRecord* lock_record);

}  // namespace cowork::loaders
