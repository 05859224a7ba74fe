// What a pack in a process of its own can't reach.
#include <cerrno>
#include <iostream>

#include "isolated_world.h"

using namespace cowork;
using namespace cowork::test;

namespace {

bool lacks(IsolatedWorld& world, const char* what) {
  for (const Diagnostic& diagnostic : world.isolated()->diagnostics()) {
    if (diagnostic.code != "isolation-incomplete" || diagnostic.message.find(what) == std::string::npos) continue;
    std::cout << "SKIPPED: this kernel has no " << what << std::endl;
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("an isolated pack can't fork, start programs, open sockets, trace or signal its host") {
  IsolatedWorld world;
  REQUIRE(world.text("echo", 1) == "1");
  if (lacks(world, "seccomp")) return;
  for (const char* tool : {"fork", "exec", "socket", "ptrace", "kill"}) {
    INFO(tool);
    CHECK(world.text(tool) == std::to_string(EPERM));
  }
}

TEST_CASE("an isolated pack can't reach others through descriptors, attributes of files, IPC or the scheduler") {
  IsolatedWorld world;
  REQUIRE(world.text("data") == "0");
  if (lacks(world, "seccomp")) return;
  const auto names = world.call("attempts");
  REQUIRE(names);
  REQUIRE(names->as_array()->size() > 50);
  for (const json::Value& name : *names->as_array()) {
    INFO(*name.as_string());
    CHECK(world.text("attempt", name) == std::to_string(EPERM));
  }
  CHECK(world.text("attempt", "no such attempt") == "-1");
}

TEST_CASE("an isolated pack keeps what the C library and threads need") {
  IsolatedWorld world;
  REQUIRE(world.text("data") == "0");
  for (const char* tool : {"flags", "thread", "affinity", "ftruncate"}) {
    INFO(tool);
    CHECK(world.text(tool) == "0");
  }
}

TEST_CASE("an isolated pack writes to its data directory alone, and reads neither the home nor other packs") {
  IsolatedWorld world;
  world.files.write("home/policies.json", "{}");
  world.files.write("home/extensions/other/secret", "x");
  REQUIRE(world.text("echo", 1) == "1");
  if (lacks(world, "Landlock")) return;
  CHECK(world.text("data") == "0");
  CHECK(world.files.exists("home/data/bad/note"));
  struct Case {
    const char* tool;
    std::string path;
    int answer;
  };
  const Case table[] = {
      {"read", world.files.path("home/policies.json"), EACCES},
      {"write", world.files.path("home/policies.json"), EACCES},
      {"write", world.files.path("home/new"), EACCES},
      {"read", world.files.path("home/extensions/other/secret"), EACCES},
      {"read", world.files.path("home"), EACCES},
      {"read", "/etc/passwd", EACCES},
      {"write", "/tmp/cowork-canary", EACCES},
      {"read", world.files.path("tier/bad/cowork.plugin.json"), 0},
      {"write", world.files.path("tier/bad/cowork.plugin.json"), EACCES},
      {"write", world.files.path("home/data/bad/more"), 0},
      {"write", world.files.path("home/data/bad/../escaped"), EACCES},
  };
  for (const auto& [tool, path, answer] : table) {
    INFO(tool << " " << path);
    CHECK(world.text(tool, path) == std::to_string(answer));
  }
}

TEST_CASE("an isolated pack has limits of memory, processor time and descriptors, and an environment of its own") {
  IsolatedWorld world;
  world.options.limits.memory_bytes = 256ULL << 20U;
  world.options.limits.cpu_seconds = 1;
  CHECK(world.text("environment") == "false");
  CHECK(std::stol(world.text("descriptors")) < 64);
  const std::string spun = world.fault("spin").message();
  CHECK(spun ==
        "tool \"spin\" of pack \"bad\" failed: its process used more processor time than it may (signal SIGXCPU)");
  world.rest();
  if constexpr (is_sanitized) {
    std::cout << "SKIPPED: a sanitizer's address space can't be limited" << std::endl;
  } else {
    const Error error = world.fault("leak");
    CHECK(error.code() == ErrorCode::internal);
    CHECK_THAT(error.message(), Catch::StartsWith("tool \"leak\" of pack \"bad\""));
  }
  // What leaked is gone with the process, at the latest when that has no memory for another call.
  CHECK(eventually([&] {
    world.rest();
    return world.text("echo", 1) == "1";
  }));
}
