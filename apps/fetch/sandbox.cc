#include "sandbox.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace cowork::fetch {
namespace {

// git has children of its own, which only the group's number reaches.
void kill_group(int) {
  ::kill(0, SIGKILL);
  ::_exit(EXIT_FAILURE);  // a parser may not kill
}

}  // namespace

Result<void> end_with_parent() {
  if (::getpgrp() != ::getpid() && ::setpgid(0, 0) != 0) return fail(Error::from_errno(errno, "make a process group"));
  struct sigaction action {};
  action.sa_handler = &kill_group;
  ::sigemptyset(&action.sa_mask);
  if (::sigaction(SIGTERM, &action, nullptr) != 0 || ::prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
    return fail(Error::from_errno(errno, "watch the parent"));
  return {};
}

void limit_memory(std::uint64_t bytes) {
  static_cast<void>(sandbox::limit(RLIMIT_AS, bytes));
}

Result<Confinement> enter_sandbox(const SandboxPlan& plan) {
  COWORK_TRY(sandbox::give_up_privileges());
  if (!sandbox::limit(RLIMIT_CORE, 0) || !sandbox::limit(RLIMIT_FSIZE, plan.file_bytes))
    return fail(Error::from_errno(errno, "limit the process"));
  if (!sandbox::is_sanitized) limit_memory(plan.memory_bytes);
  Confinement confinement;
  COWORK_ASSIGN(confinement.files, confine_files(plan));
  COWORK_ASSIGN(confinement.system_calls, confine_system_calls());
  return confinement;
}

}  // namespace cowork::fetch
