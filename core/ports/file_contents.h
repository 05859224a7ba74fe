// Reading and writing whole files through descriptors: short reads and writes and interruptions end here.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "cowork/base/result.h"
#include "cowork/ports/disk.h"

namespace cowork::ports {

/// Everything that `descriptor` holds from its start; more than `max_bytes` is invalid-argument. `expected` is a first
/// guess of the size (the file may grow or shrink while it is read).
Result<std::string> read_all(int descriptor, std::size_t expected, std::size_t max_bytes, std::string_view path);

/// The same into `buffer`, whose view() it is then.
Result<void> read_all(int descriptor, std::size_t expected, std::size_t max_bytes, std::string_view path,
                      FileBuffer& buffer);

/// 0, or the errno of the write that failed; bytes before it are written.
int write_all(int descriptor, std::string_view bytes) noexcept;
/// The same from the start of the file, wherever its position is.
int write_all_at_start(int descriptor, std::string_view bytes) noexcept;

/// Gives the permission bits of `mode` to what was made with fewer of them, whatever the umask is. 0 or an errno.
int give_mode(int descriptor, mode_t mode) noexcept;

}  // namespace cowork::ports
