// One owned file descriptor, and system calls that a signal does not end.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace cowork::ports {

/// Threads: a value of one owner. Releasing keeps errno, so that a failed call can still be reported afterwards.
class Descriptor {
 public:
  Descriptor() noexcept = default;
  explicit Descriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    Descriptor taken(std::move(other));
    std::swap(descriptor_, taken.descriptor_);
    return *this;
  }
  ~Descriptor() {
    const int kept = errno;
    close();
    errno = kept;
  }

  bool valid() const noexcept { return descriptor_ >= 0; }
  int get() const noexcept { return descriptor_; }
  /// Hands the descriptor to another owner.
  int release() noexcept { return std::exchange(descriptor_, -1); }

  /// 0, or the errno of close(2): for writers, whom it may tell of a lost write. Never retried: on Linux the descriptor
  /// is gone after EINTR as well.
  int close() noexcept {
    const int descriptor = std::exchange(descriptor_, -1);
    if (descriptor < 0 || ::close(descriptor) == 0 || errno == EINTR) return 0;
    return errno;
  }

 private:
  int descriptor_ = -1;
};

/// Repeats `call`, which answers -1 with errno, while a signal interrupts it.
template <class Call>
auto uninterrupted(Call call) {
  for (;;) {
    const auto answer = call();
    if (answer != -1 || errno != EINTR) return answer;
  }
}

}  // namespace cowork::ports
