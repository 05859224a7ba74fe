#include "real_disk.h"

#include <boost/filesystem/operations.hpp>
#include <cstdlib>

#include "durable_write.h"
#include "file_contents.h"
#include "path_rules.h"
#include "real_directory.h"

namespace cowork::ports {
namespace {

namespace files = boost::filesystem;

constexpr int attempts = 4;  // at a path whose links change while they are resolved

struct FreeMemory {
  void operator()(char* memory) const noexcept { std::free(memory); }
};

Error cannot_open(int error_number, std::string_view path) {
  if (error_number == ENOTDIR) return not_directory(path);
  if (error_number == ENOENT) {
    struct stat status {};
    const std::string terminated(path);
    if (::lstat(terminated.c_str(), &status) == 0 && S_ISLNK(status.st_mode)) return link_to_nothing(path);
  }
  return failed(error_number, "open", path);
}

/// The next directory down, made when it is missing.
Descriptor enter_or_make(int above, const std::string& name, mode_t mode) {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const auto enter = [&] { return ::openat(above, name.c_str(), flags); };
  // Ancestors may be searchable without being readable.
  const auto pass = [&] { return ::openat(above, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); };
  Descriptor entered(uninterrupted(enter));
  if (!entered.valid() && errno == EACCES) return Descriptor(uninterrupted(pass));
  if (entered.valid() || errno != ENOENT) return entered;
  if (::mkdirat(above, name.c_str(), mode) != 0) {
    if (errno != EEXIST) return {};
    return Descriptor(uninterrupted(enter));
  }
  entered = Descriptor(uninterrupted(enter));
  if (!entered.valid()) return entered;
  int error_number = give_mode(entered.get(), mode);
  // What is saved in it later is no safer than its name. An ancestor that can't be read can't be synced.
  if (error_number == 0) error_number = sync_descriptor(above);
  if (error_number == 0 || error_number == EBADF) return entered;
  ::unlinkat(above, name.c_str(), AT_REMOVEDIR);
  errno = error_number;
  return {};
}

}  // namespace

// realpath(3), not boost::filesystem::canonical(): that takes ENOTDIR for an absence and keeps a slash at the end.
Result<std::string> canonical_path(std::string_view path) {
  COWORK_TRY(check_absolute(path));
  const std::unique_ptr<char, FreeMemory> canonical(::realpath(std::string(path).c_str(), nullptr));
  if (!canonical) return fail(cannot_open(errno, path));
  return std::string(canonical.get());
}

/// The text is resolved first and then opened without a single link, so that path() is where the descriptor really is.
Result<std::shared_ptr<Directory>> RealDisk::open(std::string_view path) const {
  int error_number = 0;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    COWORK_ASSIGN(std::string canonical, canonical_path(path));
    Descriptor opened = open_canonical(canonical, O_RDONLY, resolver_);
    if (opened.valid()) {
      return std::make_shared<RealDirectory>(std::move(opened), std::move(canonical), resolver_);
    }
    error_number = errno;
    if (error_number != ELOOP && error_number != ENOTDIR) break;
  }
  return fail(cannot_open(error_number, path));
}

Result<std::shared_ptr<Directory>> RealDisk::open_or_make(std::string_view path, std::uint32_t mode) {
  COWORK_TRY(check_absolute(path));
  boost::system::error_code code;
  const files::path target = files::weakly_canonical(files::path(path.begin(), path.end()), code);
  if (code) return fail(cannot_open(code.value(), path));
  Descriptor current(uninterrupted([] { return ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  std::string reached = "/";
  for (const files::path& step : target.relative_path()) {
    if (!current.valid()) break;
    if (step.empty() || step == ".") continue;
    reached = joined(reached, step.string());
    current = enter_or_make(current.get(), step.string(), mode & 0700U);
  }
  if (!current.valid()) {
    const int error_number = errno;
    struct stat status {};
    if (::lstat(reached.c_str(), &status) == 0 && S_ISLNK(status.st_mode)) return fail(link_refused(reached));
    if (error_number == ENOTDIR || error_number == EEXIST) return fail(not_directory(reached));
    return fail(failed(error_number, "make", reached));
  }
  return open(reached);
}

}  // namespace cowork::ports

namespace cowork {

std::shared_ptr<Disk> make_real_disk() {
  return std::make_shared<ports::RealDisk>(ports::Resolver::automatic);
}

}  // namespace cowork
