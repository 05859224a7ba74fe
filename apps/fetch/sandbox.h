// What this process gives up before it touches anything foreign.
#pragma once

#include <string>
#include <vector>

#include "cowork/base/result.h"
#include "cowork/loaders/fetcher.h"
#include "cowork/sandbox/confinement.h"

namespace cowork::fetch {

/// What of it this kernel has.
struct Confinement {
  bool files = false;         ///< Landlock
  bool system_calls = false;  ///< seccomp
};

struct SandboxPlan {
  std::string scratch;                ///< the one directory that may be written to
  std::vector<std::string> readable;  ///< files besides those of the system; empty ones are passed over
  std::uint64_t memory_bytes = 0;     ///< address space
  std::uint64_t file_bytes = 0;       ///< of one file that is written
};

/// The process ends with its parent, and with it everything in its process group, of which it becomes the leader.
/// Errors: io.
Result<void> end_with_parent();

/// For this process and all that it starts: no new privileges, no core dumps, limits, files of the system readable and
/// only `scratch` writable, no system calls that a fetch has no need of. Where the kernel has no Landlock or no seccomp
/// the rest still holds; where it has them and they can't be applied, that is an error. Errors: io.
[[nodiscard]] Result<Confinement> enter_sandbox(const SandboxPlan& plan);

/// Once nothing more has to be fetched: no connections, no programs, no processes. Whether the kernel has seccomp.
/// Errors: io (it has, and the filter can't be applied).
[[nodiscard]] Result<bool> enter_parser_sandbox();

/// As enter_sandbox limits it; for processes that it starts where this one itself goes without (sanitizers reserve
/// terabytes).
void limit_memory(std::uint64_t bytes);

// The parts, each in a file of its own; whether the kernel has it. Errors: io.
[[nodiscard]] Result<bool> confine_files(const SandboxPlan& plan);
[[nodiscard]] Result<bool> confine_system_calls();

}  // namespace cowork::fetch
