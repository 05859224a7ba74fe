#include "beneath.h"

#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include "path_rules.h"

namespace cowork::ports {
namespace {

constexpr int directory_only = O_PATH | O_DIRECTORY;

int openat2(int directory, const std::string& relative, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<decltype(how.flags)>(flags);
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, directory, relative.c_str(), &how, sizeof how));
}

Descriptor open_by_component(int directory, std::string_view relative, int flags, mode_t mode) {
  Descriptor above;
  for (;;) {
    const auto [step, rest] = split_first(relative);
    const int from = above.valid() ? above.get() : directory;
    const int how = rest.empty() ? flags : directory_only | O_NOFOLLOW | O_CLOEXEC;
    const std::string name(step);
    Descriptor next(uninterrupted([&] { return ::openat(from, name.c_str(), how, mode); }));
    if (rest.empty() || !next.valid()) return next;
    above = std::move(next);
    relative = rest;
  }
}

/// -1 with errno. `relative` has passed check_relative().
Descriptor open_beneath(int directory, const std::string& relative, int flags, mode_t mode, Resolver resolver) {
  flags |= O_NOFOLLOW | O_CLOEXEC;
  if (resolver == Resolver::automatic) {
    Descriptor opened(uninterrupted([&] { return openat2(directory, relative, flags, mode); }));
    // Old kernels answer ENOSYS, seccomp filters of old containers EPERM, a racing mount or rename EAGAIN.
    if (opened.valid() || (errno != ENOSYS && errno != EPERM && errno != EAGAIN)) return opened;
  }
  return open_by_component(directory, relative, flags, mode);
}

}  // namespace

Error failed(int error_number, std::string_view verb, std::string_view path) {
  return Error::from_errno(error_number, fmt::format("{} {}", verb, named(path)));
}

FileKind kind_of(mode_t mode) noexcept {
  if (S_ISREG(mode)) return FileKind::regular;
  if (S_ISDIR(mode)) return FileKind::directory;
  return S_ISLNK(mode) ? FileKind::link : FileKind::other;
}

FileStatus to_file_status(const struct stat& status) noexcept {
  const auto nanoseconds = [](const timespec& time) {
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
  };
  FileStatus result;
  result.kind = kind_of(status.st_mode);
  result.size = static_cast<std::uint64_t>(status.st_size);
  result.device = status.st_dev;
  result.inode = status.st_ino;
  result.modified_ns = nanoseconds(status.st_mtim);
  result.changed_ns = nanoseconds(status.st_ctim);
  result.mode = status.st_mode & 07777U;
  result.owner = status.st_uid;
  return result;
}

Descriptor open_canonical(const std::string& canonical, int flags, Resolver resolver) {
  const int how = flags | O_DIRECTORY | O_CLOEXEC;
  if (canonical == "/") return Descriptor(uninterrupted([&] { return ::open("/", how); }));
  const Descriptor root(uninterrupted([] { return ::open("/", directory_only | O_CLOEXEC); }));
  if (!root.valid()) return {};
  return open_beneath(root.get(), canonical.substr(1), how, 0, resolver);
}

Result<Descriptor> Beneath::open(std::string_view relative, int flags, mode_t mode, std::string_view verb) const {
  COWORK_TRY(check_relative(relative, path_));
  Descriptor opened = open_beneath(directory_, std::string(relative), flags, mode, resolver_);
  if (!opened.valid()) return fail(refusal(errno, relative, verb));
  return opened;
}

Result<Descriptor> Beneath::open_regular(std::string_view relative, int flags, std::string_view verb,
                                         struct stat& status_out) const {
  COWORK_ASSIGN(Descriptor opened, open(relative, flags | O_NONBLOCK | O_NOCTTY, 0, verb));
  if (::fstat(opened.get(), &status_out) != 0) return fail(failed(errno, verb, joined(path_, relative)));
  if (!S_ISREG(status_out.st_mode)) return fail(not_regular(joined(path_, relative)));
  return opened;
}

Result<Parent> Beneath::parent(std::string_view relative, std::string_view verb) const {
  COWORK_TRY(check_relative(relative, path_));
  const auto [above, name] = split_last(relative);
  Parent parent{{}, directory_, std::string(name), joined(path_, relative)};
  if (above.empty()) return parent;
  parent.opened = open_beneath(directory_, std::string(above), O_RDONLY | O_DIRECTORY, 0, resolver_);
  if (!parent.opened.valid()) {
    const int error_number = errno;
    // What lies above is at fault; of a mere absence the message names the thing that was wanted.
    return fail(refusal(error_number, error_number == ENOENT ? relative : above, verb));
  }
  parent.directory = parent.opened.get();
  return parent;
}

/// ELOOP and ENOTDIR do not say which step was at fault, and openat(2) mixes them up; so the steps are looked at again,
/// for the message only.
Error Beneath::refusal(int error_number, std::string_view relative, std::string_view verb) const {
  const std::string path = joined(path_, relative);
  if (error_number == ENXIO || error_number == EISDIR) return not_regular(path);
  if (error_number != ELOOP && error_number != ENOTDIR) return failed(error_number, verb, path);
  for (std::size_t end = 0; end < relative.size(); ++end) {
    end = std::min(relative.find('/', end), relative.size());
    const std::string step(relative.substr(0, end));
    const Descriptor found = open_by_component(directory_, step, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
    struct stat status {};
    if (!found.valid() || ::fstat(found.get(), &status) != 0) break;
    if (S_ISLNK(status.st_mode)) return link_refused(joined(path_, step));
    if (!S_ISDIR(status.st_mode)) return not_directory(joined(path_, step));
  }
  // Changed since. Not ENOTDIR's not-found: who sees an absence may be permissive.
  return error_number == ENOTDIR ? not_directory(path) : link_refused(path);
}

}  // namespace cowork::ports
