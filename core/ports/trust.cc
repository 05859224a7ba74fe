#include "trust.h"

#include <fmt/format.h>

#include "path_rules.h"
#include "real_disk.h"

namespace cowork {
namespace {

constexpr std::uint32_t writable_by_others = 0022;

Trust distrust(std::string reason) {
  return {false, std::move(reason)};
}

}  // namespace

// Entries of a POSIX ACL that let somebody write show up as the group's bits, so the mode tells of them too.
Trust trust_of(const FileStatus& status, std::string_view what) {
  if (is_trusted(status)) return {true, {}};
  const std::string name = ports::named(what);
  if (status.kind == FileKind::link) return distrust(name + " is a link");
  if (status.owner != 0) return distrust(fmt::format("{} belongs to user {}, not to root", name, status.owner));
  return distrust(fmt::format("{} is writable by others than root (mode {:04o})", name, status.mode));
}

bool is_trusted(const FileStatus& status) noexcept {
  return status.kind != FileKind::link && status.owner == 0 && (status.mode & writable_by_others) == 0;
}

namespace ports {

Trust trust_of_ancestor(FileStatus status, std::string_view what) {
  if ((status.mode & S_ISVTX) != 0) status.mode &= ~writable_by_others;
  return trust_of(status, what);
}

Trust RealDisk::trust_of_directory(std::string_view path) const {
  const auto canonical = canonical_path(path);
  if (!canonical) return distrust(canonical.error().message());
  constexpr int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Descriptor current(uninterrupted([] { return ::open("/", flags); }));
  std::string reached = "/";
  std::string_view rest = std::string_view(*canonical).substr(1);
  for (;;) {
    struct stat status {};
    if (!current.valid() || ::fstat(current.get(), &status) != 0) {
      return distrust((errno == ENOTDIR ? not_directory(reached) : failed(errno, "open", reached)).message());
    }
    const FileStatus found = to_file_status(status);
    if (rest.empty()) return trust_of(found, reached);
    if (Trust trust = trust_of_ancestor(found, reached); !trust.trusted) return trust;
    const auto [step, below] = split_first(rest);
    const std::string name(step);
    reached = joined(reached, name);
    current = Descriptor(uninterrupted([&] { return ::openat(current.get(), name.c_str(), flags); }));
    rest = below;
  }
}

}  // namespace ports
}  // namespace cowork
