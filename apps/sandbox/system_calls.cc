// seccomp: system calls that are refused answer EPERM.
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

namespace cowork::sandbox {
namespace {

struct Release {
  void operator()(void* filter) const noexcept { ::seccomp_release(filter); }
};

// By name: a call that this libseccomp does not know is one that it can't refuse.
constexpr const char* of_no_program[] = {
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_getfd",
    "mount",
    "umount",
    "umount2",
    "mount_setattr",
    "move_mount",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "open_tree",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "bpf",
    "keyctl",
    "add_key",
    "request_key",
    "kexec_load",
    "kexec_file_load",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "userfaultfd",
    "perf_event_open",
    "init_module",
    "finit_module",
    "delete_module",
    "reboot",
    "swapon",
    "swapoff",
    "acct",
    "quotactl",
    "quotactl_fd",
    "settimeofday",
    "clock_settime",
    "adjtimex",
    "clock_adjtime",
    "sethostname",
    "setdomainname",
    "iopl",
    "ioperm",
    "personality",
    "name_to_handle_at",
    "open_by_handle_at",
    "lookup_dcookie",
    "syslog",
    "vhangup",
    "nfsservctl",
    "kcmp",
    "fanotify_init",
    "mknod",
    "mknodat",
    "move_pages",
    "migrate_pages",
};

constexpr const char* of_starting[] = {"execve", "execveat", "fork", "vfork"};

constexpr const char* of_connecting[] = {"socket", "socketpair", "connect", "bind",    "listen",
                                         "accept", "accept4",    "sendto",  "sendmsg", "sendmmsg"};

// What reaches other processes of the same user.
constexpr const char* of_others[] = {"kill",
                                     "tkill",
                                     "rt_sigqueueinfo",
                                     "rt_tgsigqueueinfo",
                                     "pidfd_open",
                                     "pidfd_send_signal",
                                     "setsid",
                                     "setpgid",
                                     "shmget",
                                     "msgget",
                                     "semget",
                                     "mq_open",
                                     "sched_setscheduler",
                                     "setpriority"};

#if defined(__s390__)
constexpr unsigned flags_argument = 1;
#else
constexpr unsigned flags_argument = 0;
#endif

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

int refuse_by_name(const Filter& filter, std::span<const char* const> names) {
  for (const char* name : names) {
    const int number = ::seccomp_syscall_resolve_name(name);
    // Numbers below zero stand for calls that this machine does not have.
    if (number == __NR_SCMP_ERROR || number < 0) continue;
    if (const int fault = ::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), number, 0); fault != 0) return fault;
  }
  return 0;
}

/// Threads are clones too, and stay allowed.
int refuse_processes(const Filter& filter) {
  const scmp_arg_cmp is_no_thread{flags_argument, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0};
  const int fault = ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &is_no_thread);
  return fault != 0 ? fault : refuse_by_name(filter, of_starting);
}

/// abort() sends its own process a signal.
int refuse_others(const Filter& filter) {
  const scmp_arg_cmp is_another{0, SCMP_CMP_NE, static_cast<scmp_datum_t>(::getpid()), 0};
  const int fault = ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1, &is_another);
  if (fault != 0) return fault;
  const scmp_arg_cmp is_named{0, SCMP_CMP_NE, 0, 0};
  const int limits = ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 1, &is_named);
  return limits != 0 ? limits : refuse_by_name(filter, of_others);
}

/// The signal that comes with the parent's death is not given up.
int refuse_orphanage(const Filter& filter) {
  const scmp_arg_cmp is_death{0, SCMP_CMP_EQ, PR_SET_PDEATHSIG, 0};
  return ::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 1, &is_death);
}

int refuse_all(const Filter& filter, const CallPlan& plan) {
  int fault = refuse_namespaces(filter);
  if (fault == 0) fault = refuse_by_name(filter, of_no_program);
  if (fault == 0 && plan.no_processes) fault = refuse_processes(filter);
  if (fault == 0 && plan.no_connections) fault = refuse_by_name(filter, of_connecting);
  if (fault == 0 && plan.alone) fault = refuse_others(filter);
  if (fault == 0 && plan.alone) fault = refuse_orphanage(filter);
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
