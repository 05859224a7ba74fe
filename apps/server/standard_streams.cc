#include "standard_streams.h"

#include <limits.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace cowork::server {
namespace {

/// False when `stop` was asked for first.
bool wait_until_ready(int descriptor, short events, int stop) noexcept {
  std::array<pollfd, 2> entries{{{descriptor, events, 0}, {stop, POLLIN, 0}}};
  while (::poll(entries.data(), entries.size(), -1) < 0 && errno == EINTR) {
  }
  return entries[1].revents == 0;
}

/// -1 on an error, and when `stop` was asked for.
ssize_t read_some(int descriptor, char* bytes, std::size_t size, int stop) noexcept {
  for (;;) {
    if (!wait_until_ready(descriptor, POLLIN, stop)) return -1;
    const ssize_t count = ::read(descriptor, bytes, size);
    if (count >= 0 || (errno != EINTR && errno != EAGAIN)) return count;
  }
}

bool write_all(int descriptor, const char* bytes, std::size_t size, int stop) noexcept {
  while (size > 0) {
    if (!wait_until_ready(descriptor, POLLOUT, stop)) return false;
    // A pipe that is ready takes this much without making us wait.
    const ssize_t count = ::write(descriptor, bytes, std::min<std::size_t>(size, PIPE_BUF));
    if (count < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (count <= 0) continue;
    bytes += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

void copy(int from, int to, int stop) noexcept {
  std::array<char, 65536> bytes;
  for (;;) {
    const ssize_t count = read_some(from, bytes.data(), bytes.size(), stop);
    if (count <= 0 || !write_all(to, bytes.data(), static_cast<std::size_t>(count), stop)) return;
  }
}

/// A pipe whose reader has gone is an error to us, not an end of the process.
void block_pipe_signal() noexcept {
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
}

void ask(int eventfd) noexcept {
  const std::uint64_t one = 1;
  if (eventfd >= 0 && ::write(eventfd, &one, sizeof one) < 0) return;
}

}  // namespace

Result<StandardStreams> StandardStreams::start(int input, int output) {
  StandardStreams streams;
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return fail(Error::from_errno(errno, "make a socket pair"));
  streams.theirs_ = ends[0];
  const int ours = streams.ours_ = ends[1];
  const int input_ended = streams.input_ended_ = ::eventfd(0, EFD_CLOEXEC);
  const int output_ended = streams.output_ended_ = ::eventfd(0, EFD_CLOEXEC);
  if (input_ended < 0 || output_ended < 0) return fail(Error::from_errno(errno, "make an eventfd"));
  streams.input_ = std::thread([=] {
    block_pipe_signal();
    copy(input, ours, input_ended);
    ::shutdown(ours, SHUT_WR);
  });
  std::promise<void> output_over;
  streams.output_over_ = output_over.get_future();
  streams.output_ = std::thread([=, over = std::move(output_over)]() mutable {
    block_pipe_signal();
    copy(ours, output, output_ended);
    // Nobody reads any more: to the connection its peer has gone.
    ::shutdown(ours, SHUT_RDWR);
    ask(input_ended);
    over.set_value();
  });
  return streams;
}

StandardStreams::StandardStreams(StandardStreams&& other) noexcept
    : theirs_(std::exchange(other.theirs_, -1)),
      ours_(std::exchange(other.ours_, -1)),
      input_ended_(std::exchange(other.input_ended_, -1)),
      output_ended_(std::exchange(other.output_ended_, -1)),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      output_over_(std::move(other.output_over_)) {}

StandardStreams::~StandardStreams() {
  if (theirs_ >= 0) ::close(theirs_);
  stop_input();
  if (output_.joinable()) output_.join();
  if (input_.joinable()) input_.join();
  for (const int descriptor : {ours_, input_ended_, output_ended_})
    if (descriptor >= 0) ::close(descriptor);
}

int StandardStreams::release() noexcept {
  return std::exchange(theirs_, -1);
}

void StandardStreams::stop_input() noexcept {
  ask(input_ended_);
}

void StandardStreams::finish_output(std::chrono::milliseconds patience) noexcept {
  if (output_over_.valid() && output_over_.wait_for(patience) != std::future_status::ready) ask(output_ended_);
}

}  // namespace cowork::server
