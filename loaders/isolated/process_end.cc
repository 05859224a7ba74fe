#include "process_end.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace cowork::loaders {
namespace {

/// Whether it ends by itself, which leaves its status.
bool ends(const ChildProcess& process, std::chrono::milliseconds patience) {
  const Descriptor descriptor(static_cast<int>(::syscall(SYS_pidfd_open, process.pid(), 0)));
  pollfd end{descriptor.get(), POLLIN, 0};
  return descriptor.is_open() && ::poll(&end, 1, static_cast<int>(patience.count())) == 1;
}

}  // namespace

std::string closed_in_words(ChildProcess& process, std::chrono::milliseconds patience) {
  const bool ended = ends(process, patience);
  const int status = process.end();
  if (!ended || status < 0) return "its process closed its connection";
  if (WIFEXITED(status)) return fmt::format("its process ended with status {}", WEXITSTATUS(status));
  const char* name = ::sigabbrev_np(WTERMSIG(status));
  if (WTERMSIG(status) == SIGXCPU) return "its process used more processor time than it may (signal SIGXCPU)";
  return name != nullptr ? fmt::format("its process was killed by signal SIG{}", name)
                         : fmt::format("its process was killed by signal {}", WTERMSIG(status));
}

}  // namespace cowork::loaders
