// What this program is.
#pragma once

#include "session.h"

namespace cowork::cli {

/// The version of this build, such as "0.1.0".
std::string_view program_version() noexcept;

/// As `cowork version` prints it.
void print_version(Session& session);

}  // namespace cowork::cli
