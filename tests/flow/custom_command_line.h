// The command line over a host with interceptors of a test's own.
#pragma once

#include <functional>
#include <string>

#include "standard_home.h"

namespace cowork::test {

struct CustomRan {
  int status = -1;
  std::string words;  ///< stdout, then stderr
};

/// Runs `cowork ARGUMENTS` in this process, over a host that `customize` has had.
CustomRan run_with(const StandardHome& home, const std::function<void(HostBuilder&)>& customize,
                   const Arguments& arguments);

}  // namespace cowork::test
