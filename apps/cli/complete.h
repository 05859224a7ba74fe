// `cowork __complete`: what the shells' completion asks. Hidden, and never fails: no candidates is an answer.
//
//   cowork __complete packs|skills|operations      names, one a line
//   cowork __complete line WORD...                 what fits in place of the last WORD, "candidate<TAB>about" a line;
//                                                  ":files" and ":directories" ask the shell for paths
#pragma once

#include <string>
#include <vector>

#include "client.h"
#include "terminal.h"

namespace cowork::cli {

/// Returns the exit status: 0, or 2 for a kind that does not exist.
int complete(const std::vector<std::string>& arguments, Terminal& terminal, const ClientFactory& factory);

}  // namespace cowork::cli
