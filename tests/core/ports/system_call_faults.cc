#include "system_call_faults.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <sys/types.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdlib>

namespace cowork::testing {
namespace {

/// Whether the call fails, with errno set.
bool fails(const char* call) {
  Faults& faults_now = faults();
  if (faults_now.countdown > 0 && --faults_now.countdown == 0) {
    faults_now.failed_call = call;
    errno = faults_now.error_number;
    return true;
  }
  if (faults_now.interrupted_and_short && faults_now.interrupted_calls.insert(call).second) {
    errno = EINTR;
    return true;
  }
  faults_now.interrupted_calls.erase(call);
  return false;
}

std::size_t shortened(std::size_t size) {
  return faults().interrupted_and_short ? std::min<std::size_t>(size, 3) : size;
}

}  // namespace

Faults& faults() {
  static Faults instance;
  return instance;
}

}  // namespace cowork::testing

using cowork::testing::fails;
using cowork::testing::faults;
using cowork::testing::shortened;

extern "C" {

ssize_t __real_write(int descriptor, const void* bytes, std::size_t size);
ssize_t __real_pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset);
int __real_fsync(int descriptor);
int __real_fdatasync(int descriptor);
int __real_ftruncate(int descriptor, off_t size);
int __real_fchmod(int descriptor, mode_t mode);
int __real_mkdirat(int directory, const char* path, mode_t mode);
int __real_renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags);
int __real_openat(int directory, const char* path, int flags, ...);
long __real_syscall(long number, ...);

// Catch2 writes too: only what goes to files counts.
ssize_t __wrap_write(int descriptor, const void* bytes, std::size_t size) {
  if (descriptor <= 2) return __real_write(descriptor, bytes, size);
  return fails("write") ? -1 : __real_write(descriptor, bytes, shortened(size));
}

ssize_t __wrap_pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  return fails("pwrite") ? -1 : __real_pwrite(descriptor, bytes, shortened(size), offset);
}

int __wrap_fsync(int descriptor) {
  if (fails("fsync")) return -1;
  return faults().sync_is_nothing ? 0 : __real_fsync(descriptor);
}

int __wrap_fdatasync(int descriptor) {
  if (fails("fdatasync")) return -1;
  return faults().sync_is_nothing ? 0 : __real_fdatasync(descriptor);
}

int __wrap_ftruncate(int descriptor, off_t size) {
  return fails("ftruncate") ? -1 : __real_ftruncate(descriptor, size);
}

int __wrap_fchmod(int descriptor, mode_t mode) {
  return fails("fchmod") ? -1 : __real_fchmod(descriptor, mode);
}

int __wrap_mkdirat(int directory, const char* path, mode_t mode) {
  if (faults().interrupted_and_short) return __real_mkdirat(directory, path, mode);  // which no signal interrupts
  return fails("mkdirat") ? -1 : __real_mkdirat(directory, path, mode);
}

int __wrap_renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) {
  if (faults().no_exchange && (flags & RENAME_EXCHANGE) != 0) {
    errno = EINVAL;
    return -1;
  }
  return fails("renameat2") ? -1 : __real_renameat2(from_directory, from, to_directory, to, flags);
}

int __wrap_openat(int directory, const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return fails("openat") ? -1 : __real_openat(directory, path, flags, mode);
}

// Only openat2 goes this way; what another call's arguments are, nobody here can know.
long __wrap_syscall(long number, ...) {
  if (number != SYS_openat2) std::abort();
  std::array<long, 4> values{};
  std::va_list arguments;
  va_start(arguments, number);
  for (long& value : values) value = va_arg(arguments, long);
  va_end(arguments);
  ++faults().openat2_calls;
  if (faults().openat2_error != 0) {
    errno = faults().openat2_error;
    return -1;
  }
  if (fails("openat2")) return -1;
  return __real_syscall(number, values[0], values[1], values[2], values[3]);
}

}  // extern "C"
