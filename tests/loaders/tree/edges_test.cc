// Faults on the way through a tree, and what the rows of the other files leave out.
#include "cowork/loaders/pack_tree.h"
#include "cowork/loaders/tree_hash.h"
#include "cowork/ports/memory_disk.h"
#include "folded_path.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::loaders;

TEST_CASE("paths are joined by one slash, and by none where one of them is empty") {
  CHECK(join_path("", "") == "");
  CHECK(join_path("a", "") == "a");
  CHECK(join_path("", "b") == "b");
  CHECK(join_path("a", "b") == "a/b");
  CHECK(join_path("a/", "b") == "a/b");
}

TEST_CASE("what is no UTF-8 is folded to itself") {
  CHECK(folded_path("A\xff") == "A\xff");
  CHECK(folded_path("A") == "a");
}

TEST_CASE("a tree that can't be read whole is not listed, and has no hash") {
  for (const std::string failing : {"entries", "status", "directory", "read"}) {
    CAPTURE(failing);
    MemoryDisk disk;
    disk.plant_file("/root/pack/below/file", "x");
    const auto root = disk.open("/root");
    REQUIRE(root);
    disk.set_fault([&](std::string_view operation, std::string_view) -> std::optional<int> {
      return operation == failing ? std::optional(EIO) : std::nullopt;
    });
    if (failing != "read") CHECK_FALSE(list_tree(**root, "root", false));
    const auto hash = tree_sha256(**root, "pack");
    REQUIRE_FALSE(hash);
    CHECK(hash.error().code() == ErrorCode::io);
    disk.set_fault({});
    CHECK(tree_sha256(**root, "pack"));
    CHECK(tree_sha256(**root, ""));
  }
}
