#include "kernel_support.h"

#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace cowork::loaders {

std::vector<std::string> missing_in_kernel() {
  std::vector<std::string> missing;
  if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1)
    missing.emplace_back("Landlock (files)");
  // A kernel that has filters looks for this one, which is nowhere; nothing is filtered by asking.
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, nullptr, 0, 0) == -1 && (errno == EINVAL || errno == ENOSYS))
    missing.emplace_back("seccomp (system calls)");
  return missing;
}

}  // namespace cowork::loaders
