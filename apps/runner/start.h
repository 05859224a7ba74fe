// From the host's `start` to a pack that runs: what the process gives up, then the pack's code.
#pragma once

#include <memory>

#include "cowork/loaders/native_start.h"

namespace cowork::runner {

/// Confines the process as `request` (the content of the frame `start`) says, then loads the library that the host
/// handed over. Errors: those of start_native_code(); io (the process can't be confined), internal (the request is
/// none).
Result<loaders::StartedCode> start_pack(const json::Value& request, std::shared_ptr<Log> log);

}  // namespace cowork::runner
