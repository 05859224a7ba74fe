// How the process of a pack ended. Private to loaders/isolated.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cowork/base/error.h"
#include "cowork/loaders/child_process.h"

namespace cowork::loaders {

struct ProcessEnd {
  /// asked: the host wanted it so. refused: the pack said why it does not start. crashed: all else.
  enum class Kind { asked, refused, crashed };
  Kind kind = Kind::asked;
  std::string what;            ///< "its process was killed by signal SIGSEGV"
  std::optional<Error> error;  ///< what calls fail with, where it is another than internal with `what`
  bool before_start = false;   ///< the pack had not answered that it runs
};

/// For a process that closed its connection: waits up to `patience` for its own end, then ends it.
std::string closed_in_words(ChildProcess& process, std::chrono::milliseconds patience);

}  // namespace cowork::loaders
