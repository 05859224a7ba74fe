#include "sandbox.h"

namespace cowork::fetch {
namespace {

// Programs and libraries; certificates, names and how they are looked up. No home directory, nothing of /var but
// certificates, nothing of /proc.
constexpr const char* system_places[] = {"/usr",
                                         "/bin",
                                         "/sbin",
                                         "/lib",
                                         "/lib32",
                                         "/lib64",
                                         "/etc",
                                         "/run/systemd/resolve",
                                         "/run/resolvconf",
                                         "/var/lib/ca-certificates"};

}  // namespace

Result<bool> confine_files(const SandboxPlan& plan) {
  return sandbox::confine_files({{plan.scratch}, {std::begin(system_places), std::end(system_places)}, plan.readable});
}

Result<bool> confine_system_calls() {
  return sandbox::refuse_system_calls({});
}

Result<bool> enter_parser_sandbox() {
  return sandbox::refuse_system_calls({.no_processes = true, .no_connections = true, .alone = true});
}

}  // namespace cowork::fetch
