// Stands in for cowork-fetch: does what the lines of the file `script` in its working directory say, in order.
//   send FILE   writes FILE to stdout      say TEXT   writes TEXT to stderr      record   notes what it was started
//   with read        reads stdin to its end     exit N     signal N                   hang     for ever breed       a
//   child that hangs too, with the same stdout; its id goes to the file `child` repeat FILE writes FILE to stdout
//   without end                               close    closes stdout
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace {

std::string contents(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void send(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data() + sent, bytes.size() - sent);
    if (written < 0) ::_exit(9);
    sent += static_cast<std::size_t>(written);
  }
}

std::string read_input() {
  std::string all;
  std::array<char, 4096> buffer;
  for (ssize_t got = 0; (got = ::read(STDIN_FILENO, buffer.data(), buffer.size())) > 0;)
    all.append(buffer.data(), static_cast<std::size_t>(got));
  return all;
}

int count_descriptors() {
  int count = 0;
  DIR* directory = ::opendir("/proc/self/fd");
  while (::readdir(directory)) ++count;
  ::closedir(directory);
  return count - 4;  // ".", "..", the listing itself and `seen`
}

void record() {
  std::ofstream seen("seen");
  // The coverage runtime of this program, not the host, brought it.
  ::unsetenv("__LLVM_PROFILE_RT_INIT_ONCE");
  for (char** variable = ::environ; *variable; ++variable) seen << *variable << "\n";
  std::array<char, 4096> directory{};
  seen << "descriptors " << count_descriptors() << "\n";
  seen << "leader " << (::getpgrp() == ::getpid()) << "\n";
  seen << "directory " << ::getcwd(directory.data(), directory.size()) << "\n";
  std::ofstream("request") << read_input();
}

[[noreturn]] void hang() {
  for (;;) ::pause();
}

void breed() {
  const pid_t child = ::fork();
  if (child == 0) hang();
  std::ofstream("child") << child;
}

void obey(const std::string& verb, const std::string& word) {
  if (verb == "send") send(contents(word));
  if (verb == "repeat") {
    for (const std::string bytes = contents(word);;) send(bytes);
  }
  if (verb == "say") static_cast<void>(::write(STDERR_FILENO, (word + "\n").data(), word.size() + 1) < 0);
  if (verb == "record") record();
  if (verb == "read") read_input();
  if (verb == "exit") ::_exit(std::atoi(word.c_str()));
  if (verb == "signal") ::kill(::getpid(), std::atoi(word.c_str()));
  if (verb == "hang") hang();
  if (verb == "breed") breed();
  if (verb == "close") ::close(STDOUT_FILENO);
}

}  // namespace

int main() {
  std::istringstream script(contents("script"));
  for (std::string line; std::getline(script, line);) {
    const std::size_t space = line.find(' ');
    obey(line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1));
  }
  ::_exit(0);
}
