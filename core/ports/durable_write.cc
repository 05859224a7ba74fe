#include "durable_write.h"

#include <cstdio>

#include "file_contents.h"
#include "path_rules.h"
#include "temporaries.h"

namespace cowork::ports {
namespace {

constexpr int new_file = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
constexpr int named_attempts = 8;

/// Writes, syncs and closes what was just made under `name`; removes it when that fails. 0 or an errno.
int fill(int directory, const std::string& name, Descriptor made, std::string_view bytes, mode_t mode) {
  int error_number = write_all(made.get(), bytes);
  if (error_number == 0) error_number = give_mode(made.get(), mode);
  if (error_number == 0) error_number = sync_descriptor(made.get());
  const int close_error = made.close();
  if (error_number == 0) error_number = close_error;
  if (error_number != 0) ::unlinkat(directory, name.c_str(), 0);
  return error_number;
}

/// Nothing, a refusal, or whether a regular file is there.
Result<bool> replaceable(const Parent& parent) {
  struct stat status {};
  if (::fstatat(parent.directory, parent.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return false;
    return fail(failed(errno, "replace", parent.path));
  }
  if (S_ISLNK(status.st_mode)) return fail(link_refused(parent.path));
  if (!S_ISREG(status.st_mode)) return fail(not_regular(parent.path));
  return true;
}

/// A new file of a random name in the same directory, filled and synced.
Result<std::string> write_temporary(const Parent& parent, std::string_view bytes, mode_t mode) {
  for (int attempt = 0; attempt < named_attempts; ++attempt) {
    const std::string name = temporary_name();
    Descriptor made(uninterrupted([&] { return ::openat(parent.directory, name.c_str(), new_file, mode & 0600); }));
    if (!made.valid() && errno == EEXIST) continue;
    if (!made.valid()) return fail(failed(errno, "replace", parent.path));
    const int error_number = fill(parent.directory, name, std::move(made), bytes, mode);
    if (error_number != 0) return fail(failed(error_number, "replace", parent.path));
    return name;
  }
  return fail(Error::io("cannot replace " + named(parent.path) + ": no free name for a temporary file"));
}

int rename_in(const Parent& parent, const std::string& from, const std::string& to, unsigned flags) {
  return uninterrupted(
      [&] { return ::renameat2(parent.directory, from.c_str(), parent.directory, to.c_str(), flags); });
}

/// Moves the temporary file over the name and syncs the directory. The old file changes places with the new one instead
/// of vanishing, so that it can come back when the directory cannot be synced, or when it became a link meanwhile.
Result<void> publish(const Parent& parent, const std::string& temporary, bool existed) {
  bool exchanged = existed && rename_in(parent, temporary, parent.name, RENAME_EXCHANGE) == 0;
  if (!exchanged && rename_in(parent, temporary, parent.name, 0) != 0)
    return fail(failed(errno, "replace", parent.path));
  int error_number = sync_descriptor(parent.directory);
  struct stat displaced {};
  const bool alien = exchanged &&
                     ::fstatat(parent.directory, temporary.c_str(), &displaced, AT_SYMLINK_NOFOLLOW) == 0 &&
                     !S_ISREG(displaced.st_mode);
  if (error_number == 0 && !alien) {
    if (exchanged) ::unlinkat(parent.directory, temporary.c_str(), 0);
    return {};
  }
  if (exchanged) {
    rename_in(parent, temporary, parent.name, RENAME_EXCHANGE);
  } else if (!existed) {
    rename_in(parent, parent.name, temporary, 0);
  }
  if (alien) return fail(S_ISLNK(displaced.st_mode) ? link_refused(parent.path) : not_regular(parent.path));
  return fail(failed(error_number, "sync the directory of", parent.path));
}

struct GrowingFile {
  Descriptor file;
  bool made = false;
};

Result<GrowingFile> open_to_append(const Beneath& beneath, const Parent& parent, mode_t mode) {
  const Beneath directory(parent.directory, std::string(split_last(parent.path).first), beneath.resolver());
  struct stat status {};
  for (int attempt = 0; attempt < named_attempts; ++attempt) {
    auto opened = directory.open_regular(parent.name, O_WRONLY | O_APPEND, "append to", status);
    if (opened) return GrowingFile{std::move(*opened), false};
    if (opened.error().code() != ErrorCode::not_found) return fail(std::move(opened).error());
    Descriptor made(uninterrupted(
        [&] { return ::openat(parent.directory, parent.name.c_str(), new_file | O_APPEND, mode & 0777U); }));
    if (!made.valid() && errno == EEXIST) continue;  // somebody else made it first
    if (!made.valid()) return fail(failed(errno, "append to", parent.path));
    if (const int error_number = give_mode(made.get(), mode); error_number != 0) {
      ::unlinkat(parent.directory, parent.name.c_str(), 0);
      return fail(failed(error_number, "append to", parent.path));
    }
    return GrowingFile{std::move(made), true};
  }
  return fail(Error::io("cannot append to " + named(parent.path) + ": it comes and goes"));
}

}  // namespace

int sync_descriptor(int descriptor) noexcept {
  return uninterrupted([&] { return ::fsync(descriptor); }) == 0 ? 0 : errno;
}

Result<void> write_new_file(const Parent& parent, std::string_view bytes, mode_t mode) {
  Descriptor made(
      uninterrupted([&] { return ::openat(parent.directory, parent.name.c_str(), new_file, mode & 0600U); }));
  if (!made.valid()) return fail(failed(errno, "make", parent.path));
  const int error_number = fill(parent.directory, parent.name, std::move(made), bytes, mode);
  if (error_number != 0) return fail(failed(error_number, "write", parent.path));
  return {};
}

Result<void> replace_file(const Parent& parent, std::string_view bytes, mode_t mode) {
  COWORK_ASSIGN(const bool existed, replaceable(parent));
  COWORK_ASSIGN(const Descriptor announced, begin_temporary(parent));
  COWORK_ASSIGN(const std::string temporary, write_temporary(parent, bytes, mode));
  Result<void> published = publish(parent, temporary, existed);
  if (!published) ::unlinkat(parent.directory, temporary.c_str(), 0);
  return published;
}

Result<void> append_to_file(const Beneath& beneath, std::string_view relative, std::string_view bytes, mode_t mode) {
  COWORK_ASSIGN(const Parent parent, beneath.parent(relative, "append to"));
  COWORK_ASSIGN(GrowingFile growing, open_to_append(beneath, parent, mode));
  Descriptor& file = growing.file;
  int error_number = write_all(file.get(), bytes);
  if (error_number == 0 && uninterrupted([&] { return ::fdatasync(file.get()); }) != 0) error_number = errno;
  if (error_number == 0) error_number = file.close();
  if (error_number == 0 && growing.made) error_number = sync_descriptor(parent.directory);
  if (error_number != 0) return fail(failed(error_number, "append to", parent.path));
  return {};
}

Result<void> truncate_file(const Beneath& beneath, std::string_view relative, std::uint64_t size) {
  struct stat status {};
  COWORK_ASSIGN(Descriptor file, beneath.open_regular(relative, O_WRONLY, "cut", status));
  const std::string path = joined(beneath.path(), relative);
  const auto present = static_cast<std::uint64_t>(status.st_size);
  if (size > present) return fail(shorter_than(path, present, size));
  int error_number = 0;
  if (uninterrupted([&] { return ::ftruncate(file.get(), static_cast<off_t>(size)); }) != 0) error_number = errno;
  if (error_number == 0) error_number = sync_descriptor(file.get());
  if (error_number == 0) error_number = file.close();
  if (error_number != 0) return fail(failed(error_number, "cut", path));
  return {};
}

}  // namespace cowork::ports
