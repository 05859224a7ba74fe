// Private to assembly.
#pragma once

#include <string>

namespace cowork {

/// The installed builtin packs beside the running program, or the build tree's samples.
std::string standard_builtin_directory();

}  // namespace cowork
