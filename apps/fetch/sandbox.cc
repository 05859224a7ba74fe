#include "sandbox.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace cowork::fetch {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif
#else
constexpr bool is_sanitized = false;
#endif

// git has children of its own, which only the group's number reaches.
void kill_group(int) {
  ::kill(0, SIGKILL);
  ::_exit(EXIT_FAILURE);  // a parser may not kill
}

bool limit(__rlimit_resource resource, std::uint64_t most) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return false;
  const rlim_t lowered = std::min<rlim_t>(now.rlim_max, most);
  const rlimit wanted{lowered, lowered};
  return ::setrlimit(resource, &wanted) == 0;
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
  static_cast<void>(limit(RLIMIT_AS, bytes));
}

Result<Confinement> enter_sandbox(const SandboxPlan& plan) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail(Error::from_errno(errno, "give up privileges"));
  if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_FSIZE, plan.file_bytes))
    return fail(Error::from_errno(errno, "limit the process"));
  if (!is_sanitized) limit_memory(plan.memory_bytes);
  Confinement confinement;
  COWORK_ASSIGN(confinement.files, confine_files(plan));
  COWORK_ASSIGN(confinement.system_calls, confine_system_calls());
  return confinement;
}

}  // namespace cowork::fetch
