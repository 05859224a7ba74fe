// Owned file descriptors and pairs of them, for both sides of a process that the host starts.
#pragma once

#include <utility>

#include "cowork/base/result.h"

namespace cowork::loaders {

/// Threads: one owner.
class Descriptor {
 public:
  explicit Descriptor(int descriptor = -1) noexcept : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Descriptor() { close(); }
  int get() const noexcept { return descriptor_; }
  bool is_open() const noexcept { return descriptor_ >= 0; }
  void close() noexcept;

 private:
  int descriptor_;
};

/// Both ends are closed in programs that are started, and lie above the standard streams, which may be closed in this
/// process and are written over in a child.
struct Pipe {
  Descriptor read;
  Descriptor write;
};

/// Errors: io.
Result<Pipe> make_pipe();
/// Two sockets, so that writing need not end in SIGPIPE. Errors: io.
Result<Pipe> make_socket_pair();

}  // namespace cowork::loaders
