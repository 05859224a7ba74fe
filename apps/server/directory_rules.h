// Which directories may hold what a server's clients rely on: its socket, its token. Private to apps/server.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <string>

#include "cowork/base/result.h"

namespace cowork::server {

/// Fine when `owner` is this process's user or root, and others may write there only if the directory is sticky.
/// `mode`: permission bits. Errors: invalid-argument, naming `path`.
Result<void> check_directory(const std::string& path, std::uint32_t owner, std::uint32_t mode);

}  // namespace cowork::server
