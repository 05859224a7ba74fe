// The program: arguments in, exit status out.
#pragma once

#include <string>
#include <vector>

#include "client.h"
#include "terminal.h"

namespace cowork::cli {

/// Runs one command line (without the program's own name) and returns the exit status of SPEC §8. `factory` makes the
/// client with the first call that a verb makes. Never throws; an exception is reported as `internal`.
int run(const std::vector<std::string>& arguments, Terminal& terminal, const ClientFactory& factory);

}  // namespace cowork::cli
