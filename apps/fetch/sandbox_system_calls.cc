// seccomp: system calls that a fetch has no need of answer EPERM.
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>

#include <cerrno>
#include <memory>
#include <span>
#include <string>

#include "sandbox.h"

namespace cowork::fetch {
namespace {

struct Release {
  void operator()(void* filter) const noexcept { ::seccomp_release(filter); }
};

// By name: a call that this libseccomp does not know is one that it can't refuse.
constexpr const char* of_no_fetch[] = {
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

constexpr const char* of_no_parser[] = {
    "socket",   "socketpair", "connect",  "bind", "listen", "accept", "accept4", "sendto",     "sendmsg",
    "sendmmsg", "execve",     "execveat", "fork", "vfork",  "kill",   "tkill",   "pidfd_open", "pidfd_send_signal",
};

using Filter = std::unique_ptr<void, Release>;

Error not_confined(std::string why) {
  return Error::io("system calls can't be taken from the fetch program").with_why(std::move(why));
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
#if defined(__s390__)
  constexpr unsigned flags_argument = 1;
#else
  constexpr unsigned flags_argument = 0;
#endif
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

Result<bool> refuse(std::span<const char* const> names) {
  COWORK_ASSIGN(const bool has_filters, kernel_has_filters());
  if (!has_filters) return false;
  const Filter filter(::seccomp_init(SCMP_ACT_ALLOW));
  if (!filter || refuse_namespaces(filter) != 0 || refuse_by_name(filter, names) != 0)
    return fail(not_confined("libseccomp does not make the filter"));
  if (::seccomp_load(filter.get()) != 0) return fail(not_confined("the kernel does not take the filter"));
  return true;
}

}  // namespace

Result<bool> confine_system_calls() {
  return refuse(of_no_fetch);
}

Result<bool> enter_parser_sandbox() {
  return refuse(of_no_parser);
}

}  // namespace cowork::fetch
