#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

#include "cowork/sandbox/confinement.h"

namespace cowork::sandbox {

Result<void> give_up_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) return {};
  return fail(Error::from_errno(errno, "give up privileges"));
}

bool limit(int resource, std::uint64_t most) noexcept {
  const auto which = static_cast<__rlimit_resource>(resource);
  rlimit now{};
  if (::getrlimit(which, &now) != 0) return false;
  const rlim_t lowered = std::min<rlim_t>(now.rlim_max, most);
  const rlimit wanted{lowered, lowered};
  return ::setrlimit(which, &wanted) == 0;
}

}  // namespace cowork::sandbox
