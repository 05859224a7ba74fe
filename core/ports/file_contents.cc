#include "file_contents.h"

#include <algorithm>

#include "beneath.h"
#include "descriptor.h"
#include "path_rules.h"

namespace cowork::ports {
namespace {

constexpr std::size_t least_read = 4096;
constexpr std::size_t no_limit = SIZE_MAX / 4;

/// `room(size, filled)` makes room for `size` bytes, of which `filled` stay. The number of bytes read.
template <class Room>
Result<std::size_t> read_to_end(int descriptor, std::size_t expected, std::size_t max_bytes, std::string_view path,
                                Room room) {
  const std::size_t most = std::min(max_bytes, no_limit);
  if (expected > most) return fail(larger_than(path, max_bytes));
  std::size_t size = 0, filled = 0;
  char* bytes = nullptr;
  for (;;) {
    // One byte more than wanted, so that the end is seen without another round.
    if (filled == size) {
      size = std::min(std::max({expected + 1, 2 * filled, least_read}), most + 1);
      bytes = room(size, filled);
    }
    const ssize_t got =
        uninterrupted([&] { return ::pread(descriptor, bytes + filled, size - filled, static_cast<off_t>(filled)); });
    if (got < 0) return fail(failed(errno, "read", path));
    if (got == 0) return filled;
    filled += static_cast<std::size_t>(got);
    if (filled > most) return fail(larger_than(path, max_bytes));
    // Less than was asked for, and all that there should be: the end.
    if (filled == expected && filled < size) return filled;
  }
}

}  // namespace

Result<std::string> read_all(int descriptor, std::size_t expected, std::size_t max_bytes, std::string_view path) {
  std::string bytes;
  COWORK_ASSIGN(const std::size_t filled,
                read_to_end(descriptor, expected, max_bytes, path, [&](std::size_t size, std::size_t) {
                  bytes.resize(size);
                  return bytes.data();
                }));
  bytes.resize(filled);
  return bytes;
}

Result<void> read_all(int descriptor, std::size_t expected, std::size_t max_bytes, std::string_view path,
                      FileBuffer& buffer) {
  COWORK_ASSIGN(const std::size_t filled,
                read_to_end(descriptor, expected, max_bytes, path,
                            [&](std::size_t size, std::size_t kept) { return buffer.room(size, kept); }));
  buffer.keep(filled);
  return {};
}

int write_all(int descriptor, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = uninterrupted([&] { return ::write(descriptor, bytes.data(), bytes.size()); });
    if (written < 0) return errno;
    if (written == 0) return EIO;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int write_all_at_start(int descriptor, std::string_view bytes) noexcept {
  for (off_t offset = 0; !bytes.empty();) {
    const ssize_t written = uninterrupted([&] { return ::pwrite(descriptor, bytes.data(), bytes.size(), offset); });
    if (written < 0) return errno;
    if (written == 0) return EIO;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
  return 0;
}

int give_mode(int descriptor, mode_t mode) noexcept {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return errno;
  if ((status.st_mode & 0777U) == (mode & 0777U)) return 0;
  // setgid of a directory comes from the one above it and stays.
  const mode_t wanted = (status.st_mode & 07000U) | (mode & 0777U);
  return uninterrupted([&] { return ::fchmod(descriptor, wanted); }) == 0 ? 0 : errno;
}

}  // namespace cowork::ports
