#include "cowork/ports/disk.h"

namespace cowork {

Result<std::string_view> Directory::read_into(FileBuffer& buffer, std::string_view relative, std::size_t max_bytes,
                                              FileStatus* status_out) const {
  COWORK_ASSIGN(const std::string bytes, read(relative, max_bytes, status_out));
  std::copy(bytes.begin(), bytes.end(), buffer.room(bytes.size(), 0));
  buffer.keep(bytes.size());
  return buffer.view();
}

}  // namespace cowork
