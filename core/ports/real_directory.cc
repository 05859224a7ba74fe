#include "real_directory.h"

#include <cstdio>

#include "durable_write.h"
#include "file_contents.h"
#include "file_lock.h"
#include "path_rules.h"
#include "tree_removal.h"

namespace cowork::ports {
namespace {

/// Both parents, each once. 0 or an errno.
int sync_parents(const Parent& a, const Parent& b) {
  const int error_number = sync_descriptor(a.directory);
  if (error_number != 0 || a.directory == b.directory) return error_number;
  return sync_descriptor(b.directory);
}

int rename_between(const Parent& from, const Parent& to, unsigned flags) {
  return uninterrupted(
      [&] { return ::renameat2(from.directory, from.name.c_str(), to.directory, to.name.c_str(), flags); });
}

}  // namespace

Result<std::vector<DirectoryEntry>> RealDirectory::entries() const {
  return list_directory(beneath_.descriptor(), path());
}

Result<FileStatus> RealDirectory::status(std::string_view relative) const {
  struct stat status {};
  if (relative.empty()) {
    if (::fstat(beneath_.descriptor(), &status) != 0) return fail(failed(errno, "look at", path()));
    return to_file_status(status);
  }
  if (relative.find('/') == std::string_view::npos) return identity(relative);
  COWORK_ASSIGN(const Parent parent, beneath_.parent(relative, "look at"));
  if (::fstatat(parent.directory, parent.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return fail(failed(errno, "look at", parent.path));
  }
  return to_file_status(status);
}

Result<FileStatus> RealDirectory::identity(std::string_view relative) const {
  struct stat status {};
  COWORK_TRY(check_relative(relative, path()));
  if (::fstatat(beneath_.descriptor(), std::string(relative).c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return fail(failed(errno, "look at", joined(path(), relative)));
  return to_file_status(status);
}

Result<std::string> RealDirectory::read(std::string_view relative, std::size_t max_bytes,
                                        FileStatus* status_out) const {
  struct stat status {};
  COWORK_ASSIGN(const Descriptor file, beneath_.open_regular(relative, O_RDONLY, "read", status));
  // As it was before the read: a file written in place meanwhile then differs from its status, not the other way round.
  if (status_out != nullptr) *status_out = to_file_status(status);
  return read_all(file.get(), static_cast<std::size_t>(status.st_size), max_bytes, joined(path(), relative));
}

Result<std::string_view> RealDirectory::read_into(FileBuffer& buffer, std::string_view relative, std::size_t max_bytes,
                                                  FileStatus* status_out) const {
  struct stat status {};
  COWORK_ASSIGN(const Descriptor file, beneath_.open_regular(relative, O_RDONLY, "read", status));
  if (status_out != nullptr) *status_out = to_file_status(status);
  COWORK_TRY(
      read_all(file.get(), static_cast<std::size_t>(status.st_size), max_bytes, joined(path(), relative), buffer));
  return buffer.view();
}

Result<std::shared_ptr<Directory>> RealDirectory::directory(std::string_view relative) const {
  COWORK_ASSIGN(Descriptor opened, beneath_.open(relative, O_RDONLY | O_DIRECTORY, 0, "open"));
  return std::make_shared<RealDirectory>(std::move(opened), joined(path(), relative), beneath_.resolver());
}

Result<void> RealDirectory::make_directory(std::string_view relative, std::uint32_t mode) {
  COWORK_ASSIGN(const Parent parent, beneath_.parent(relative, "make"));
  if (::mkdirat(parent.directory, parent.name.c_str(), mode & 0777U) != 0) {
    return fail(failed(errno, "make", parent.path));
  }
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor made(uninterrupted([&] { return ::openat(parent.directory, parent.name.c_str(), flags); }));
  // A mode that shuts its own maker out is honoured as far as the umask lets it.
  const int error_number = made.valid() ? give_mode(made.get(), mode) : errno == EACCES ? 0 : errno;
  if (error_number == 0) return {};
  ::unlinkat(parent.directory, parent.name.c_str(), AT_REMOVEDIR);
  return fail(failed(error_number, "make", parent.path));
}

Result<void> RealDirectory::write_new(std::string_view relative, std::string_view bytes, std::uint32_t mode) {
  COWORK_ASSIGN(const Parent parent, beneath_.parent(relative, "make"));
  return write_new_file(parent, bytes, mode);
}

Result<void> RealDirectory::replace(std::string_view name, std::string_view bytes, std::uint32_t mode) {
  COWORK_ASSIGN(const Parent parent, beneath_.parent(name, "replace"));
  return replace_file(parent, bytes, mode);
}

Result<void> RealDirectory::append(std::string_view name, std::string_view bytes, std::uint32_t mode) {
  return append_to_file(beneath_, name, bytes, mode);
}

Result<void> RealDirectory::truncate(std::string_view name, std::uint64_t size) {
  return truncate_file(beneath_, name, size);
}

Result<void> RealDirectory::rename(std::string_view from, Directory& target, std::string_view to, RenameMode mode) {
  const auto* there = dynamic_cast<const RealDirectory*>(&target);
  if (there == nullptr) return fail(foreign_directory(target.path()));
  COWORK_ASSIGN(const Parent source, beneath_.parent(from, "rename"));
  COWORK_ASSIGN(const Parent destination, there->beneath_.parent(to, "rename to"));
  const unsigned flags = mode == RenameMode::exchange ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (rename_between(source, destination, flags) != 0) {
    return fail(rename_failed(errno, source.path, destination.path));
  }
  const int error_number = sync_parents(source, destination);
  if (error_number == 0) return {};
  rename_between(destination, source, flags);  // what may not last is not reported as done
  return fail(rename_failed(error_number, source.path, destination.path));
}

Result<void> RealDirectory::remove(std::string_view relative) {
  COWORK_ASSIGN(const Parent parent, beneath_.parent(relative, "remove"));
  return remove_tree(parent);
}

Result<void> RealDirectory::sync() {
  const int error_number = sync_descriptor(beneath_.descriptor());
  if (error_number != 0) return fail(failed(error_number, "sync", path()));
  return {};
}

Result<std::unique_ptr<FileLock>> RealDirectory::lock(std::string_view name, std::chrono::milliseconds wait) {
  COWORK_ASSIGN(const Parent parent, beneath_.parent(name, "lock"));
  return take_file_lock(parent, wait);
}

}  // namespace cowork::ports
