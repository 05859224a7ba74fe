// The fetch program as a child in a process group of its own. Private to loaders/fetch.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include "cowork/base/result.h"

namespace cowork::loaders {

/// One owned file descriptor.
class OwnedDescriptor {
 public:
  explicit OwnedDescriptor(int descriptor = -1) noexcept : descriptor_(descriptor) {}
  OwnedDescriptor(OwnedDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~OwnedDescriptor() { close(); }
  int get() const noexcept { return descriptor_; }
  bool is_open() const noexcept { return descriptor_ >= 0; }
  void close() noexcept;

 private:
  int descriptor_;
};

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

  OwnedDescriptor input;   ///< a socket
  OwnedDescriptor output;  ///< non-blocking, as the next
  OwnedDescriptor errors;

 private:
  ChildProcess() = default;
  pid_t pid_ = -1;
};

}  // namespace cowork::loaders
