// What is wrong with a command line, with a suggestion where something similar exists.
#pragma once

#include <string>
#include <vector>

#include "command_tree.h"
#include "cowork/base/error.h"

namespace cowork::cli {

/// The verb (or group) that the arguments reached.
const CLI::App& reached(const CLI::App& root);

/// What no option and no argument of the reached verb took.
struct Leftovers {
  std::vector<std::string> options;  ///< begin with "-" and stand before any "--"
  std::vector<std::string> words;
};
Leftovers leftovers(const CommandTree& tree, const std::vector<std::string>& arguments);

Error unknown_option(const CommandTree& tree, const CLI::App& app, const std::string& option);
Error unknown_verb(const CommandTree& tree, const CLI::App& group, const std::string& word);
/// `message` about `app`, with its usage and its help as the next step.
Error wrong_usage(const CommandTree& tree, const CLI::App& app, std::string message);

}  // namespace cowork::cli
