#include "file_lock.h"

#include <sys/file.h>
#include <time.h>

#include <algorithm>
#include <optional>

#include "file_contents.h"
#include "path_rules.h"

namespace cowork::ports {
namespace {

using Steady = std::chrono::steady_clock;

class DescriptorLock final : public FileLock {
 public:
  DescriptorLock(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  // Unlocked by name, not by closing: a child forked meanwhile may still hold a copy of the descriptor.
  ~DescriptorLock() override {
    uninterrupted([this] { return ::flock(file_.get(), LOCK_UN); });
  }
  DescriptorLock(const DescriptorLock&) = delete;
  DescriptorLock& operator=(const DescriptorLock&) = delete;

  Result<std::string> read() const override { return read_all(file_.get(), 0, max_lock_bytes, path_); }

  Result<void> write(std::string_view bytes) override {
    if (bytes.size() > max_lock_bytes) return fail(larger_than(path_, max_lock_bytes));
    int error_number = write_all_at_start(file_.get(), bytes);
    if (error_number == 0) error_number = cut_to(static_cast<off_t>(bytes.size()));
    if (error_number != 0) return fail(failed(error_number, "write", path_));
    return {};
  }

 private:
  /// 0 or an errno. Cutting would be a change to the file system's journal also where there is nothing to cut off.
  int cut_to(off_t size) {
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) return errno;
    if (status.st_size == size) return 0;
    return uninterrupted([&] { return ::ftruncate(file_.get(), size); }) == 0 ? 0 : errno;
  }

  Descriptor file_;
  std::string path_;
};

Result<Descriptor> open_lock_file(const Parent& parent) {
  constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  Descriptor file(uninterrupted([&] { return ::openat(parent.directory, parent.name.c_str(), flags, 0600); }));
  if (!file.valid()) {
    if (errno == ELOOP) return fail(link_refused(parent.path));
    if (errno == EISDIR || errno == ENXIO) return fail(not_regular(parent.path));
    return fail(failed(errno, "lock", parent.path));
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(failed(errno, "lock", parent.path));
  if (!S_ISREG(status.st_mode)) return fail(not_regular(parent.path));
  return file;
}

/// Whether the name still means the file that was locked: who locks a file that was exchanged excludes nobody.
bool still_in_place(const Parent& parent, int file) {
  struct stat locked {};
  struct stat there {};
  return ::fstat(file, &locked) == 0 &&
         ::fstatat(parent.directory, parent.name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
         locked.st_dev == there.st_dev && locked.st_ino == there.st_ino;
}

void back_off(std::chrono::microseconds pause) {
  const timespec time{0, static_cast<long>(pause.count()) * 1000};
  ::nanosleep(&time, nullptr);  // cut short by a signal: one look earlier
}

/// Once: the lock, nothing when it is taken, or an error.
Result<std::optional<Descriptor>> try_lock(const Parent& parent) {
  COWORK_ASSIGN(Descriptor file, open_lock_file(parent));
  if (uninterrupted([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK) return fail(failed(errno, "lock", parent.path));
    return std::nullopt;
  }
  if (!still_in_place(parent, file.get())) return std::nullopt;
  return std::optional(std::move(file));
}

}  // namespace

Result<std::unique_ptr<FileLock>> take_file_lock(const Parent& parent, std::chrono::milliseconds wait) {
  const auto begin = Steady::now();
  std::chrono::microseconds pause{100};
  for (;;) {
    COWORK_ASSIGN(std::optional<Descriptor> file, try_lock(parent));
    if (file) return std::unique_ptr<FileLock>(std::make_unique<DescriptorLock>(std::move(*file), parent.path));
    if (Steady::now() - begin >= wait) return fail(still_locked(parent.path, wait.count()));
    back_off(pause);
    pause = std::min<std::chrono::microseconds>(2 * pause, std::chrono::milliseconds(10));
  }
}

}  // namespace cowork::ports
