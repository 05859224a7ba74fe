#include "child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <stdexcept>

#include "seconds.h"

namespace cowork::bench {
namespace {

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return ends;
}

void wait_for(pid_t child, const std::string& what) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error(what + " failed");
}

/// With `output` for its standard output.
pid_t spawn(const std::vector<std::string>& command, int output) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + command.front());
  return child;
}

}  // namespace

double in_child(const std::function<double()>& work) {
  const auto [end, start] = make_pipe();
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      const double answer = work();
      ::_exit(::write(start, &answer, sizeof answer) == sizeof answer ? 0 : 1);
    } catch (const std::exception& error) {
      std::cerr << error.what() << std::endl;
      ::_exit(1);
    }
  }
  ::close(start);
  double answer = 0;
  const bool answered = ::read(end, &answer, sizeof answer) == sizeof answer;
  ::close(end);
  wait_for(child, "a child");
  if (!answered) throw std::runtime_error("a child answered nothing");
  return answer;
}

double median_in_children(std::size_t count, const std::function<double()>& work) {
  std::vector<double> answers;
  for (std::size_t i = 0; i < count; ++i) answers.push_back(in_child(work));
  std::nth_element(answers.begin(), answers.begin() + static_cast<std::ptrdiff_t>(count / 2), answers.end());
  return answers[count / 2];
}

double seconds_of_program(const std::vector<std::string>& command) {
  static const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  return seconds_of([&] { wait_for(spawn(command, nowhere), command.front()); });
}

std::string output_of_program(const std::vector<std::string>& command) {
  const auto [end, start] = make_pipe();
  const pid_t child = spawn(command, start);
  ::close(start);
  std::string output;
  std::array<char, 4096> buffer;
  for (ssize_t got = 0; (got = ::read(end, buffer.data(), buffer.size())) > 0;)
    output.append(buffer.data(), static_cast<std::size_t>(got));
  ::close(end);
  wait_for(child, command.front());
  return output;
}

}  // namespace cowork::bench
