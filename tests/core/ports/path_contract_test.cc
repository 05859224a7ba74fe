// Which paths lead where, and which are refused.
#include "disk_worlds.h"
#include "support/catch.h"

using cowork::ErrorCode;
using cowork::FileKind;
using cowork::testing::said;
using cowork::testing::snapshot;

namespace {

constexpr std::size_t plenty = 1 << 20;

struct BadPath {
  std::string relative;
  std::string fault;
};

}  // namespace

TEST_CASE("a relative path that could lead elsewhere is refused by every method", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("a", 0755));
  REQUIRE(top->write_new("a/file", "kept", 0644));
  const std::string before = snapshot(*top);
  const std::vector<BadPath> table{
      {"..", R"(".." has a ".." step)"},
      {"a/../a/file", R"("a/../a/file" has a ".." step)"},
      {"a/..", R"("a/.." has a ".." step)"},
      {".", R"("." has a "." step)"},
      {"./a", R"("./a" has a "." step)"},
      {"a/./file", R"("a/./file" has a "." step)"},
      {"/a", R"("/a" is absolute)"},
      {"/", R"("/" is absolute)"},
      {"a//file", R"("a//file" has an empty step)"},
      {"a/", R"("a/" has an empty step)"},
      {std::string("a\0b", 3), R"("a\x00b" has a NUL byte)"},
      {std::string(256, 'n'), "\"" + std::string(256, 'n') + "\" has a step of more than 255 bytes"},
  };
  for (const BadPath& bad : table) {
    CAPTURE(bad.relative);
    const std::string expected =
        "invalid-argument: " + bad.fault + "; a path beneath \"" + world->root() + "\" is wanted";
    CHECK(said(top->status(bad.relative)) == expected);
    CHECK(said(top->read(bad.relative, plenty)) == expected);
    CHECK(said(top->directory(bad.relative)) == expected);
    CHECK(said(top->make_directory(bad.relative, 0755)) == expected);
    CHECK(said(top->write_new(bad.relative, "x", 0644)) == expected);
    CHECK(said(top->replace(bad.relative, "x", 0644)) == expected);
    CHECK(said(top->append(bad.relative, "x", 0644)) == expected);
    CHECK(said(top->truncate(bad.relative, 0)) == expected);
    CHECK(said(top->rename(bad.relative, *top, "b", cowork::RenameMode::no_replace)) == expected);
    CHECK(said(top->rename("a", *top, bad.relative, cowork::RenameMode::no_replace)) == expected);
    CHECK(said(top->remove(bad.relative)) == expected);
    CHECK(said(top->lock(bad.relative, {})) == expected);
  }
  CHECK(snapshot(*top) == before);
}

TEST_CASE("an empty relative path means the directory itself to status() only", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  CHECK(top->status("").value().kind == FileKind::directory);
  const std::string expected = "invalid-argument: \"\" is empty; a path beneath \"" + world->root() + "\" is wanted";
  CHECK(said(top->read("", plenty)) == expected);
  CHECK(said(top->directory("")) == expected);
  CHECK(said(top->remove("")) == expected);
}

TEST_CASE("a link in the middle of a path is refused by name", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("real", 0755));
  REQUIRE(top->write_new("real/file", "secret", 0644));
  world->plant_link("linked", "real");
  const std::string before = snapshot(*top);
  const std::string expected =
      "invalid-argument: " + world->named("linked") + " is a link; links are not followed here";
  CHECK(said(top->status("linked/file")) == expected);
  CHECK(said(top->read("linked/file", plenty)) == expected);
  CHECK(said(top->directory("linked/below")) == expected);
  CHECK(said(top->make_directory("linked/new", 0755)) == expected);
  CHECK(said(top->write_new("linked/new", "x", 0644)) == expected);
  CHECK(said(top->replace("linked/file", "x", 0644)) == expected);
  CHECK(said(top->append("linked/file", "x", 0644)) == expected);
  CHECK(said(top->truncate("linked/file", 0)) == expected);
  CHECK(said(top->rename("linked/file", *top, "b", cowork::RenameMode::no_replace)) == expected);
  CHECK(said(top->rename("real", *top, "linked/b", cowork::RenameMode::no_replace)) == expected);
  CHECK(said(top->remove("linked/file")) == expected);
  CHECK(said(top->lock("linked/lock", {})) == expected);
  CHECK(snapshot(*top) == before);
}

TEST_CASE("a link at the end of a path is refused, but can be looked at, moved and removed", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->write_new("file", "secret", 0644));
  REQUIRE(top->make_directory("folder", 0755));
  world->plant_link("to-file", "file");
  world->plant_link("to-folder", "folder");
  world->plant_link("to-nothing", "absent");
  const std::string before = snapshot(*top);
  for (const std::string name : {"to-file", "to-folder", "to-nothing"}) {
    CAPTURE(name);
    const std::string expected = "invalid-argument: " + world->named(name) + " is a link; links are not followed here";
    CHECK(said(top->read(name, plenty)) == expected);
    CHECK(said(top->directory(name)) == expected);
    CHECK(said(top->replace(name, "x", 0644)) == expected);
    CHECK(said(top->append(name, "x", 0644)) == expected);
    CHECK(said(top->truncate(name, 0)) == expected);
    CHECK(said(top->lock(name, {})) == expected);
    CHECK(said(top->write_new(name, "x", 0644)) ==
          "already-exists: cannot make " + world->named(name) + ": File exists");
    CHECK(top->status(name).value().kind == FileKind::link);
  }
  CHECK(snapshot(*top) == before);
  CHECK(top->rename("to-folder", *top, "moved", cowork::RenameMode::no_replace));
  CHECK(top->remove("moved"));
  CHECK(top->status("folder").value().kind == FileKind::directory);
}

