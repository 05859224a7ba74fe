// The certificates of fetch.caFile.
#pragma once

#include <string>

#include "cowork/base/result.h"

namespace cowork::fetch {

/// Io: `path` can't be used for `why`.
Error unusable_ca_file(const std::string& path, std::string why);

/// Whether `path` is empty or a file that can be read and may hold certificates (libraries differ in what they say when
/// it holds none). Errors: io.
Result<void> check_ca_file(const std::string& path);

}  // namespace cowork::fetch
