#include "ca_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "cowork/base/text.h"
#include "cowork/loaders/descriptor.h"

namespace cowork::fetch {
namespace {

constexpr off_t most_bytes = 16 << 20;

}  // namespace

Error unusable_ca_file(const std::string& path, std::string why) {
  return Error::io("the certificate file " + quoted(path) + " can't be used")
      .with_why(std::move(why))
      .with_remedy("name a file of PEM certificates as fetch.caFile in host.json");
}

Result<void> check_ca_file(const std::string& path) {
  if (path.empty()) return {};
  // O_NONBLOCK: a FIFO must not be waited for.
  const loaders::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0)
    return fail(unusable_ca_file(path, Error::from_errno(errno, "open it").message()));
  if (!S_ISREG(status.st_mode)) return fail(unusable_ca_file(path, "it is no regular file"));
  std::string text(static_cast<std::size_t>(std::min<off_t>(status.st_size, most_bytes)), '\0');
  if (const ssize_t got = ::read(file.get(), text.data(), text.size()); got < 0)
    return fail(unusable_ca_file(path, Error::from_errno(errno, "read it").message()));
  if (text.find("CERTIFICATE-----") == std::string::npos)
    return fail(unusable_ca_file(path, "it holds no PEM certificate"));
  return {};
}

}  // namespace cowork::fetch
