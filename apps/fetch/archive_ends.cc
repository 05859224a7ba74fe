#include "archive_ends.h"

#include <algorithm>

namespace cowork::fetch {
namespace {

constexpr std::size_t tar_block = 512;
constexpr std::size_t end_record_bytes = 22;
constexpr std::size_t longest_comment = 0xffff;
constexpr std::string_view end_record_mark{"PK\x05\x06", 4};

std::size_t comment_length(std::string_view record) {
  return static_cast<unsigned char>(record[20]) | static_cast<std::size_t>(static_cast<unsigned char>(record[21]))
                                                      << 8U;
}

}  // namespace

bool has_tar_end(std::string_view archive, std::uint64_t entries_end) {
  if (entries_end > archive.size() || archive.size() % tar_block != 0) return false;
  const std::string_view rest = archive.substr(entries_end);
  return rest.size() >= 2 * tar_block && rest.find_first_not_of('\0') == std::string_view::npos;
}

bool has_zip_end(std::string_view archive) {
  const std::size_t most = std::min(archive.size(), end_record_bytes + longest_comment);
  for (std::size_t back = end_record_bytes; back <= most; ++back) {
    const std::string_view record = archive.substr(archive.size() - back);
    if (record.starts_with(end_record_mark) && comment_length(record) == back - end_record_bytes) return true;
  }
  return false;
}

}  // namespace cowork::fetch
