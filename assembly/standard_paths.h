// Private to assembly.
#pragma once

#include <string>

namespace cowork {

/// The builtin packs beside the running program: <its directory>/../share/cowork/plugin-packs. Empty where the system
/// does not tell which program runs.
std::string standard_builtin_directory();

/// <directory of the running program>/../libexec/cowork/cowork-fetch; empty where the system does not tell.
std::string standard_fetch_program();

/// The same for cowork-pack-runner.
std::string standard_runner_program();

}  // namespace cowork
