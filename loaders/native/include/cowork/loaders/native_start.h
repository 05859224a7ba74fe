// Starts the code of a checked library in this process: the host's, or the one that a pack runs isolated in.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cowork/host/native_code.h"
#include "cowork/loaders/pack_description.h"
#include "cowork/loaders/sealed_file.h"
#include "cowork/ports/log.h"

namespace cowork::loaders {

/// What a pack can reach of its host.
struct PackSurroundings {
  std::shared_ptr<Log> log;  ///< may be null
  std::string host_version;
  std::string pack;
  std::string configuration;  ///< JSON text
  /// The path of a directory for the pack alone; called by any thread.
  std::function<Result<std::string>()> data_directory;
};

struct StartedCode {
  std::shared_ptr<NativePack> pack;
  PackDescription description;
};

/// Loads the library (once for each name and `sha256` in the life of this process; its constructors run), makes an
/// instance and asks it what it brings. `shown` stands for the library in messages. Errors: invalid-manifest (the
/// dynamic linker refused it), internal (its start failed).
Result<StartedCode> start_native_code(SealedFile library, const std::string& sha256, const std::string& shown,
                                      PackSurroundings surroundings);

}  // namespace cowork::loaders
