// Whether an archive is all there: libarchive takes some that were cut for complete ones.
#pragma once

#include <cstdint>
#include <string_view>

namespace cowork::fetch {

/// Whether behind `entries_end` come two blocks of zeros, and nothing but zeros to the end, in whole blocks.
bool has_tar_end(std::string_view archive, std::uint64_t entries_end);

}  // namespace cowork::fetch
