// What the global flags mean to the standard host.
#pragma once

#include "cowork/assembly/standard_host.h"
#include "cowork/base/result.h"
#include "global_options.h"

namespace cowork::cli {

/// `--home` and `--builtin` made absolute against the working directory. Errors: io when there is none.
Result<StandardHostOptions> standard_options(const GlobalOptions& options);

}  // namespace cowork::cli
