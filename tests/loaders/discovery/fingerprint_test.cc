// What makes a host scan again, and what does not.
#include "support/temporary_directory.h"
#include "tiers.h"

using namespace cowork;
using namespace cowork::test;

namespace {

struct World {
  World() {
    temporary.write("t/a/cowork.plugin.json", manifest("a"));
    temporary.write("t/b/cowork.plugin.json", manifest("b"));
    before = fingerprint();
  }
  std::uint64_t fingerprint() const {
    return loaders::make_directory_pack_source(make_real_disk())
        ->fingerprint({{Scope::builtin, temporary.path("none"), false}, {Scope::user, temporary.path("t"), false}});
  }

  TemporaryDirectory temporary;
  std::uint64_t before = 0;
};

}  // namespace

TEST_CASE("a fingerprint stays while nothing changes, across sources and scans") {
  World world;
  CHECK(world.fingerprint() == world.before);
  scan(make_real_disk(), world.temporary.path("t"));
  CHECK(world.fingerprint() == world.before);
}

TEST_CASE("a fingerprint changes with what a scan would see") {
  World world;
  SECTION("a pack more") {
    world.temporary.write("t/c/cowork.plugin.json", manifest("c"));
  }
  SECTION("a pack less") {
    std::filesystem::remove_all(world.temporary.path("t/a"));
  }
  SECTION("another name") {
    std::filesystem::rename(world.temporary.path("t/a"), world.temporary.path("t/z"));
  }
  SECTION("a manifest written in place") {
    world.temporary.write("t/a/cowork.plugin.json", manifest("other"));
  }
  SECTION("a manifest that goes") {
    std::filesystem::remove(world.temporary.path("t/a/cowork.plugin.json"));
  }
  SECTION("a directory that becomes a link") {
    std::filesystem::rename(world.temporary.path("t/a"), world.temporary.path("real"));
    world.temporary.link("t/a", "../real");
  }
  SECTION("two packs that change places") {
    std::filesystem::rename(world.temporary.path("t/a"), world.temporary.path("t/.x"));
    std::filesystem::rename(world.temporary.path("t/b"), world.temporary.path("t/a"));
    std::filesystem::rename(world.temporary.path("t/.x"), world.temporary.path("t/b"));
  }
  SECTION("a root that is exchanged for a copy") {
    std::filesystem::copy(world.temporary.path("t"), world.temporary.path("copy"),
                          std::filesystem::copy_options::recursive);
    std::filesystem::rename(world.temporary.path("t"), world.temporary.path("old"));
    std::filesystem::rename(world.temporary.path("copy"), world.temporary.path("t"));
  }
  SECTION("a root that appears") {
    world.temporary.make_directory("none");
  }
  SECTION("a root that goes") {
    std::filesystem::remove_all(world.temporary.path("t"));
  }
  SECTION("rights") {
    std::filesystem::permissions(world.temporary.path("t"), std::filesystem::perms::all);
  }
  CHECK(world.fingerprint() != world.before);
}

TEST_CASE("a fingerprint does not change with what a scan passes over") {
  World world;
  SECTION("staging") {
    world.temporary.write("t/.staging-1/pack/cowork.plugin.json", "{");
  }
  SECTION("a file") {
    world.temporary.write("t/README.md", "x");
  }
  CHECK(world.fingerprint() == world.before);
}
