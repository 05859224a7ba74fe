// The help texts: examples first, at most 80 columns.
#pragma once

#include <string>

#include "command_tree.h"
#include "terminal.h"

namespace cowork::cli {

/// The help of `app`, the program itself or one of its verbs.
std::string help_text(const CommandTree& tree, const CLI::App& app, const Styler& styler);

/// "cowork pack enable [OPTIONS] PACK".
std::string usage_line(const CommandTree& tree, const CLI::App& app);

}  // namespace cowork::cli
