// The fetch program as a child, with what is connected to it. Private to loaders/fetch.
#pragma once

#include <string>

#include "cowork/loaders/child_process.h"

namespace cowork::loaders {

/// Threads: one owner.
struct FetchProcess {
  /// Starts `program` in `directory`, with no descriptor but the three whose other ends are members. Errors: io.
  static Result<FetchProcess> start(const std::string& program, const std::string& directory);
  int end() noexcept { return process.end(); }

  ChildProcess process;
  Descriptor input;   ///< a socket
  Descriptor output;  ///< non-blocking, as the next
  Descriptor errors;
};

}  // namespace cowork::loaders
