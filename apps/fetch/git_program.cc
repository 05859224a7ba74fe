#include "git_program.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "sandbox.h"

namespace cowork::fetch {
namespace {

constexpr std::size_t most_errors_kept = 16U << 10U;
constexpr int watch_every_ms = 100;
constexpr int no_git = 127;

std::vector<std::string> environment_of(const GitEnvironment& environment) {
  std::vector<std::string> all{"PATH=/usr/bin:/bin",
                               "LC_ALL=C.UTF-8",
                               "HOME=",
                               "GIT_DIR=" + environment.repository,
                               "GIT_CONFIG_NOSYSTEM=1",
                               "GIT_CONFIG_GLOBAL=/dev/null",
                               "GIT_ATTR_NOSYSTEM=1",
                               "GIT_TERMINAL_PROMPT=0",
                               "GIT_ASKPASS=",
                               "GIT_ALLOW_PROTOCOL=https",
                               "GIT_NO_REPLACE_OBJECTS=1",
                               "GIT_OPTIONAL_LOCKS=0",
                               "GIT_CONFIG_COUNT=" + std::to_string(environment.settings.size())};
  std::size_t index = 0;
  for (const auto& [key, value] : environment.settings) {
    all.push_back("GIT_CONFIG_KEY_" + std::to_string(index) + "=" + key);
    all.push_back("GIT_CONFIG_VALUE_" + std::to_string(index++) + "=" + value);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// In the child: from here to execve nothing that is not safe after fork().
[[noreturn]] void become_git(const std::array<int, 3>& streams, pid_t parent, std::uint64_t memory_bytes,
                             char* const* arguments, char* const* environment) {
  // Not the group's TERM: a git that would go on has no reason to live.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(no_git);
  for (int stream = 0; stream < 3; ++stream) {
    if (::dup2(streams[static_cast<std::size_t>(stream)], stream) < 0) ::_exit(no_git);
  }
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  limit_memory(memory_bytes);
  ::execve("/usr/bin/git", arguments, environment);
  ::execve("/bin/git", arguments, environment);
  ::_exit(no_git);
}

void take(loaders::Descriptor& from, std::string& into) {
  std::array<char, 16 * 1024> buffer;
  const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR) return;
  if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
  if (got <= 0) from.close();
}

}  // namespace

Result<GitProcess> GitProcess::start(const GitEnvironment& environment, const std::vector<std::string>& arguments) {
  COWORK_ASSIGN(loaders::Pipe input, loaders::make_pipe());
  COWORK_ASSIGN(loaders::Pipe output, loaders::make_pipe());
  COWORK_ASSIGN(loaders::Pipe errors, loaders::make_pipe());
  std::vector<std::string> words{"git"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = environment_of(environment);
  const auto word_pointers = pointers(words);
  const auto variable_pointers = pointers(variables);
  const pid_t self = ::getpid();
  GitProcess process;
  process.pid_ = ::fork();
  if (process.pid_ == 0)
    become_git({input.read.get(), output.write.get(), errors.write.get()}, self, environment.memory_bytes,
               word_pointers.data(), variable_pointers.data());
  if (process.pid_ < 0) return fail(Error::from_errno(errno, "start git"));
  process.input = std::move(input.write);
  process.output = std::move(output.read);
  process.errors = std::move(errors.read);
  return process;
}

GitProcess::GitProcess(GitProcess&& other) noexcept
    : input(std::move(other.input)),
      output(std::move(other.output)),
      errors(std::move(other.errors)),
      pid_(std::exchange(other.pid_, -1)) {}

GitProcess::~GitProcess() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  wait();
}

int GitProcess::wait() noexcept {
  if (pid_ <= 0) return -1;
  const pid_t pid = std::exchange(pid_, -1);
  int status = 0;
  pid_t reaped = -1;
  do reaped = ::waitpid(pid, &status, 0);
  while (reaped < 0 && errno == EINTR);
  if (reaped != pid) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Result<GitEnd> run_git(const GitEnvironment& environment, const std::vector<std::string>& arguments,
                       std::size_t most_output, const GitCheck& check) {
  COWORK_ASSIGN(GitProcess git, GitProcess::start(environment, arguments));
  git.input.close();
  GitEnd end;
  while (git.output.is_open() || git.errors.is_open()) {
    std::array<pollfd, 2> polled{{{git.output.get(), POLLIN, 0}, {git.errors.get(), POLLIN, 0}}};
    if (::poll(polled.data(), polled.size(), watch_every_ms) < 0 && errno != EINTR)
      return fail(Error::from_errno(errno, "wait for git"));
    if (polled[0].revents != 0) take(git.output, end.out);
    if (polled[1].revents != 0) take(git.errors, end.errors);
    if (end.out.size() > most_output) return fail(Error::invalid_argument("its list of files is too long"));
    if (end.errors.size() > most_errors_kept) end.errors.erase(0, end.errors.size() - most_errors_kept);
    COWORK_TRY(check());
  }
  end.status = git.wait();
  if (end.status == no_git)
    return fail(
        Error::io("git can't be started").with_why("it is looked for in /usr/bin and /bin").with_remedy("install git"));
  return end;
}

}  // namespace cowork::fetch
