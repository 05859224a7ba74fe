#include "fault_plan.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace cowork::faults {
namespace {

enum class Kind { none, error, kill, half, full, dead };

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

}  // namespace

int fault(const char* call, const char* about, Need need) {
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

bool fails(const char* call, const char* about, Need need) {
  const int error = fault(call, about, need);
  if (error != 0) errno = error;
  return error != 0;
}

std::size_t shortened(std::size_t size) {
  return plan().kind == Kind::half && calls.load() == plan().point && size > 1 ? size / 2 : size;
}

}  // namespace cowork::faults
