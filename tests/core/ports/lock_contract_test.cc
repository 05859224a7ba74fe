// Locks: within the process here, between processes with a child.
#include <sys/wait.h>
#include <unistd.h>

#include "disk_worlds.h"
#include "support/catch.h"

using cowork::testing::said;
using cowork::testing::snapshot;
using namespace std::chrono_literals;

namespace {

/// Runs `work` in a child process; what it returns is the exit status.
int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("two locks of one process exclude each other", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  auto first = top->lock("lock", 0ms);
  REQUIRE(said(first) == "success");
  CHECK(said(top->lock("lock", 0ms)) == "timeout: " + world->named("lock") + " is still locked after 0 ms");
  CHECK(said(world->top()->lock("lock", 3ms)) == "timeout: " + world->named("lock") + " is still locked after 3 ms");
  CHECK(said(top->lock("other", 0ms)) == "success");
  first->reset();
  CHECK(said(top->lock("lock", 0ms)) == "success");
  CHECK(snapshot(*top) == "lock  384\nother  384\n");
}

TEST_CASE("the content of a lock file stays for the next holder", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  {
    const auto lock = top->lock("lock", 0ms).value();
    CHECK(lock->read().value().empty());
    REQUIRE(lock->write("a long state"));
    REQUIRE(lock->write("short"));
    CHECK(lock->read().value() == "short");
  }
  const auto lock = top->lock("lock", 0ms).value();
  CHECK(lock->read().value() == "short");
  REQUIRE(lock->write(""));
  CHECK(lock->read().value().empty());
}

TEST_CASE("the content of a lock file is bounded", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  const auto lock = top->lock("lock", 0ms).value();
  const std::string most(64 * 1024, 'x');
  REQUIRE(lock->write(most));
  CHECK(lock->read().value() == most);
  CHECK(said(lock->write(most + "x")) == "invalid-argument: " + world->named("lock") + " is larger than 65536 bytes");
  CHECK(lock->read().value() == most);
  REQUIRE(top->append("lock", "x", 0600));
  CHECK(said(lock->read()) == "invalid-argument: " + world->named("lock") + " is larger than 65536 bytes");
}

TEST_CASE("a lock on a file that was exchanged is no lock", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  const auto old = top->lock("lock", 0ms).value();
  REQUIRE(top->remove("lock"));
  const auto fresh = top->lock("lock", 0ms);
  REQUIRE(said(fresh) == "success");
  CHECK(said(top->lock("lock", 0ms)) == "timeout: " + world->named("lock") + " is still locked after 0 ms");
}

TEST_CASE("locks exclude other processes, and hand them the content", "[ports]") {
  const auto world = cowork::testing::make_world(cowork::testing::WorldKind::real);
  const auto top = world->top();
  auto held = top->lock("lock", 0ms).value();
  REQUIRE(held->write("from the parent"));
  CHECK(in_child([&] { return said(world->top()->lock("lock", 0ms)).starts_with("timeout") ? 7 : 1; }) == 7);
  // What a child inherited ends with the holder's release, not with the child.
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  const pid_t idle = ::fork();
  if (idle == 0) {
    ::close(pipe_ends[1]);
    char byte = 0;
    ::_exit(::read(pipe_ends[0], &byte, 1) == 0 ? 0 : 1);
  }
  held.reset();
  CHECK(in_child([&] {
          const auto lock = world->top()->lock("lock", 0ms);
          if (!lock || (*lock)->read().value_or("") != "from the parent") return 1;
          return (*lock)->write("from the child") ? 8 : 2;
        }) == 8);
  CHECK(top->lock("lock", 0ms).value()->read().value() == "from the child");
  ::close(pipe_ends[1]);
  ::close(pipe_ends[0]);
  ::waitpid(idle, nullptr, 0);
}

TEST_CASE("a lock ends with the process that held it", "[ports]") {
  const auto world = cowork::testing::make_world(cowork::testing::WorldKind::real);
  CHECK(in_child([&] {
          const auto lock = world->top()->lock("lock", 0ms);
          return lock ? 9 : 1;  // _exit runs no destructor
        }) == 9);
  CHECK(said(world->top()->lock("lock", 0ms)) == "success");
}

TEST_CASE("processes that count under a lock lose nothing", "[ports]") {
  const auto world = cowork::testing::make_world(cowork::testing::WorldKind::real);
  constexpr int processes = 4;
  constexpr int rounds = 100;
  const auto count = [&] {
    const auto top = world->top();
    for (int i = 0; i < rounds; ++i) {
      const auto lock = top->lock("lock", 60s);
      if (!lock) return 1;
      const std::string text = (*lock)->read().value_or("x");
      if (!(*lock)->write(std::to_string(text.empty() ? 1 : std::stoi(text) + 1))) return 2;
    }
    return 0;
  };
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    children.push_back(::fork());
    if (children.back() == 0) ::_exit(count());
  }
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  CHECK(world->top()->lock("lock", 0ms).value()->read().value() == std::to_string(processes * rounds));
}
