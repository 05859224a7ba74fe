#include "archive_ends.h"

namespace cowork::fetch {

bool has_tar_end(std::string_view archive, std::uint64_t entries_end) {
  constexpr std::size_t block = 512;
  if (entries_end > archive.size() || archive.size() % block != 0) return false;
  const std::string_view rest = archive.substr(entries_end);
  return rest.size() >= 2 * block && rest.find_first_not_of('\0') == std::string_view::npos;
}

}  // namespace cowork::fetch
