#include "directory_rules.h"

#include <sys/stat.h>
#include <unistd.h>

#include "cowork/base/text.h"

namespace cowork::server {

Result<void> check_directory(const std::string& path, std::uint32_t owner, std::uint32_t mode) {
  constexpr std::string_view why = "who can replace what stands there can answer in the server's place";
  if (owner != ::geteuid() && owner != 0)
    return fail(Error::invalid_argument("the directory " + quoted(path) + " belongs to user " + std::to_string(owner))
                    .with_why(std::string(why))
                    .with_remedy("choose a directory of your own"));
  if ((mode & 022) != 0 && (mode & S_ISVTX) == 0)
    return fail(Error::invalid_argument("others may write in " + quoted(path))
                    .with_why(std::string(why))
                    .with_remedy("chmod go-w " + shell_word(printable(path))));
  return {};
}

}  // namespace cowork::server
