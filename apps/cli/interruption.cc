#include "interruption.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace cowork::cli {
namespace {

constexpr std::array<int, 3> signals{SIGINT, SIGTERM, SIGHUP};
constexpr char stop_byte = 's';
constexpr char end_byte = 'e';

std::atomic<int> write_end{-1};
static_assert(std::atomic<int>::is_always_lock_free);

/// A handler may do little more than write: the rest is the waiting thread's.
extern "C" void on_signal(int signal) {
  const int error = errno;
  const int end = write_end.exchange(-1);
  if (end < 0 || ::write(end, &stop_byte, 1) != 1) {
    ::signal(signal, SIG_DFL);
    ::raise(signal);
  }
  errno = error;
}

}  // namespace

Interruption::Interruption() {
  if (::pipe2(pipe_, O_CLOEXEC) != 0) return;  // then signals do what they always did
  waiting_ = std::thread([this] {
    char byte = 0;
    ssize_t count = 0;
    do {
      count = ::read(pipe_[0], &byte, 1);
    } while (count < 0 && errno == EINTR);
    if (byte == stop_byte) source_.request_stop();
  });
  write_end = pipe_[1];
  struct sigaction action = {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    ::sigaction(signals[i], nullptr, &before_[i]);
    // What was to be ignored (nohup) stays ignored.
    if (before_[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &action, nullptr);
  }
}

Interruption::~Interruption() {
  if (pipe_[0] < 0) return;
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
  write_end = -1;
  if (::write(pipe_[1], &end_byte, 1) == 1) waiting_.join();
  ::close(pipe_[0]);
  ::close(pipe_[1]);
}

}  // namespace cowork::cli
