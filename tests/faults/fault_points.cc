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
#include <signal.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum class Kind { none, error, kill, half, full, dead };
/// What a call does to a disk that is full.
enum class Need { nothing, space };

struct Plan {
  long point = 0;
  Kind kind = Kind::none;
  int error = 0;
  int log = -1;
};

Plan read_plan() {
  Plan plan;
  if (const char* point = std::getenv("FAULT_POINT")) plan.point = std::strtol(point, nullptr, 10);
  const char* named = std::getenv("FAULT_KIND");
  const auto is = [&](const char* kind) { return named != nullptr && std::strcmp(named, kind) == 0; };
  if (is("EIO")) plan = {plan.point, Kind::error, EIO, -1};
  if (is("ENOSPC")) plan = {plan.point, Kind::error, ENOSPC, -1};
  if (is("EINTR")) plan = {plan.point, Kind::error, EINTR, -1};
  if (is("KILL")) plan = {plan.point, Kind::kill, 0, -1};
  if (is("SHORT")) plan = {plan.point, Kind::half, 0, -1};
  if (is("FULL")) plan = {plan.point, Kind::full, ENOSPC, -1};
  if (is("DEAD")) plan = {plan.point, Kind::dead, EIO, -1};
  if (const char* log = std::getenv("FAULT_LOG"))
    plan.log = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  return plan;
}

const Plan& plan() {
  static const Plan read = read_plan();
  return read;
}

std::atomic<long> calls{0};

/// One line of the log, by system calls of its own.
void note(const char* what, const char* call, const char* about) {
  if (plan().log < 0) return;
  std::array<char, 512> line{};
  const int length = std::snprintf(line.data(), line.size(), "%s %s %.300s\n", what, call, about);
  ::syscall(SYS_write, plan().log, line.data(), static_cast<std::size_t>(std::max(length, 0)));
}

/// Counts a call. 0 to go on; else the errno with which it fails.
int fault(const char* call, const char* about = "", Need need = Need::nothing) {
  const long number = ++calls;
  if (plan().point == 0) {
    note("call", call, about);
    return 0;
  }
  if (number < plan().point) return 0;
  const bool first = number == plan().point;
  if (first) note("fault", call, about);
  if (first && plan().kind == Kind::kill) ::syscall(SYS_kill, ::getpid(), SIGKILL);
  if (first && plan().kind == Kind::error) return plan().error;
  if (plan().kind == Kind::dead) return plan().error;
  return plan().kind == Kind::full && need == Need::space ? plan().error : 0;
}

bool fails(const char* call, const char* about = "", Need need = Need::nothing) {
  const int error = fault(call, about, need);
  if (error != 0) errno = error;
  return error != 0;
}

/// How much of a write gets through at this moment.
std::size_t shortened(std::size_t size) {
  return plan().kind == Kind::half && calls.load() == plan().point && size > 1 ? size / 2 : size;
}

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
