// Writing files so that after a crash they hold the old or the new content, never a mixture (HOSTILE.md, "Durable
// write").
#pragma once

#include <string_view>

#include "beneath.h"

namespace cowork::ports {

/// Makes a file that must not exist; on failure nothing of it stays.
Result<void> write_new_file(const Parent& parent, std::string_view bytes, mode_t mode);
/// Puts `bytes` in the place of a regular file or of nothing; on failure it holds what it held.
Result<void> replace_file(const Parent& parent, std::string_view bytes, mode_t mode);
/// Appends, making the file when it is missing, and syncs. On failure a part may have been appended.
Result<void> append_to_file(const Beneath& beneath, std::string_view relative, std::string_view bytes, mode_t mode);
Result<void> truncate_file(const Beneath& beneath, std::string_view relative, std::uint64_t size);

/// fsync(2); 0 or an errno.
int sync_descriptor(int descriptor) noexcept;

}  // namespace cowork::ports
