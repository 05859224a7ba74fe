#include "local_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <istream>
#include <system_error>

#include "cowork/base/text.h"

namespace cowork::cli {
namespace {

namespace fs = std::filesystem;

Error too_large(const std::string& path, std::size_t max_bytes) {
  return Error::invalid_argument(cowork::quoted(path) + " is larger than " + std::to_string(max_bytes) + " bytes");
}

Result<std::string> read_stream(std::istream& input, std::size_t max_bytes) {
  std::string bytes;
  char buffer[4096];
  while (input.read(buffer, sizeof buffer) || input.gcount() > 0) {
    bytes.append(buffer, static_cast<std::size_t>(input.gcount()));
    if (bytes.size() > max_bytes) return fail(too_large("standard input", max_bytes));
  }
  return bytes;
}

/// Closes what it holds.
struct OpenFile {
  int descriptor;
  ~OpenFile() {
    if (descriptor >= 0) ::close(descriptor);
  }
};

}  // namespace

Result<std::string> absolute_path(std::string_view path) {
  std::error_code error;
  const fs::path whole = fs::absolute(fs::path(path), error);
  if (error) return fail(Error::from_errno(error.value(), "find the working directory"));
  if (std::any_of(whole.begin(), whole.end(), [](const fs::path& step) { return step == ".."; })) {
    const fs::path real = fs::canonical(whole, error);
    if (!error) return real.string();
  }
  std::string text = whole.lexically_normal().string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

Result<std::string> read_input(const std::string& path, std::istream& input, std::size_t max_bytes) {
  if (path == "-") return read_stream(input, max_bytes);
  const OpenFile file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.descriptor < 0) return fail(Error::from_errno(errno, "read " + cowork::quoted(path)));
  std::string bytes;
  char buffer[16384];
  for (;;) {
    const ssize_t count = ::read(file.descriptor, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(Error::from_errno(errno, "read " + cowork::quoted(path)));
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
    if (bytes.size() > max_bytes) return fail(too_large(path, max_bytes));
  }
}

}  // namespace cowork::cli
