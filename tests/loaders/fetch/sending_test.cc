// What the kernel may answer to whoever writes a request. Each answer is asked for in a child, where it stays.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstddef>
#include <iostream>

#include "fake_program.h"

using namespace cowork;
using namespace cowork::loaders;
using namespace cowork::loaders::test;

namespace {

constexpr int absent = 77;

/// From now on the kernel answers `fault` to whoever sends.
bool refuse_sending(int fault) {
  sock_filter program[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_sendto},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(fault)},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog filter{std::size(program), program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/// The exit status of a child that fetches where sending is answered so: 0 when the fetch went well.
int fetch_in_child(FakeFetch& fetch, int fault) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(!refuse_sending(fault) ? absent : fetch.run() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("a request that can't be written, now or ever, does not keep the program from answering") {
  struct Case {
    int fault;
    std::string script;
  };
  const Case table[] = {
      // Nobody reads any more: its input ends, as it sees when it reads on.
      {EPIPE, "read\nsend output"},
      {ECONNRESET, "read\nsend output"},
      // Later, perhaps: its input stays open.
      {EAGAIN, "send output\nread"},
      {EINTR, "send output\nread"},
  };
  for (const auto& [fault, script] : table) {
    INFO(fault);
    FakeFetch fetch(script, done_line);
    const int status = fetch_in_child(fetch, fault);
    if (status == absent) {
      std::cout << "SKIPPED: this kernel has no seccomp" << std::endl;
      return;
    }
    CHECK(status == 0);
  }
}
