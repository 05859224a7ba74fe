// What MemoryDisk offers beyond the contract.
#include <cerrno>

#include "disk_worlds.h"
#include "support/catch.h"

using cowork::MemoryDisk;
using cowork::testing::said;
using cowork::testing::snapshot;

TEST_CASE("a planted fault makes one operation fail and changes nothing", "[ports]") {
  MemoryDisk disk;
  disk.plant_file("/d/file", "old");
  const auto d = disk.open("/d").value();
  const std::uint64_t before = disk.steps();
  disk.set_fault([](std::string_view operation, std::string_view path) -> std::optional<int> {
    if (operation == "replace" && path == "/d/file") return ENOSPC;
    return std::nullopt;
  });
  CHECK(said(d->replace("file", "new", 0644)) == R"(io: cannot replace "/d/file": No space left on device)");
  CHECK(disk.steps() == before);
  CHECK(d->read("file", 100).value() == "old");
  CHECK(d->replace("other", "new", 0644));
  CHECK(disk.steps() > before);
}

TEST_CASE("every operation can be made to fail", "[ports]") {
  MemoryDisk disk;
  disk.plant_file("/d/file", "old");
  const auto d = disk.open("/d").value();
  const auto lock = d->lock("lock", {}).value();
  std::vector<std::string> asked;
  disk.set_fault([&](std::string_view operation, std::string_view path) -> std::optional<int> {
    asked.push_back(std::string(operation) + " " + std::string(path));
    return EIO;
  });
  const std::uint64_t before = disk.steps();
  CHECK_FALSE(disk.open("/d"));
  CHECK_FALSE(disk.open_or_make("/e", 0700));
  CHECK_FALSE(d->entries());
  CHECK_FALSE(d->status("file"));
  CHECK_FALSE(d->read("file", 100));
  CHECK_FALSE(d->directory("e"));
  CHECK_FALSE(d->make_directory("e", 0755));
  CHECK_FALSE(d->write_new("e", "", 0644));
  CHECK_FALSE(d->replace("file", "", 0644));
  CHECK_FALSE(d->append("file", "x", 0644));
  CHECK_FALSE(d->truncate("file", 0));
  CHECK_FALSE(d->rename("file", *d, "e", cowork::RenameMode::no_replace));
  CHECK_FALSE(d->remove("file"));
  CHECK_FALSE(d->sync());
  CHECK_FALSE(d->lock("lock2", {}));
  CHECK_FALSE(lock->read());
  CHECK_FALSE(lock->write("x"));
  CHECK(asked == std::vector<std::string>{"open /d", "open_or_make /e", "entries /d", "status /d/file", "read /d/file",
                                          "directory /d/e", "make_directory /d/e", "write_new /d/e", "replace /d/file",
                                          "append /d/file", "truncate /d/file", "rename /d/file", "remove /d/file",
                                          "sync /d", "lock /d/lock2", "lock-read /d/lock", "lock-write /d/lock"});
  CHECK(disk.steps() == before);
}

TEST_CASE("an append can be left half written, and taken back", "[ports]") {
  MemoryDisk disk;
  disk.plant_file("/log", "1234");
  const auto top = disk.open("/").value();
  disk.set_fault([](std::string_view operation, std::string_view) {
    return operation == "append-half" ? std::optional(ENOSPC) : std::nullopt;
  });
  CHECK(said(top->append("log", "abcd", 0600)) == R"(io: cannot append to "/log": No space left on device)");
  CHECK(top->read("log", 100).value() == "1234ab");
  REQUIRE(top->truncate("log", 4));
  CHECK(top->read("log", 100).value() == "1234");
}

TEST_CASE("a fault may look at the disk and change it", "[ports]") {
  MemoryDisk disk;
  const auto top = disk.open("/").value();
  bool done = false;
  disk.set_fault([&](std::string_view operation, std::string_view) -> std::optional<int> {
    if (operation == "replace" && !std::exchange(done, true)) disk.plant_link("/file", "/etc/shadow");
    return std::nullopt;
  });
  CHECK(said(top->replace("file", "x", 0644)) == R"(invalid-argument: "/file" is a link; links are not followed here)");
}

TEST_CASE("planting refuses what cannot be", "[ports]") {
  MemoryDisk disk;
  disk.plant_file("/d/file", "x");
  disk.plant_file("/d/file", "y");
  disk.plant_link("/l", "/d");
  disk.plant_file("/l/through", "z");
  CHECK(snapshot(*disk.open("/d").value()) == "file y 420\nthrough z 420\n");
  CHECK_THROWS_AS(disk.plant_file("/d", "x"), std::invalid_argument);
  CHECK_THROWS_AS(disk.plant_file("/d/file/x", "x"), std::invalid_argument);
  CHECK_THROWS_AS(disk.plant_file("relative", "x"), std::invalid_argument);
  CHECK_THROWS_AS(disk.plant_link("/d/file", "x"), std::invalid_argument);
  CHECK_THROWS_AS(disk.plant_other("/d/.."), std::invalid_argument);
  CHECK_THROWS_AS(disk.set_status("/d/absent", 0, 0), std::invalid_argument);
}

TEST_CASE("what a user makes on a MemoryDisk is the user's", "[ports]") {
  MemoryDisk disk(1000);
  const auto made = disk.open_or_make("/home", 0700).value();
  CHECK(made->status("").value().owner == 1000);
  CHECK(disk.open("/").value()->status("").value().owner == 0);
  CHECK(disk.trust_of_directory("/home").reason == R"("/home" belongs to user 1000, not to root)");
}

TEST_CASE("directories and locks may outlive a MemoryDisk", "[ports]") {
  auto disk = std::make_unique<MemoryDisk>();
  const auto top = disk->open("/").value();
  const auto lock = top->lock("lock", {}).value();
  disk.reset();
  CHECK(top->write_new("file", "x", 0644));
  CHECK(lock->write("x"));
}
