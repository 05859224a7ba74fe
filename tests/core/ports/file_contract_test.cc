// Reading and writing files.
#include "disk_worlds.h"
#include "support/catch.h"

using cowork::FileKind;
using cowork::FileStatus;
using cowork::testing::said;
using cowork::testing::snapshot;

namespace {
constexpr std::size_t plenty = 1 << 20;
}

TEST_CASE("what was written is read back, bytes as they are", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  const std::string bytes("a\0\xff\n", 4);
  REQUIRE(top->write_new("file", bytes, 0640));
  FileStatus status;
  CHECK(top->read("file", plenty, &status).value() == bytes);
  CHECK(status == top->status("file").value());
  CHECK(status.kind == FileKind::regular);
  CHECK(status.size == 4);
  CHECK(status.mode == 0640);
  CHECK(status.inode != 0);
  REQUIRE(top->write_new("empty", "", 0600));
  CHECK(top->read("empty", 0).value().empty());
}

TEST_CASE("the mode is the one asked for, whatever the umask", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("d", 0777));
  REQUIRE(top->write_new("d/new", "", 0666));
  REQUIRE(top->replace("d/replaced", "", 0644));
  REQUIRE(top->append("d/appended", "x", 0622));
  CHECK(snapshot(*top) == "d/ 511\nd/appended x 402\nd/new  438\nd/replaced  420\n");
}

TEST_CASE("a file is read up to its bound and not beyond", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->write_new("file", std::string(10'000, 'x'), 0644));
  CHECK(top->read("file", 10'000).value().size() == 10'000);
  CHECK(top->read("file", SIZE_MAX).value().size() == 10'000);
  CHECK(said(top->read("file", 9'999)) == "invalid-argument: " + world->named("file") + " is larger than 9999 bytes");
  CHECK(said(top->read("file", 0)) == "invalid-argument: " + world->named("file") + " is larger than 0 bytes");
}

TEST_CASE("a FIFO and a directory are refused at once", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  world->plant_fifo("fifo");
  REQUIRE(top->make_directory("folder", 0755));
  const std::string before = snapshot(*top);
  for (const std::string name : {"fifo", "folder"}) {
    const std::string expected = "invalid-argument: " + world->named(name) + " is no regular file";
    CHECK(said(top->read(name, plenty)) == expected);
    CHECK(said(top->replace(name, "x", 0644)) == expected);
    CHECK(said(top->append(name, "x", 0644)) == expected);
    CHECK(said(top->truncate(name, 0)) == expected);
    CHECK(said(top->lock(name, {})) == expected);
  }
  CHECK(said(top->directory("fifo")) == "invalid-argument: " + world->named("fifo") + " is no directory");
  CHECK(snapshot(*top) == before);
}

TEST_CASE("write_new never touches what is there", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->write_new("file", "old", 0644));
  REQUIRE(top->make_directory("folder", 0755));
  CHECK(said(top->write_new("file", "new", 0644)) ==
        "already-exists: cannot make " + world->named("file") + ": File exists");
  CHECK(said(top->write_new("folder", "new", 0644)) ==
        "already-exists: cannot make " + world->named("folder") + ": File exists");
  CHECK(said(top->make_directory("file", 0755)) ==
        "already-exists: cannot make " + world->named("file") + ": File exists");
  CHECK(top->read("file", plenty).value() == "old");
}

TEST_CASE("replace puts a new file in the place of the old one and leaves nothing else", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("d", 0755));
  REQUIRE(top->replace("d/file", "first", 0600));
  const FileStatus first = top->status("d/file").value();
  REQUIRE(top->replace("d/file", "second", 0644));
  const FileStatus second = top->status("d/file").value();
  CHECK(second.inode != first.inode);
  CHECK(snapshot(*top) == "d/ 493\nd/file second 420\n");
  const auto folder = top->directory("d").value();
  REQUIRE(folder->replace("file", "", 0644));
  CHECK(snapshot(*folder) == "file  420\n");
}

TEST_CASE("append grows a file and truncate takes the growth back", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->append("log", "one\n", 0600));
  REQUIRE(top->append("log", "two\n", 0644));
  CHECK(snapshot(*top) == "log one\ntwo\n 384\n");
  REQUIRE(top->truncate("log", 4));
  CHECK(top->read("log", plenty).value() == "one\n");
  CHECK(said(top->truncate("log", 5)) ==
        "invalid-argument: cannot cut " + world->named("log") + " to 5 bytes: it has 4");
  REQUIRE(top->truncate("log", 0));
  CHECK(top->read("log", plenty).value().empty());
}

TEST_CASE("a change shows in the status", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->write_new("file", "a", 0644));
  const FileStatus before = top->status("file").value();
  CHECK(top->status("file").value() == before);
  REQUIRE(top->append("file", "b", 0644));
  CHECK(top->status("file").value() != before);
}
