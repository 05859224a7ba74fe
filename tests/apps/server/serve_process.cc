#include "serve_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace cowork::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{20};
constexpr int first_handed = 3;

std::pair<int, int> made_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return {ends[0], ends[1]};
}

Environment environment(const CommandLine& line, const Environment& extra,
                        const std::vector<ServeProcess::Handed>& handed) {
  Environment all{{"HOME", line.path()},
                  {"COWORK_HOME", line.path("home")},
                  {"COWORK_BUILTIN_DIR", line.path("builtin")},
                  {"NO_COLOR", "1"},
                  {"PATH", "/usr/bin:/bin"}};
  for (const auto& [key, value] : extra) all[key] = value;
  if (handed.empty()) return all;
  all["LISTEN_FDS"] = std::to_string(handed.size());
  for (const ServeProcess::Handed& one : handed)
    all["LISTEN_FDNAMES"] += (&one == &handed.front() ? "" : ":") + one.name;
  return all;
}

/// In the child: never returns.
[[noreturn]] void become(const std::array<int, 3>& streams, const std::vector<ServeProcess::Handed>& handed,
                         std::vector<std::string> arguments, std::vector<std::string> variables) {
  for (int i = 0; i < 3; ++i) ::dup2(streams[static_cast<std::size_t>(i)], i);
  for (std::size_t i = 0; i < handed.size(); ++i) {
    const int away = ::fcntl(handed[i].descriptor, F_DUPFD, 100);
    ::dup2(away, first_handed + static_cast<int>(i));
    ::close(away);
  }
  if (!handed.empty()) variables.push_back("LISTEN_PID=" + std::to_string(::getpid()));
  ::signal(SIGPIPE, SIG_DFL);
  std::vector<char*> words, settings;
  for (std::string& word : arguments) words.push_back(word.data());
  for (std::string& variable : variables) settings.push_back(variable.data());
  words.push_back(nullptr);
  settings.push_back(nullptr);
  ::execve(COWORK_PROGRAM, words.data(), settings.data());
  ::_exit(127);
}

}  // namespace

ServeProcess::ServeProcess(const CommandLine& line, const Arguments& arguments, const Environment& extra,
                           const std::vector<Handed>& handed) {
  const auto [in_read, in_write] = made_pipe();
  const auto [out_read, out_write] = made_pipe();
  const auto [err_read, err_write] = made_pipe();
  std::vector<std::string> words{"cowork", "serve"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables;
  for (const auto& [key, value] : environment(line, extra, handed)) variables.push_back(key + "=" + value);
  pid_ = ::fork();
  if (pid_ == 0) become({in_read, out_write, err_write}, handed, words, variables);
  for (const int end : {in_read, out_write, err_write}) ::close(end);
  in_ = in_write;
  out_.descriptor = out_read;
  err_.descriptor = err_read;
}

ServeProcess::~ServeProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (const int descriptor : {in_, out_.descriptor, err_.descriptor})
    if (descriptor >= 0) ::close(descriptor);
}

void ServeProcess::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(in_, text.data(), text.size());
    if (count < 0) throw std::runtime_error("its standard input is closed");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void ServeProcess::end_input() {
  ::close(std::exchange(in_, -1));
}

void ServeProcess::close_out() {
  ::close(std::exchange(out_.descriptor, -1));
}

bool ServeProcess::Stream::read() {
  std::array<char, 65536> bytes;
  pollfd entry{descriptor, POLLIN, 0};
  if (::poll(&entry, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) <= 0)
    throw std::runtime_error("it said nothing in time, after: " + text.substr(0, 2000));
  const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
  if (count > 0) text.append(bytes.data(), static_cast<std::size_t>(count));
  return count > 0;
}

const std::string& ServeProcess::wait_for(Stream& stream, std::string_view text) {
  while (stream.text.find(text) == std::string::npos)
    if (!stream.read()) throw std::runtime_error("it ended without \"" + std::string(text) + "\": " + stream.text);
  return stream.text;
}

const std::string& ServeProcess::wait_for_out(std::string_view text) {
  return wait_for(out_, text);
}

const std::string& ServeProcess::wait_for_err(std::string_view text) {
  return wait_for(err_, text);
}

std::string ServeProcess::rest_of_out() {
  while (out_.read()) {
  }
  return out_.text;
}

void ServeProcess::signal(int number) const {
  ::kill(pid_, number);
}

int ServeProcess::wait() {
  const Clock::time_point deadline = Clock::now() + patience;
  int status = 0;
  // Its end closes standard error, so that nothing has to be polled for.
  while (err_.read()) {
  }
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (Clock::now() > deadline) throw std::runtime_error("it does not end");
    ::sched_yield();
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace cowork::test
