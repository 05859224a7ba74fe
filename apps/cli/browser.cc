#include "browser.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "server_connection.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): not in every <unistd.h>

namespace cowork::cli {
namespace {

constexpr int most_wait_ms = 3000;

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value != '\0';
}

/// In the socket's directory, which only the server's user can enter; never deleted, since nobody says when the browser
/// has read it: what stands in it opens nothing after a minute.
Result<std::string> write_page(const std::string& address, const std::string& socket) {
  const std::string path = socket + ".open.html";
  ::unlink(path.c_str());
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.get() < 0) return fail(Error::from_errno(errno, "write " + path));
  const std::string page = page_leading_to(address);
  const ssize_t count = ::write(file.get(), page.data(), page.size());
  if (count != static_cast<ssize_t>(page.size())) return fail(Error::io("cannot write " + path));
  return path;
}

/// In a session of its own, so that Ctrl-C here does not end the browser; its words are not ours.
Result<pid_t> start_xdg_open(std::string target) {
  std::string name = "xdg-open";
  std::array<char*, 3> arguments{name.data(), target.data(), nullptr};
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&streams, descriptor, "/dev/null", O_RDWR, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t child = -1;
  const int error_number = ::posix_spawnp(&child, name.c_str(), &streams, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&streams);
  if (error_number == ENOENT) return fail(Error::io("there is no xdg-open"));
  if (error_number != 0) return fail(Error::from_errno(error_number, "run xdg-open"));
  return child;
}

/// Where there is no desktop, xdg-open runs for as long as the browser that it starts: what runs after a while is well.
Result<void> wait_for_failure(pid_t child) {
  const Descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  pollfd entry{ended.get(), POLLIN, 0};
  int count = 0;
  do {
    count = ::poll(&entry, 1, most_wait_ms);
  } while (count < 0 && errno == EINTR);
  int status = 0;
  if (ended.get() < 0 || ::waitpid(child, &status, WNOHANG) != child) return {};
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return fail(Error::io("xdg-open found no browser"));
  return {};
}

}  // namespace

std::string page_leading_to(const std::string& address) {
  std::string quoted;
  for (const char letter : address) {
    if (letter == '"')
      quoted += "&quot;";
    else if (letter == '&')
      quoted += "&amp;";
    else if (letter == '<')
      quoted += "&lt;";
    else
      quoted += letter;
  }
  return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" "
         "content=\"no-referrer\">\n<meta http-equiv=\"refresh\" content=\"0; url=" +
         quoted + "\">\n<title>cowork</title>\n<p><a href=\"" + quoted + "\">Open the console</a></p>\n</html>\n";
}

Result<void> open_in_browser(const std::string& address, const std::string& socket) {
  if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")) return fail(Error::io("there is no display"));
  COWORK_ASSIGN(std::string page, write_page(address, socket));
  COWORK_ASSIGN(const pid_t child, start_xdg_open(std::move(page)));
  return wait_for_failure(child);
}

}  // namespace cowork::cli
