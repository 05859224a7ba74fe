#include "cowork/loaders/sealed_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace cowork::loaders {
namespace {

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Error failed(int error_number, const std::string& name) {
  return Error::io(Error::from_errno(error_number, "copy the library of " + name + " into memory").message());
}

}  // namespace

Result<SealedFile> SealedFile::make(const std::string& name, std::string_view bytes) {
  SealedFile file(::memfd_create(("cowork-pack-" + name).c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (file.descriptor_ < 0) return fail(failed(errno, name));
  if (const int error_number = write_all(file.descriptor_, bytes); error_number != 0) {
    return fail(failed(error_number, name));
  }
  constexpr int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (::fcntl(file.descriptor_, F_ADD_SEALS, seals) != 0) return fail(failed(errno, name));
  return file;
}

SealedFile::SealedFile(SealedFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

SealedFile::~SealedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string SealedFile::path() const {
  return "/proc/self/fd/" + std::to_string(descriptor_);
}

}  // namespace cowork::loaders
