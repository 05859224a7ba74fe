// What every refusal on the command line has in common.
#pragma once

#include <string>

#include "support/command_line.h"

namespace cowork::test {

struct Refusal {
  int status = 0;
  std::string code;
  std::string begins;  ///< how the message begins
};

/// Runs the command twice, for people and for programs, and checks: the exit status; the three lines on stderr with
/// nothing on stdout; the error document; the disk as it was. The document's `error` comes back, for more questions.
json::Value check_refused(const CommandLine& cli, const Arguments& command, const Refusal& expected);

/// The same for `cowork call OPERATION PARAMETERS`.
json::Value check_call_refused(const CommandLine& cli, const std::string& operation, const std::string& parameters,
                               const Refusal& expected);

}  // namespace cowork::test
