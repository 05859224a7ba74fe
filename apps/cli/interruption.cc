#include "interruption.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace cowork::cli {
namespace {

constexpr std::array<int, 3> signals{SIGINT, SIGTERM, SIGHUP};
constexpr char stop_byte = 's';
constexpr char end_byte = 'e';

/// One for the process, never closed: a handler may still be about to write when its Interruption is gone.
struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

const Pipe& process_pipe() {
  static const Pipe pipe = [] {
    int ends[2] = {-1, -1};
    return ::pipe2(ends, O_CLOEXEC) == 0 ? Pipe{ends[0], ends[1]} : Pipe{};
  }();
  return pipe;
}

/// Where the next signal writes; -1 when it is to end the process.
std::atomic<int> armed{-1};
static_assert(std::atomic<int>::is_always_lock_free);

/// A handler may do little more than write: the rest is the waiting thread's.
extern "C" void on_signal(int signal) {
  const int error = errno;
  const int end = armed.exchange(-1);
  if (end < 0 || ::write(end, &stop_byte, 1) != 1) {
    ::signal(signal, SIG_DFL);
    ::raise(signal);
  }
  errno = error;
}

ssize_t read_byte(int descriptor, char& byte) {
  ssize_t count = 0;
  do {
    count = ::read(descriptor, &byte, 1);
  } while (count < 0 && errno == EINTR);
  return count;
}

bool write_byte(int descriptor, char byte) {
  ssize_t count = 0;
  do {
    count = ::write(descriptor, &byte, 1);
  } while (count < 0 && errno == EINTR);
  return count == 1;
}

/// Takes out what a handler wrote after the Interruption that it was for.
void drain(int descriptor) {
  pollfd entry{descriptor, POLLIN, 0};
  char byte = 0;
  while (::poll(&entry, 1, 0) > 0 && read_byte(descriptor, byte) == 1) {
  }
}

}  // namespace

Interruption::Interruption() {
  const Pipe& pipe = process_pipe();
  if (pipe.read_end < 0) return;
  drain(pipe.read_end);
  waiting_ = std::thread([this, &pipe] {
    for (char byte = 0; read_byte(pipe.read_end, byte) == 1 && byte != end_byte;) source_.request_stop();
  });
  armed = pipe.write_end;
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
  if (!waiting_.joinable()) return;
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
  armed = -1;
  if (write_byte(process_pipe().write_end, end_byte))
    waiting_.join();
  else
    waiting_.detach();
}

}  // namespace cowork::cli
