#include "fetched_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace cowork::fetch {

Result<FetchedFile> FetchedFile::make(const std::string& directory, std::uint64_t most_bytes) {
  const std::string path = directory + "/fetched";
  loaders::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  // Without a name nobody else can open it, and nothing stays of it.
  if (!file.is_open() || ::unlink(path.c_str()) != 0)
    return fail(Error::from_errno(errno, "make a file in the scratch directory"));
  return FetchedFile(std::move(file), most_bytes);
}

FetchedFile::FetchedFile(loaders::Descriptor file, std::uint64_t most_bytes)
    : file_(std::move(file)), most_bytes_(most_bytes) {}

FetchedFile::FetchedFile(FetchedFile&& other) noexcept
    : file_(std::move(other.file_)),
      most_bytes_(other.most_bytes_),
      size_(other.size_),
      hash_(other.hash_),
      mapped_(std::exchange(other.mapped_, nullptr)) {}

FetchedFile::~FetchedFile() {
  if (mapped_) ::munmap(mapped_, size_);
}

Result<void> FetchedFile::append(std::string_view bytes) {
  if (bytes.size() > most_bytes_ - size_)
    return fail(Error::invalid_argument(fmt::format("it is larger than {} bytes", most_bytes_)));
  hash_.take(bytes);
  size_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(Error::from_errno(errno, "write to the scratch directory"));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::string_view> FetchedFile::bytes() {
  if (size_ == 0) return std::string_view();
  if (!mapped_) {
    void* mapped = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file_.get(), 0);
    if (mapped == MAP_FAILED) return fail(Error::from_errno(errno, "map a file of the scratch directory"));
    mapped_ = mapped;
  }
  return std::string_view(static_cast<const char*>(mapped_), size_);
}

}  // namespace cowork::fetch
