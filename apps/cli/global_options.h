// The flags that every verb takes, before or after its name.
#pragma once

#include <string>

namespace cowork::cli {

struct GlobalOptions {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool dry_run = false;
  bool yes = false;
  std::string color = "auto";  ///< `auto`, `always` or `never`
  std::string home;            ///< empty: the host's own choice
  std::string builtin;         ///< empty: the host's own choice
};

}  // namespace cowork::cli
