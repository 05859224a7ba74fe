#include "cowork/loaders/descriptor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace cowork::loaders {
namespace {

Result<void> lift(Descriptor& end) {
  if (end.get() > STDERR_FILENO) return {};
  Descriptor above(::fcntl(end.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!above.is_open()) return fail(Error::from_errno(errno, "set up a pipe"));
  end = std::move(above);
  return {};
}

Result<Pipe> lifted(const std::array<int, 2>& ends) {
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  COWORK_TRY(lift(pipe.read));
  COWORK_TRY(lift(pipe.write));
  return pipe;
}

}  // namespace

void Descriptor::close() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Error::from_errno(errno, "make a pipe"));
  return lifted(ends);
}

Result<Pipe> make_socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return fail(Error::from_errno(errno, "make a pair of sockets"));
  return lifted(ends);
}

}  // namespace cowork::loaders
