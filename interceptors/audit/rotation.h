// The files of a trail: `<name>` is being written, `<name>.1` is the newest of those that are full.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cowork/ports/disk.h"
#include "head.h"
#include "verify.h"

namespace cowork::audit {

/// Numbers of the rotated files, ascending. There may be gaps after a crash.
Result<std::vector<unsigned>> rotated_numbers(const Directory& directory, std::string_view name);

/// All files of the trail, oldest first; the current one is always there, empty when it does not exist.
Result<std::vector<TrailFile>> read_trail(const Directory& directory, std::string_view name,
                                          std::size_t max_file_bytes);

/// Makes room: every file's number goes up by one, the current one becomes `.1`, and what would be beyond `max_files`
/// goes. `head.start` moves first, and `head` is written to `lock` then. Killed at any step, it is completed by the
/// next call.
Result<void> rotate(Directory& directory, std::string_view name, unsigned max_files, std::size_t max_file_bytes,
                    FileLock& lock, Head& head);

}  // namespace cowork::audit
