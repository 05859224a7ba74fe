// The bearer token of fetch.tokenFile.
#pragma once

#include <string>

#include "cowork/base/result.h"

namespace cowork::fetch {

/// The one line of `path`; empty when `path` is. Errors: io (unreadable, no regular file, open to others, no token).
Result<std::string> read_token(const std::string& path);

}  // namespace cowork::fetch