TEST_CASE("a file in the middle of a path is no directory, not an absence", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->write_new("file", "", 0644));
  const std::string expected = "invalid-argument: " + world->named("file") + " is no directory";
  CHECK(said(top->read("file/x", plenty)) == expected);
  CHECK(said(top->read("file/x/y", plenty)) == expected);
  CHECK(said(top->status("file/x")) == expected);
  CHECK(said(top->directory("file")) == expected);
  CHECK(said(top->write_new("file/x", "", 0644)) == expected);
}

TEST_CASE("what is missing is named with its whole path", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  const auto expected = [&](const std::string& verb) {
    return "not-found: cannot " + verb + " " + world->named("no/such") + ": No such file or directory";
  };
  CHECK(said(top->read("no/such", plenty)) == expected("read"));
  CHECK(said(top->status("no/such")) == expected("look at"));
  CHECK(said(top->directory("no/such")) == expected("open"));
  CHECK(said(top->write_new("no/such", "", 0644)) == expected("make"));
  CHECK(said(top->make_directory("no/such", 0755)) == expected("make"));
  CHECK(said(top->replace("no/such", "", 0644)) == expected("replace"));
  CHECK(said(top->append("no/such", "", 0644)) == expected("append to"));
  CHECK(said(top->truncate("no/such", 0)) == expected("cut"));
  CHECK(said(top->remove("no/such")) == expected("remove"));
  CHECK(said(top->lock("no/such", {})) == expected("lock"));
}

TEST_CASE("a path's bytes are escaped in messages", "[ports]") {
  IN_EVERY_WORLD(world);
  CHECK(said(world->top()->read("a\x1b[31m", plenty)) ==
        "not-found: cannot read " + world->named(R"(a\x1b[31m)") + ": No such file or directory");
}

TEST_CASE("Disk::open resolves links once and says where it is", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("real", 0755));
  REQUIRE(top->write_new("real/file", "here", 0644));
  world->plant_link("one", "real");
  world->plant_link("two", world->at("one"));
  const auto opened = world->disk().open(world->at("two/.//../two/"));
  REQUIRE(said(opened) == "success");
  CHECK((*opened)->path() == world->at("real"));
  CHECK((*opened)->read("file", plenty).value() == "here");
  CHECK(world->disk().open("/").value()->path() == "/");
}

TEST_CASE("Disk::open refuses what is no directory", "[ports]") {
  IN_EVERY_WORLD(world);
  REQUIRE(world->top()->write_new("file", "", 0644));
  world->plant_link("nowhere", "absent");
  world->plant_link("into-file", "file/x");
  world->plant_link("loop", "loop");
  cowork::Disk& disk = world->disk();
  CHECK(said(disk.open("relative")) == R"(invalid-argument: "relative" is not an absolute path)");
  CHECK(said(disk.open("")) == R"(invalid-argument: "" is not an absolute path)");
  CHECK(said(disk.open(std::string("/a\0b", 4))) == R"(invalid-argument: "/a\x00b" has a NUL byte)");
  CHECK(said(disk.open(world->at("file"))) == "invalid-argument: " + world->named("file") + " is no directory");
  CHECK(said(disk.open(world->at("file/x"))) == "invalid-argument: " + world->named("file/x") + " is no directory");
  CHECK(said(disk.open(world->at("absent"))) ==
        "not-found: cannot open " + world->named("absent") + ": No such file or directory");
  // Not an absence: a policy that somebody made unreachable must not look like one that was never written.
  CHECK(said(disk.open(world->at("nowhere"))) ==
        "invalid-argument: " + world->named("nowhere") + " is a link that leads nowhere");
  CHECK(disk.open(world->at("into-file")).error().code() == ErrorCode::invalid_argument);
  CHECK(said(disk.open(world->at("loop"))) ==
        "invalid-argument: cannot open " + world->named("loop") + ": Too many levels of symbolic links");
}

TEST_CASE("open_or_make makes what is missing, for its owner alone", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("present", 0755));
  world->plant_link("linked", "present");
  const auto made = world->disk().open_or_make(world->at("linked/a/b"), 0755);
  REQUIRE(said(made) == "success");
  CHECK((*made)->path() == world->at("present/a/b"));
  CHECK(snapshot(*top) == "linked link 511\npresent/ 493\npresent/a/ 448\npresent/a/b/ 448\n");
  CHECK(world->disk().open_or_make(world->at("present"), 0700));
  CHECK(top->status("present").value().mode == 0755);
}

TEST_CASE("open_or_make does not go through files and dead links", "[ports]") {
  IN_EVERY_WORLD(world);
  REQUIRE(world->top()->write_new("file", "", 0644));
  world->plant_link("nowhere", "absent");
  cowork::Disk& disk = world->disk();
  const std::string no_directory = "invalid-argument: " + world->named("file") + " is no directory";
  CHECK(said(disk.open_or_make(world->at("file"), 0700)) == no_directory);
  CHECK(said(disk.open_or_make(world->at("file/x"), 0700)) == no_directory);
  CHECK(said(disk.open_or_make(world->at("nowhere"), 0700)) ==
        "invalid-argument: " + world->named("nowhere") + " is a link; links are not followed here");
  CHECK(said(disk.open_or_make("x", 0700)) == R"(invalid-argument: "x" is not an absolute path)");
}
