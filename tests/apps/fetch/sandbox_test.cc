// What a process can't do any more. Each question is asked in a child, since there is no way back.
#include "sandbox.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
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

/// From now on the kernel answers `fault` to whoever loads a filter.
bool refuse_filters(std::uint32_t fault) {
  constexpr std::uint16_t load = BPF_LD | BPF_W | BPF_ABS;
  constexpr std::uint16_t is_equal = BPF_JMP | BPF_JEQ | BPF_K;
  sock_filter program[] = {
      {load, 0, 0, offsetof(seccomp_data, nr)},
      {is_equal, 3, 0, SYS_seccomp},
      {is_equal, 0, 3, SYS_prctl},
      {load, 0, 0, offsetof(seccomp_data, args[0])},
      {is_equal, 0, 1, PR_SET_SECCOMP},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | fault},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog filter{std::size(program), program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
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
      const auto entered = enter_parser_sandbox();
      if (!entered) return 1;
      if (!*entered) return absent;
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

TEST_CASE("Landlock keeps signals from processes outside, whatever way they go") {
  const Places places;
  const int status = in_child([&] {
    if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1) < 6) return absent;
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !confine_files(places.plan())) return 1;
    if (::kill(::getpid(), 0) != 0) return 2;
    return ::kill(::getppid(), 0) == -1 ? errno : 0;
  });
  if (!is_skipped(status, "Landlock of Linux 6.12")) CHECK(status == EPERM);
}

TEST_CASE("Landlock that is there and can't be enforced is an error") {
  const Places places;
  const int status = in_child([&] {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 1;
    // A kernel takes 16 layers.
    for (int layer = 0; layer <= 16; ++layer) {
      const auto confined = confine_files(places.plan());
      if (!confined) return confined.error().code() == ErrorCode::io && layer == 16 ? 0 : 2;
      if (!*confined) return layer == 0 ? absent : 4;
    }
    return 3;
  });
  if (!is_skipped(status, "Landlock")) CHECK(status == 0);
}

TEST_CASE("a filter of system calls that the kernel does not take is an error; that it has none is not") {
  const Places places;
  struct Case {
    std::uint32_t fault;
    int answer;
  };
  for (const auto& [fault, answer] : {Case{EPERM, 0}, Case{ENOMEM, 0}, Case{ENOSYS, 10}, Case{EINVAL, 10}}) {
    INFO(fault);
    const int status = in_child([&, fault_to_tell = fault] {
      if (!refuse_filters(fault_to_tell)) return absent;
      const auto entered = enter_sandbox(places.plan());
      const auto parser = enter_parser_sandbox();
      if (entered && parser) return entered->system_calls || *parser ? 1 : 10;
      return !entered && !parser && entered.error().code() == ErrorCode::io && parser.error().code() == ErrorCode::io
                 ? 0
                 : 2;
    });
    if (is_skipped(status, "seccomp")) return;
    CHECK(status == answer);
  }
}
