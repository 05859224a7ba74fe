// Listing, moving and removing.
#include "disk_worlds.h"
#include "support/catch.h"

using cowork::FileKind;
using cowork::RenameMode;
using cowork::testing::said;
using cowork::testing::snapshot;

TEST_CASE("entries are sorted by their bytes and say what they are", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->write_new("b", "", 0644));
  REQUIRE(top->write_new("\xc3\xa9", "", 0644));
  REQUIRE(top->write_new("B", "", 0644));
  REQUIRE(top->write_new(".hidden", "", 0644));
  REQUIRE(top->make_directory("a", 0755));
  world->plant_link("link", "a");
  world->plant_fifo("fifo");
  std::string listed;
  const auto entries = top->entries().value();
  for (const auto& entry : entries) listed += entry.name + std::to_string(int(entry.kind)) + " ";
  CHECK(listed ==
        ".hidden0 B0 a1 b0 fifo3 link2 \xc3\xa9"
        "0 ");
  CHECK(top->entries().value().size() == 7);  // the same again: no position is shared
}

TEST_CASE("entries that begin alike are sorted by what follows", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  const std::vector<std::string> sorted{"pack",           "pack-",          "pack-0",           "pack-00000001",
                                        "pack-00000001a", "pack-00000001b", "pack-0000000\x7f", "pack-0000000\xc3\xa9",
                                        "pack-01",        "packa"};
  for (auto name = sorted.rbegin(); name != sorted.rend(); ++name) REQUIRE(top->make_directory(*name, 0755));
  const auto entries = top->entries().value();
  std::vector<std::string> listed;
  for (const auto& entry : entries) listed.push_back(entry.name);
  CHECK(listed == sorted);
}

TEST_CASE("a directory stays what it was opened as when its path moves", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("a", 0755));
  const auto opened = top->directory("a").value();
  REQUIRE(top->rename("a", *top, "b", RenameMode::no_replace));
  REQUIRE(opened->write_new("file", "x", 0644));
  CHECK(opened->path() == world->at("a"));
  CHECK(snapshot(*top) == "b/ 493\nb/file x 420\n");
}

TEST_CASE("nothing can be made in a removed directory", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("a", 0755));
  const auto opened = top->directory("a").value();
  REQUIRE(top->remove("a"));
  const std::string ending = world->named("a/x") + ": No such file or directory";
  CHECK(opened->entries().value().empty());
  CHECK(said(opened->write_new("x", "", 0644)) == "not-found: cannot make " + ending);
  CHECK(said(opened->make_directory("x", 0755)) == "not-found: cannot make " + ending);
  CHECK(said(opened->replace("x", "", 0644)) == "not-found: cannot replace " + ending);
  CHECK(said(opened->append("x", "", 0644)) == "not-found: cannot append to " + ending);
  CHECK(said(opened->lock("x", {})) == "not-found: cannot lock " + ending);
}

TEST_CASE("rename without replacing refuses a taken name", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("staging", 0700));
  REQUIRE(top->make_directory("staging/pack", 0755));
  REQUIRE(top->write_new("staging/pack/file", "x", 0644));
  REQUIRE(top->make_directory("visible", 0755));
  const auto visible = top->directory("visible").value();
  REQUIRE(top->rename("staging/pack", *visible, "pack", RenameMode::no_replace));
  CHECK(snapshot(*top) == "staging/ 448\nvisible/ 493\nvisible/pack/ 493\nvisible/pack/file x 420\n");

  REQUIRE(top->make_directory("staging/pack", 0755));
  const std::string before = snapshot(*top);
  const std::string both = world->named("staging/pack") + " to " + world->named("visible/pack");
  CHECK(said(top->rename("staging/pack", *visible, "pack", RenameMode::no_replace)) ==
        "already-exists: cannot rename " + both + ": File exists");
  CHECK(said(top->rename("absent", *visible, "new", RenameMode::no_replace)) ==
        "not-found: cannot rename " + world->named("absent") + " to " + world->named("visible/new") +
            ": No such file or directory");
  CHECK(snapshot(*top) == before);
}

TEST_CASE("rename by exchange swaps both, or nothing", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->write_new("old", "1", 0600));
  REQUIRE(top->make_directory("new", 0755));
  REQUIRE(top->rename("new", *top, "old", RenameMode::exchange));
  CHECK(snapshot(*top) == "new 1 384\nold/ 493\n");
  CHECK(said(top->rename("new", *top, "absent", RenameMode::exchange)) ==
        "not-found: cannot rename " + world->named("new") + " to " + world->named("absent") +
            ": No such file or directory");
  CHECK(snapshot(*top) == "new 1 384\nold/ 493\n");
}

TEST_CASE("a directory cannot move into itself", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("a", 0755));
  REQUIRE(top->make_directory("a/b", 0755));
  CHECK(said(top->rename("a", *top, "a/b/c", RenameMode::no_replace)) ==
        "io: cannot rename " + world->named("a") + " to " + world->named("a/b/c") + ": Invalid argument");
  CHECK(said(top->rename("a/b", *top, "a", RenameMode::exchange)) ==
        "io: cannot rename " + world->named("a/b") + " to " + world->named("a") + ": Invalid argument");
}

TEST_CASE("rename to a directory of another disk is refused", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->write_new("a", "", 0644));
  const auto real = cowork::make_real_disk()->open("/tmp").value();
  const auto memory = cowork::MemoryDisk().open("/").value();
  const bool is_memory = world->root() == "/playground";
  cowork::Directory& foreign = is_memory ? *real : *memory;
  CHECK(said(top->rename("a", foreign, "a", RenameMode::no_replace)) ==
        "invalid-argument: \"" + foreign.path() + "\" is a directory of another disk");
}

TEST_CASE("remove takes a tree and leaves what its links lead to", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  REQUIRE(top->make_directory("kept", 0755));
  REQUIRE(top->write_new("kept/file", "x", 0644));
  for (const char* name : {"tree", "tree/a", "tree/a/b", "tree/c"}) REQUIRE(top->make_directory(name, 0755));
  REQUIRE(top->write_new("tree/a/b/file", "", 0600));
  world->plant_link("tree/to-kept", world->at("kept"));
  world->plant_link("tree/a/up", "../../kept");
  world->plant_link("tree/a/b/dead", "nowhere");
  world->plant_fifo("tree/c/fifo");
  REQUIRE(said(top->remove("tree")) == "success");
  CHECK(snapshot(*top) == "kept/ 493\nkept/file x 420\n");
  REQUIRE(top->remove("kept/file"));
  REQUIRE(top->remove("kept"));
  CHECK(snapshot(*top).empty());
}

TEST_CASE("remove takes a tree that is deeper than any path or stack", "[ports]") {
  IN_EVERY_WORLD(world);
  const auto top = world->top();
  constexpr int depth = 3000;  // more than the descriptors of a process, and more bytes than PATH_MAX
  REQUIRE(top->make_directory("deep", 0755));
  auto below = top->directory("deep").value();
  for (int i = 0; i < depth; ++i) {
    REQUIRE(below->make_directory("deeper", 0755));
    below = below->directory("deeper").value();
  }
  REQUIRE(below->write_new("file", "", 0644));
  REQUIRE(said(top->remove("deep")) == "success");
  CHECK(snapshot(*top).empty());
}

TEST_CASE("sync of a directory succeeds", "[ports]") {
  IN_EVERY_WORLD(world);
  CHECK(world->top()->sync());
}
