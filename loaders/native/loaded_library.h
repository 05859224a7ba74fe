// Libraries in this process. None is ever unloaded: a thread that the pack forgot, a destructor of one of its
// thread_local objects or a function that it gave to atexit() may still be in it, or come to be.
#pragma once

#include <string>

#include "cowork/base/result.h"
#include "cowork/loaders/sealed_file.h"
#include "cowork/native/pack_api.h"

namespace cowork::loaders {

/// The table of the library in `file`, which was checked. Loads it (its constructors run) unless the pack `name` has
/// already loaded the same bytes, `sha256`; then nothing runs, and its global variables are what they were. `shown`
/// stands for the library in messages. The table stays valid for the life of the process. Threads: any; other packs
/// don't wait. Errors: invalid-manifest (the dynamic linker refused it, its table is none).
Result<const cowork_pack_table*> load_library(const std::string& name, const std::string& sha256, SealedFile file,
                                              const std::string& shown);

}  // namespace cowork::loaders
