#include "interruption.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "support/catch.h"

using cowork::cli::Interruption;

namespace {

/// What the test was started with (nohup, a job in the background) must not decide.
void default_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_DFL);
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

void wait_for(const std::stop_token& token) {
  while (!token.stop_requested()) ::sched_yield();
}

}  // namespace

TEST_CASE("each of the signals asks to stop") {
  default_signals();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const Interruption interruption;
    CHECK_FALSE(interruption.token().stop_requested());
    ::raise(signal);
    wait_for(interruption.token());
    CHECK(interruption.token().stop_requested());
  }
}

TEST_CASE("an interruption that was asked for is not the next one's") {
  default_signals();
  for (int round = 0; round < 50; ++round) {
    {
      const Interruption interruption;
      if (round % 2 == 0) ::raise(SIGTERM);
    }
    const Interruption next;
    CHECK_FALSE(next.token().stop_requested());
  }
}

TEST_CASE("the pipe that handlers write to is never closed, and is one for the process") {
  default_signals();
  { const Interruption first; }
  const std::size_t before = open_descriptors();
  {
    const Interruption second;
    CHECK(open_descriptors() == before);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a second signal ends the process") {
  const pid_t child = ::fork();
  if (child == 0) {
    default_signals();
    const Interruption interruption;
    ::raise(SIGTERM);
    wait_for(interruption.token());
    ::raise(SIGTERM);
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGTERM);
}

TEST_CASE("a signal that was to be ignored stays ignored") {
  default_signals();
  ::signal(SIGHUP, SIG_IGN);
  {
    const Interruption interruption;
    ::raise(SIGHUP);
    CHECK_FALSE(interruption.token().stop_requested());
  }
  default_signals();
}
