// seccomp: system calls that a fetch has no need of answer EPERM.
#include <sched.h>
#include <seccomp.h>

#include <cerrno>
#include <memory>
#include <span>

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

/// A new user namespace would bring back what was given up. clone3 has its flags in memory, where no filter can look;
/// without it the C library goes back to clone.
bool refuse_namespaces(const Filter& filter) {
#if defined(__s390__)
  constexpr unsigned flags_argument = 1;
#else
  constexpr unsigned flags_argument = 0;
#endif
  constexpr std::uint64_t namespaces[] = {CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,   CLONE_NEWNET,
                                          CLONE_NEWUTS,  CLONE_NEWIPC, CLONE_NEWCGROUP};
  for (const std::uint64_t flag : namespaces) {
    const scmp_arg_cmp has_flag{flags_argument, SCMP_CMP_MASKED_EQ, flag, flag};
    if (::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &has_flag) != 0) return false;
  }
  return ::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

bool refuse(std::span<const char* const> names) {
  const Filter filter(::seccomp_init(SCMP_ACT_ALLOW));
  if (!filter || !refuse_namespaces(filter)) return false;
  for (const char* name : names) {
    const int number = ::seccomp_syscall_resolve_name(name);
    // Numbers below zero stand for calls that this machine does not have.
    if (number == __NR_SCMP_ERROR || number < 0) continue;
    if (::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), number, 0) != 0) return false;
  }
  return ::seccomp_load(filter.get()) == 0;
}

}  // namespace

bool confine_system_calls() {
  return refuse(of_no_fetch);
}

bool enter_parser_sandbox() {
  return refuse(of_no_parser);
}

}  // namespace cowork::fetch
