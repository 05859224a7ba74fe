#include "token.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "cowork/base/text.h"
#include "cowork/loaders/descriptor.h"

namespace cowork::fetch {
namespace {

constexpr std::size_t longest_token = 4096;
constexpr mode_t open_to_others = S_IRWXO | S_IWGRP;

Error unusable(const std::string& path, std::string why) {
  return Error::io("the token file " + quoted(path) + " can't be used").with_why(std::move(why));
}

}  // namespace

Result<std::string> read_token(const std::string& path) {
  if (path.empty()) return std::string();
  // O_NONBLOCK: a FIFO must not be waited for.
  const loaders::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0)
    return fail(unusable(path, Error::from_errno(errno, "open it").message()));
  if (!S_ISREG(status.st_mode)) return fail(unusable(path, "it is no regular file"));
  if ((status.st_mode & open_to_others) != 0)
    return fail(unusable(path, "others may read or write it").with_remedy("chmod 600 " + shell_word(path)));
  std::array<char, longest_token + 2> buffer;
  const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
  if (got < 0) return fail(unusable(path, Error::from_errno(errno, "read it").message()));
  std::string token(buffer.data(), static_cast<std::size_t>(got));
  if (token.ends_with('\n')) token.pop_back();
  const bool visible = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (token.empty() || token.size() > longest_token || !visible)
    return fail(unusable(path, "it does not hold one line of visible ASCII characters"));
  return token;
}

}  // namespace cowork::fetch
