// A program of our own as a child in a process group of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "cowork/base/result.h"
#include "cowork/loaders/descriptor.h"

namespace cowork::loaders {

/// What a child starts with. Its environment is its own: PATH, LC_ALL, and an empty HOME.
struct ChildPlan {
  struct Connection {
    int here;   ///< a descriptor of this process, which stays open here
    int there;  ///< its number in the child
  };
  std::string program;                  ///< absolute: a relative path would be looked up from `directory`
  std::string directory;                ///< where it starts
  std::vector<Connection> connections;  ///< all other descriptors are closed in the child
};

/// Threads: one owner. When it is destroyed its whole process group is killed and the child is reaped.
class ChildProcess {
 public:
  /// Errors: io, whose why() says what the system said.
  static Result<ChildProcess> start(const ChildPlan& plan);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  /// -1 once it was reaped.
  pid_t pid() const noexcept { return pid_; }
  /// Kills what is left of the group and reaps the child; its status as waitpid(2) gives it, or -1 when somebody else
  /// has reaped it.
  int end() noexcept;

 private:
  ChildProcess() = default;
  pid_t pid_ = -1;
};

}  // namespace cowork::loaders
