// What a program of ours can give up before it touches anything foreign: shared by those that the host starts.
//
// Threads: call these while there is one. There is no way back. Errors: io, where the kernel has the means and they
// can't be applied.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cowork/base/result.h"

namespace cowork::sandbox {

// Sanitizers reserve terabytes of address space.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif
#else
inline constexpr bool is_sanitized = false;
#endif

/// No new privileges, by no program that is started either.
Result<void> give_up_privileges();

/// Lowers one of setrlimit(2)'s limits, soft and hard; one that is lower already stays. False: it was refused.
bool limit(int resource, std::uint64_t most) noexcept;

/// Places that do not exist are passed over; all that is not named can't be opened any more.
struct FilePlan {
  std::vector<std::string> writable;  ///< directories, with everything in them
  std::vector<std::string> programs;  ///< may be read and executed
  std::vector<std::string> readable;  ///< may be read; empty ones are passed over
};
/// By Landlock, which from Linux 6.12 on keeps signals from processes outside, too. Whether the kernel has it.
[[nodiscard]] Result<bool> confine_files(const FilePlan& plan);

/// What is refused besides namespaces, tracing, and all that administers a machine.
struct CallPlan {
  bool no_processes = false;    ///< no programs and no forks; threads are no processes
  bool no_connections = false;  ///< no sockets but those that are open
  bool alone = false;           ///< no signals, limits and priorities for other processes, no memory shared with them
  bool no_attributes = false;   ///< no modes, owners, times and extended attributes of files, no watching of them
  bool no_uncounted_memory = false;  ///< no files in memory
};
/// By seccomp: what is refused answers EPERM. Whether the kernel has it.
[[nodiscard]] Result<bool> refuse_system_calls(const CallPlan& plan);

}  // namespace cowork::sandbox
