// The fetch program as a child in a process group of its own. Private to loaders/fetch.
#pragma once

#include <sys/types.h>

#include <string>

#include "cowork/base/result.h"
#include "cowork/loaders/descriptor.h"

namespace cowork::loaders {

/// Threads: one owner. When it is destroyed its whole process group is killed and the child is reaped.
class ChildProcess {
 public:
  /// Starts `program` in `directory` with an environment of its own and no descriptor but stdin, stdout and stderr,
  /// whose other ends are the three members below. Errors: io.
  static Result<ChildProcess> start(const std::string& program, const std::string& directory);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  /// Kills what is left of the group and reaps the child; its status as waitpid(2) gives it, or -1 when somebody else
  /// has reaped it.
  int end() noexcept;

  Descriptor input;   ///< a socket
  Descriptor output;  ///< non-blocking, as the next
  Descriptor errors;

 private:
  ChildProcess() = default;
  pid_t pid_ = -1;
};

}  // namespace cowork::loaders
