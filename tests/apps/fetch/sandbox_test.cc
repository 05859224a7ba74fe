// What a process can't do any more. Each question is asked in a child, since there is no way back.
#include "sandbox.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <iostream>

#include "support/catch.h"
#include "support/temporary_directory.h"

using namespace cowork;
using namespace cowork::fetch;

namespace {

constexpr int absent = 77;

/// The exit status of a child that does this.
int in_child(const std::function<int()>& action) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(action());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/// 0 when it can be opened, else the errno.
int opened(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  return descriptor < 0 ? errno : 0;
}

/// True when the kernel has no such thing, which is said.
bool is_skipped(int status, const char* what) {
  if (status != absent) return false;
  std::cout << "SKIPPED: this kernel has no " << what << std::endl;
  return true;
}

struct Places {
  Places() {
    scratch.make_directory("inside");
    outside.write("secret", "x");
    outside.write("ca.pem", "x");
  }
  SandboxPlan plan() const { return {scratch.path(), {outside.path("ca.pem"), ""}, 8ULL << 30U, 1U << 20U}; }
  cowork::test::TemporaryDirectory scratch;
  cowork::test::TemporaryDirectory outside;
};

}  // namespace

TEST_CASE("files: only the scratch directory can be written, only the system's files can be read") {
  const Places places;
  struct Case {
    std::string path;
    int flags;
    int answer;
  };
  const Case table[] = {
      {places.scratch.path("inside/new"), O_WRONLY | O_CREAT, 0},
      {"/dev/null", O_RDWR, 0},
      {"/usr/bin/env", O_RDONLY, 0},
      {"/etc/passwd", O_RDONLY, 0},
      {places.outside.path("ca.pem"), O_RDONLY, 0},
      {places.outside.path("ca.pem"), O_WRONLY, EACCES},
      {places.outside.path("new"), O_WRONLY | O_CREAT, EACCES},
      {places.outside.path("secret"), O_RDONLY, EACCES},
      {places.outside.path("secret"), O_WRONLY | O_TRUNC, EACCES},
      {"/etc/passwd", O_WRONLY, EACCES},
      {"/proc/self/environ", O_RDONLY, EACCES},
  };
  for (const auto& [path, flags, answer] : table) {
    INFO(path << " " << flags);
    const int status = in_child([&, &path = path, &flags = flags] {
      const auto confinement = enter_sandbox(places.plan());
      return !confinement ? 1 : confinement->files ? opened(path, flags) : absent;
    });
    if (is_skipped(status, "Landlock")) return;
    CHECK(status == answer);
  }
}

TEST_CASE("system calls that a fetch has no need of answer EPERM") {
  const Places places;
  const std::pair<const char*, std::function<long()>> table[] = {
      {"ptrace", [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
      {"unshare", [] { return ::syscall(SYS_unshare, 0); }},
      {"clone with a user namespace", [] { return ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr); }},
      {"bpf", [] { return ::syscall(SYS_bpf, 0, nullptr, 0); }},
      {"keyctl", [] { return ::syscall(SYS_keyctl, 0, 0); }},
      {"io_uring_setup", [] { return ::syscall(SYS_io_uring_setup, 1, nullptr); }},
      {"userfaultfd", [] { return ::syscall(SYS_userfaultfd, 0); }},
      {"process_vm_readv", [] { return ::syscall(SYS_process_vm_readv, ::getpid(), nullptr, 0, nullptr, 0, 0); }},
  };
  for (const auto& [name, call] : table) {
    INFO(name);
    const int status = in_child([&, &call = call] {
      const auto confinement = enter_sandbox(places.plan());
      if (!confinement) return 1;
      if (!confinement->system_calls) return absent;
      return call() == -1 ? errno : 0;
    });
    if (is_skipped(status, "seccomp")) return;
    CHECK(status == EPERM);
  }
}

TEST_CASE("a parser can neither connect nor start a program") {
  const Places places;
  const std::pair<const char*, std::function<long()>> table[] = {
      {"socket", [] { return static_cast<long>(::socket(AF_INET, SOCK_STREAM, 0)); }},
      {"execve", [] { return ::syscall(SYS_execve, "/bin/true", nullptr, nullptr); }},
      {"kill", [] { return static_cast<long>(::kill(::getppid(), 0)); }},
  };
  for (const auto& [name, call] : table) {
    INFO(name);
    const int status = in_child([&, &call = call] {
      if (!enter_sandbox(places.plan())) return 1;
      if (!enter_parser_sandbox()) return absent;
      return call() == -1 ? errno : 0;
    });
    if (is_skipped(status, "seccomp")) return;
    CHECK(status == EPERM);
  }
}

TEST_CASE("limits hold for what is written, and no core is dumped") {
  const Places places;
  const int status = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    if (!enter_sandbox(places.plan())) return 1;
    rlimit core{};
    ::getrlimit(RLIMIT_CORE, &core);
    if (core.rlim_max != 0) return 2;
    const int file = ::open(places.scratch.path("inside/file").c_str(), O_WRONLY | O_CREAT, 0600);
    const std::string megabyte(1U << 20U, 'x');
    if (::write(file, megabyte.data(), megabyte.size()) != static_cast<ssize_t>(megabyte.size())) return 3;
    return ::write(file, "x", 1) == -1 ? errno : 0;
  });
  CHECK(status == EFBIG);
}
