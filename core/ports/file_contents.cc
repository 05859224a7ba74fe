#include "file_contents.h"

#include <algorithm>

#include "beneath.h"
#include "descriptor.h"
#include "path_rules.h"

namespace cowork::ports {
namespace {

constexpr std::size_t least_read = 4096;
constexpr std::size_t no_limit = SIZE_MAX / 4;

}  // namespace

Result<std::string> read_all(int descriptor, std::size_t expected, std::size_t max_bytes, std::string_view path) {
  const std::size_t most = std::min(max_bytes, no_limit);
  if (expected > most) return fail(larger_than(path, max_bytes));
  std::string bytes;
  std::size_t filled = 0;
  for (;;) {
    // One byte more than wanted, so that the end is seen without another round.
    if (filled == bytes.size()) bytes.resize(std::min(std::max({expected + 1, 2 * filled, least_read}), most + 1));
    const ssize_t got = uninterrupted(
        [&] { return ::pread(descriptor, bytes.data() + filled, bytes.size() - filled, static_cast<off_t>(filled)); });
    if (got < 0) return fail(failed(errno, "read", path));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled > most) return fail(larger_than(path, max_bytes));
  }
  bytes.resize(filled);
  return bytes;
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
