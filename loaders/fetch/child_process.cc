#include "child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

/// The host's end only: the child's ends block.
Result<void> never_block(const Descriptor& end) {
  if (::fcntl(end.get(), F_SETFL, O_NONBLOCK) == 0) return {};
  return fail(Error::from_errno(errno, "set up a pipe"));
}

/// What posix_spawn needs to be told, freed at the end.
class SpawnPlan {
 public:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }

  void connect(int descriptor, int to) { note(::posix_spawn_file_actions_adddup2(&actions_, descriptor, to)); }

  void confine(const std::string& directory) {
    note(::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1));
    note(::posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str()));
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

  /// 0 or the errno of what went wrong first.
  int spawn(pid_t& pid, const std::string& program) const {
    if (fault_ != 0) return fault_;
    std::string name = "cowork-fetch";
    std::string path = "PATH=/usr/bin:/bin";
    std::string locale = "LC_ALL=C.UTF-8";
    std::string home = "HOME=";
    std::array<char*, 2> arguments{name.data(), nullptr};
    std::array<char*, 4> environment{path.data(), locale.data(), home.data(), nullptr};
    return ::posix_spawn(&pid, program.c_str(), &actions_, &attributes_, arguments.data(), environment.data());
  }

 private:
  void note(int fault) {
    if (fault_ == 0) fault_ = fault;
  }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
  int fault_ = 0;
};

Error cannot_start(const std::string& program, int fault) {
  return Error::io("cannot start the fetch program " + quoted(program))
      .with_why(std::strerror(fault))
      .with_remedy("install cowork-fetch, or name where it lies in the options of the host");
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::string& program, const std::string& directory) {
  // A relative path would be looked up from the child's directory.
  if (!program.starts_with('/')) return fail(cannot_start(program, ENOENT));
  // For stdin, since SIGPIPE is the application's.
  COWORK_ASSIGN(Pipe input, make_socket_pair());
  COWORK_ASSIGN(Pipe output, make_pipe());
  COWORK_ASSIGN(Pipe errors, make_pipe());
  COWORK_TRY(never_block(output.read));
  COWORK_TRY(never_block(errors.read));
  SpawnPlan plan;
  plan.connect(input.read.get(), STDIN_FILENO);
  plan.connect(output.write.get(), STDOUT_FILENO);
  plan.connect(errors.write.get(), STDERR_FILENO);
  plan.confine(directory);
  ChildProcess child;
  if (const int fault = plan.spawn(child.pid_, program); fault != 0) {
    child.pid_ = -1;
    return fail(cannot_start(program, fault));
  }
  child.input = std::move(input.write);
  child.output = std::move(output.read);
  child.errors = std::move(errors.read);
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : input(std::move(other.input)),
      output(std::move(other.output)),
      errors(std::move(other.errors)),
      pid_(std::exchange(other.pid_, -1)) {}

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
