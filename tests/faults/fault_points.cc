// A library to preload: it counts the fallible calls that the program makes into libc, and lets one of them go wrong.
//
// FAULT_POINT=N the number of the call, from 1; 0 only counts.  FAULT_KIND: EIO, ENOSPC, EINTR the call fails with
// that, having done nothing (close(2) closes all the same); KILL the process dies before it; SHORT half of what was to
// be written is written; FULL from that call on the disk takes no more byte and no more name; DEAD from that call on
// every call on a file fails with EIO.  FAULT_LOG: a file for what was called, and what went wrong.
//
// The program's own streams (0, 1, 2) are left alone. No call is made to fail in a way that its manual page excludes
// and that the standard library turns into abort(): getrandom(2) is interrupted, never broken.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>

#include "fault_plan.h"

namespace {

using namespace cowork::faults;

bool is_own_stream(int descriptor) {
  return descriptor >= 0 && descriptor <= 2;
}

Need need_of(int flags) {
  return (flags & O_CREAT) != 0 ? Need::space : Need::nothing;
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

// The name of a libc function, the call that goes on to the real one, and what the log says about it.
#define NEXT(name) static auto* const real = next<decltype(::name)>(#name)

extern "C" {

int openat(int directory, const char* path, int flags, ...) {
  NEXT(openat);
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return fails("openat", path, need_of(flags)) ? -1 : real(directory, path, flags, mode);
}

int open(const char* path, int flags, ...) {
  NEXT(open);
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return fails("open", path, need_of(flags)) ? -1 : real(path, flags, mode);
}

// openat2 is counted; of other numbers nobody here knows how many arguments there are, so all are handed on.
long syscall(long number, ...) noexcept {
  NEXT(syscall);
  std::array<long, 6> values{};
  va_list arguments;
  va_start(arguments, number);
  for (long& value : values) value = va_arg(arguments, long);
  va_end(arguments);
  if (number == SYS_openat2 && fails("openat2", reinterpret_cast<const char*>(values[1]))) return -1;
  return real(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}

ssize_t read(int descriptor, void* bytes, size_t size) {
  NEXT(read);
  return !is_own_stream(descriptor) && fails("read") ? -1 : real(descriptor, bytes, size);
}

ssize_t pread(int descriptor, void* bytes, size_t size, off_t offset) {
  NEXT(pread);
  return fails("pread") ? -1 : real(descriptor, bytes, size, offset);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  NEXT(write);
  if (is_own_stream(descriptor)) return real(descriptor, bytes, size);
  return fails("write", "", Need::space) ? -1 : real(descriptor, bytes, shortened(size));
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  NEXT(pwrite);
  return fails("pwrite", "", Need::space) ? -1 : real(descriptor, bytes, shortened(size), offset);
}

int fsync(int descriptor) {
  NEXT(fsync);
  return fails("fsync") ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
  NEXT(fdatasync);
  return fails("fdatasync") ? -1 : real(descriptor);
}

int ftruncate(int descriptor, off_t size) noexcept {
  NEXT(ftruncate);
  return fails("ftruncate") ? -1 : real(descriptor, size);
}

int fchmod(int descriptor, mode_t mode) noexcept {
  NEXT(fchmod);
  return fails("fchmod") ? -1 : real(descriptor, mode);
}

int renameat2(int from, const char* old_name, int to, const char* new_name, unsigned flags) noexcept {
  NEXT(renameat2);
  return fails("renameat2", new_name) ? -1 : real(from, old_name, to, new_name, flags);
}

int mkdirat(int directory, const char* path, mode_t mode) noexcept {
  NEXT(mkdirat);
  return fails("mkdirat", path, Need::space) ? -1 : real(directory, path, mode);
}

int mkdir(const char* path, mode_t mode) noexcept {
  NEXT(mkdir);
  return fails("mkdir", path, Need::space) ? -1 : real(path, mode);
}

int unlinkat(int directory, const char* path, int flags) noexcept {
  NEXT(unlinkat);
  return fails("unlinkat", path) ? -1 : real(directory, path, flags);
}

int unlink(const char* path) noexcept {
  NEXT(unlink);
  return fails("unlink", path) ? -1 : real(path);
}

int rmdir(const char* path) noexcept {
  NEXT(rmdir);
  return fails("rmdir", path) ? -1 : real(path);
}

int flock(int descriptor, int operation) noexcept {
  NEXT(flock);
  return fails("flock", (operation & LOCK_UN) != 0 ? "unlock" : "lock") ? -1 : real(descriptor, operation);
}

int fstat(int descriptor, struct stat* status) noexcept {
  NEXT(fstat);
  return !is_own_stream(descriptor) && fails("fstat") ? -1 : real(descriptor, status);
}

int fstatat(int directory, const char* path, struct stat* status, int flags) noexcept {
  NEXT(fstatat);
  return fails("fstatat", path) ? -1 : real(directory, path, status, flags);
}

int stat(const char* path, struct stat* status) noexcept {
  NEXT(stat);
  return fails("stat", path) ? -1 : real(path, status);
}

int lstat(const char* path, struct stat* status) noexcept {
  NEXT(lstat);
  return fails("lstat", path) ? -1 : real(path, status);
}

int statx(int directory, const char* path, int flags, unsigned mask, struct statx* status) noexcept {
  NEXT(statx);
  return fails("statx", path) ? -1 : real(directory, path, flags, mask, status);
}

int close(int descriptor) {
  NEXT(close);
  const int error = is_own_stream(descriptor) ? 0 : fault("close");
  const int closed = real(descriptor);  // whatever it answers, the descriptor is gone
  if (error == 0) return closed;
  errno = error;
  return -1;
}

DIR* fdopendir(int descriptor) {
  NEXT(fdopendir);
  return fails("fdopendir") ? nullptr : real(descriptor);
}

struct dirent* readdir(DIR* stream) {
  NEXT(readdir);
  return fails("readdir") ? nullptr : real(stream);
}

int closedir(DIR* stream) {
  NEXT(closedir);
  const int error = fault("closedir");
  const int closed = real(stream);
  if (error == 0) return closed;
  errno = error;
  return -1;
}

char* realpath(const char* path, char* resolved) noexcept {
  NEXT(realpath);
  return fails("realpath", path) ? nullptr : real(path, resolved);
}

ssize_t readlink(const char* path, char* target, size_t size) noexcept {
  NEXT(readlink);
  return fails("readlink", path) ? -1 : real(path, target, size);
}

char* getcwd(char* path, size_t size) noexcept {
  NEXT(getcwd);
  return fails("getcwd") ? nullptr : real(path, size);
}

ssize_t getrandom(void* bytes, size_t size, unsigned flags) {
  NEXT(getrandom);
  if (const int error = fault("getrandom"); error == EINTR) {
    errno = error;
    return -1;
  }
  return real(bytes, size, flags);
}

int pipe2(int descriptors[2], int flags) noexcept {
  NEXT(pipe2);
  return fails("pipe2") ? -1 : real(descriptors, flags);
}

int socketpair(int domain, int type, int protocol, int descriptors[2]) noexcept {
  NEXT(socketpair);
  return fails("socketpair") ? -1 : real(domain, type, protocol, descriptors);
}

int poll(struct pollfd* polled, nfds_t count, int timeout_ms) {
  NEXT(poll);
  return fails("poll") ? -1 : real(polled, count, timeout_ms);
}

ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  NEXT(send);
  return fails("send") ? -1 : real(socket, bytes, shortened(size), flags);
}

// Which answer with an errno.
int posix_spawn(pid_t* pid, const char* program, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const arguments[], char* const environment[]) {
  NEXT(posix_spawn);
  const int error = fault("posix_spawn", program);
  return error != 0 ? error : real(pid, program, actions, attributes, arguments, environment);
}

// The same functions under the names that libraries built for large files use.
int open64(const char* path, int flags, ...) __attribute__((alias("open")));
int openat64(int directory, const char* path, int flags, ...) __attribute__((alias("openat")));

}  // extern "C"
