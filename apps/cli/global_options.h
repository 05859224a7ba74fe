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
  std::string connect;         ///< a server's socket, whose host is used; empty: one in this process

  /// Whether the user said which host to start.
  bool names_a_host() const noexcept { return !home.empty() || !builtin.empty(); }
};

}  // namespace cowork::cli
