#include "cowork/loaders/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

/// What posix_spawn needs to be told, freed at the end.
class SpawnPlan {
 public:
  explicit SpawnPlan(const ChildPlan& plan) : plan_(plan) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    connect();
    confine();
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }

  /// 0 or the errno of what went wrong first.
  int spawn(pid_t& pid) const {
    if (fault_ != 0) return fault_;
    std::string name = plan_.program.substr(plan_.program.rfind('/') + 1);
    std::string path = "PATH=/usr/bin:/bin";
    std::string locale = "LC_ALL=C.UTF-8";
    std::string home = "HOME=";
    std::array<char*, 2> arguments{name.data(), nullptr};
    std::array<char*, 4> environment{path.data(), locale.data(), home.data(), nullptr};
    return ::posix_spawn(&pid, plan_.program.c_str(), &actions_, &attributes_, arguments.data(), environment.data());
  }

 private:
  /// By way of numbers that no child has, so that none is written over before it was copied.
  void connect() {
    for (const auto& [here, there] : plan_.connections) end_ = std::max({end_, there + 1, STDERR_FILENO + 1});
    for (const auto& [here, there] : plan_.connections) {
      Descriptor lifted(::fcntl(here, F_DUPFD_CLOEXEC, end_));
      if (!lifted.is_open()) note(errno);
      note(::posix_spawn_file_actions_adddup2(&actions_, lifted.get(), there));
      lifted_.push_back(std::move(lifted));
    }
  }

  void confine() {
    note(::posix_spawn_file_actions_addclosefrom_np(&actions_, end_));
    note(::posix_spawn_file_actions_addchdir_np(&actions_, plan_.directory.c_str()));
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    note(::posix_spawnattr_setsigmask(&attributes_, &none));
    note(::posix_spawnattr_setsigdefault(&attributes_, &all));
    note(::posix_spawnattr_setpgroup(&attributes_, 0));
    note(::posix_spawnattr_setflags(&attributes_,
                                    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }

  void note(int fault) {
    if (fault_ == 0) fault_ = fault;
  }

  const ChildPlan& plan_;
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
  std::vector<Descriptor> lifted_;
  int end_ = STDERR_FILENO + 1;  // of the child's descriptors
  int fault_ = 0;
};

Error cannot_start(const std::string& program, int fault) {
  return Error::io("cannot start " + quoted(program)).with_why(std::strerror(fault));
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const ChildPlan& plan) {
  if (!plan.program.starts_with('/')) return fail(cannot_start(plan.program, ENOENT));
  const SpawnPlan spawning(plan);
  ChildProcess child;
  if (const int fault = spawning.spawn(child.pid_); fault != 0) {
    child.pid_ = -1;
    return fail(cannot_start(plan.program, fault));
  }
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

ChildProcess::~ChildProcess() {
  end();
}

int ChildProcess::end() noexcept {
  if (pid_ <= 0) return -1;
  const pid_t pid = std::exchange(pid_, -1);
  // Before it is reaped, so that the group's number can't have become somebody else's.
  ::kill(-pid, SIGKILL);
  int status = -1;
  pid_t reaped = -1;
  do reaped = ::waitpid(pid, &status, 0);
  while (reaped < 0 && errno == EINTR);
  return reaped == pid ? status : -1;
}

}  // namespace cowork::loaders
