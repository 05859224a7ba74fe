// seccomp: system calls that are refused answer EPERM.
#include <asm/ioctls.h>
#include <asm/sockios.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <span>
#include <string>

#include "cowork/sandbox/confinement.h"
#include "refused_calls.h"

namespace cowork::sandbox {
namespace {

struct Release {
  void operator()(void* filter) const noexcept { ::seccomp_release(filter); }
};

#if defined(__s390__)
constexpr unsigned flags_argument = 1;
#else
constexpr unsigned flags_argument = 0;
#endif

// A filter compares 64 bits. Of what the kernel takes as an int or an unsigned one it must look at these alone, or any
// bit above them passes it by.
constexpr scmp_datum_t bits_of_int = 0xffffffff;

// Linux 5.14; the build machine's headers may be older.
constexpr std::uint32_t share_a_core = 62;  // PR_SCHED_CORE

// Who is sent SIGIO, or any other signal in its place: the kernel sends it, so no filter of kill() sees it.
constexpr std::uint32_t owners_by_fcntl[] = {F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY};
constexpr std::uint32_t owners_by_ioctl[] = {FIOSETOWN, SIOCSPGRP, FIOASYNC, TIOCSTI};
constexpr std::uint32_t attributes_by_ioctl[] = {static_cast<std::uint32_t>(FS_IOC_SETFLAGS),
                                                 static_cast<std::uint32_t>(FS_IOC_FSSETXATTR)};
// The signal that comes with the parent's death is not given up.
constexpr std::uint32_t bonds_by_prctl[] = {PR_SET_PDEATHSIG, share_a_core};

using Filter = std::unique_ptr<void, Release>;

Error not_confined(std::string why) {
  return Error::io("system calls can't be taken from this program").with_why(std::move(why));
}

/// Asked of the kernel itself: libseccomp tells some of its answers as others.
Result<bool> kernel_has_filters() {
  // A kernel that has them looks for the filter, which is nowhere.
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, nullptr, 0, 0) == -1 && errno == EFAULT) return true;
  if (errno == EINVAL || errno == ENOSYS) return false;
  return fail(not_confined(Error::from_errno(errno, "ask for filters of system calls").message()));
}

/// A new user namespace would bring back what was given up. clone3 has its flags in memory, where no filter can look;
/// without it the C library goes back to clone. 0 or libseccomp's fault.
int refuse_namespaces(const Filter& filter) {
  constexpr std::uint64_t namespaces[] = {CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,   CLONE_NEWNET,
                                          CLONE_NEWUTS,  CLONE_NEWIPC, CLONE_NEWCGROUP};
  for (const std::uint64_t flag : namespaces) {
    const scmp_arg_cmp has_flag{flags_argument, SCMP_CMP_MASKED_EQ, flag, flag};
    const int fault = ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &has_flag);
    if (fault != 0) return fault;
  }
  return ::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

int refuse_by_name(const Filter& filter, std::span<const Call> calls) {
  for (const Call& call : calls) {
    int number = ::seccomp_syscall_resolve_name(call.name);
    if (number == __NR_SCMP_ERROR) number = call.number;
    // Other numbers below zero stand for calls that this machine does not have.
    if (number < 0) continue;
    if (const int fault = ::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), number, 0); fault != 0) return fault;
  }
  return 0;
}

/// Of a call that does many things, those whose number is its `argument`.
int refuse_commands(const Filter& filter, int call, unsigned argument, std::span<const std::uint32_t> commands) {
  for (const std::uint32_t command : commands) {
    const scmp_arg_cmp is_command{argument, SCMP_CMP_MASKED_EQ, bits_of_int, command};
    const int fault = ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 1, &is_command);
    if (fault != 0) return fault;
  }
  return 0;
}

/// Threads are clones too, and stay allowed.
int refuse_processes(const Filter& filter) {
  const scmp_arg_cmp is_no_thread{flags_argument, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0};
  const int fault = ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &is_no_thread);
  return fault != 0 ? fault : refuse_by_name(filter, starting);
}

/// abort() sends its own process a signal. Both numbers are compared as 64 bits: more of them are refused, not less.
int refuse_others_by_number(const Filter& filter) {
  const scmp_arg_cmp is_another{0, SCMP_CMP_NE, static_cast<scmp_datum_t>(::getpid()), 0};
  const int fault = ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1, &is_another);
  if (fault != 0) return fault;
  const scmp_arg_cmp is_named{0, SCMP_CMP_NE, 0, 0};
  return ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 1, &is_named);
}

int refuse_others(const Filter& filter) {
  int fault = refuse_others_by_number(filter);
  if (fault == 0) fault = refuse_by_name(filter, others);
  if (fault == 0) fault = refuse_commands(filter, SCMP_SYS(fcntl), 1, owners_by_fcntl);
  if (fault == 0) fault = refuse_commands(filter, SCMP_SYS(ioctl), 1, owners_by_ioctl);
  if (fault == 0) fault = refuse_commands(filter, SCMP_SYS(prctl), 0, bonds_by_prctl);
  return fault;
}

int refuse_attributes(const Filter& filter) {
  const int fault = refuse_by_name(filter, attributes);
  return fault != 0 ? fault : refuse_commands(filter, SCMP_SYS(ioctl), 1, attributes_by_ioctl);
}

int refuse_all(const Filter& filter, const CallPlan& plan) {
  int fault = refuse_namespaces(filter);
  if (fault == 0) fault = refuse_by_name(filter, administration);
  if (fault == 0 && plan.no_processes) fault = refuse_processes(filter);
  if (fault == 0 && plan.no_connections) fault = refuse_by_name(filter, connecting);
  if (fault == 0 && plan.alone) fault = refuse_others(filter);
  if (fault == 0 && plan.no_attributes) fault = refuse_attributes(filter);
  if (fault == 0 && plan.no_uncounted_memory) fault = refuse_by_name(filter, uncounted_memory);
  return fault;
}

}  // namespace

Result<bool> refuse_system_calls(const CallPlan& plan) {
  COWORK_ASSIGN(const bool has_filters, kernel_has_filters());
  if (!has_filters) return false;
  const Filter filter(::seccomp_init(SCMP_ACT_ALLOW));
  if (!filter || refuse_all(filter, plan) != 0) return fail(not_confined("libseccomp does not make the filter"));
  if (::seccomp_load(filter.get()) != 0) return fail(not_confined("the kernel does not take the filter"));
  return true;
}

}  // namespace cowork::sandbox
