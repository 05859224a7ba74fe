// The rule of SPEC §1, "Trusted directory".
#include <unistd.h>

#include "disk_worlds.h"
#include "support/catch.h"

using cowork::FileKind;
using cowork::FileStatus;
using cowork::Trust;
using cowork::trust_of;

namespace {

FileStatus status_of(std::uint32_t owner, std::uint32_t mode, FileKind kind = FileKind::regular) {
  FileStatus status;
  status.kind = kind;
  status.owner = owner;
  status.mode = mode;
  return status;
}

std::string verdict(const Trust& trust) {
  return trust.trusted ? "trusted" + trust.reason : trust.reason;
}

}  // namespace

TEST_CASE("one thing is trusted when it is root's and writable by nobody else", "[ports]") {
  CHECK(verdict(trust_of(status_of(0, 0644), "/x")) == "trusted");
  CHECK(verdict(trust_of(status_of(0, 0755, FileKind::directory), "/x")) == "trusted");
  CHECK(verdict(trust_of(status_of(0, 0), "/x")) == "trusted");
  CHECK(verdict(trust_of(status_of(1000, 0644), "/x")) == R"("/x" belongs to user 1000, not to root)");
  CHECK(verdict(trust_of(status_of(0, 0664), "/x")) == R"("/x" is writable by others than root (mode 0664))");
  CHECK(verdict(trust_of(status_of(0, 0646), "/x")) == R"("/x" is writable by others than root (mode 0646))");
  CHECK(verdict(trust_of(status_of(0, 01777, FileKind::directory), "/x")) ==
        R"("/x" is writable by others than root (mode 1777))");
  CHECK(verdict(trust_of(status_of(0, 0777, FileKind::link), "/x")) == R"("/x" is a link)");
}

TEST_CASE("a directory is trusted with all that lie above it", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("a", 0755));
  REQUIRE(top->make_directory("a/b", 0755));
  REQUIRE(top->write_new("file", "", 0644));
  world->plant_link("linked", "a/b");
  if (!world->set_status("", 0, 0755)) {
    WARN("skipped: only root can give files away");
    return;
  }
  const auto verdict_of = [&](const std::string& relative) {
    return verdict(world->disk().trust_of_directory(world->at(relative)));
  };
  CHECK(verdict_of("a/b") == "trusted");
  CHECK(verdict_of("linked") == "trusted");
  CHECK(verdict(world->disk().trust_of_directory("/")) == "trusted");
  CHECK(verdict_of("file") == world->named("file") + " is no directory");
  CHECK(verdict_of("absent") == "cannot open " + world->named("absent") + ": No such file or directory");
  CHECK(verdict(world->disk().trust_of_directory("a")) == "\"a\" is not an absolute path");

  SECTION("an ancestor of another owner") {
    REQUIRE(world->set_status("a", 1000, 0755));
    CHECK(verdict_of("a/b") == world->named("a") + " belongs to user 1000, not to root");
    CHECK(verdict_of("linked") == world->named("a") + " belongs to user 1000, not to root");
  }
  SECTION("an ancestor that a group may write") {
    REQUIRE(world->set_status("a", 0, 0775));
    CHECK(verdict_of("a/b") == world->named("a") + " is writable by others than root (mode 0775)");
  }
  SECTION("a sticky ancestor of root's") {
    REQUIRE(world->set_status("a", 0, 01777));
    CHECK(verdict_of("a/b") == "trusted");
    CHECK(verdict_of("a") == world->named("a") + " is writable by others than root (mode 1777)");
  }
  SECTION("a sticky ancestor of another owner") {
    REQUIRE(world->set_status("a", 1000, 01777));
    CHECK(verdict_of("a/b") == world->named("a") + " belongs to user 1000, not to root");
  }
  SECTION("the directory itself") {
    REQUIRE(world->set_status("a/b", 0, 0757));
    CHECK(verdict_of("a/b") == world->named("a/b") + " is writable by others than root (mode 0757)");
    CHECK(verdict_of("a") == "trusted");
  }
}
