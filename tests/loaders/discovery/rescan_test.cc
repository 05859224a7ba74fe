// A scan that knows the one before: what it takes over unread, and what it reads again.
#include <filesystem>
#include <set>

#include "cowork/loaders/pack_files.h"
#include "cowork/ports/memory_disk.h"
#include "support/temporary_directory.h"
#include "tiers.h"

using namespace cowork;
using namespace cowork::test;
using Strings = std::vector<std::string>;

namespace {

/// A tier of two packs, long unchanged, and which of its files are read.
struct World {
  World() {
    disk->plant_file("/t/a/cowork.plugin.json", manifest("a"));
    disk->plant_file("/t/b/cowork.plugin.json", manifest("b", R"(, "skillDirectories": [{"id": "t", "path": "s"}])"));
    disk->plant_file("/t/b/s/SKILL.md", skill_file("S", "Do s."));
    disk->set_fault([this](std::string_view operation, std::string_view path) -> std::optional<int> {
      if (operation == "read") read.emplace(path);
      return std::nullopt;
    });
    scan();
    read.clear();
  }
  std::vector<TierFindings> look() {
    return source->scan(
        {{Scope::builtin, "/none", false}, {Scope::organization, "", false}, {Scope::user, "/t", false}},
        catalog.get());
  }
  void scan() { catalog = Catalog::build(look(), catalog); }
  void same_revision_after_scan() {
    const auto revision = catalog->revision();
    scan();
    CHECK(catalog->revision() == revision);
  }
  void other_revision_after_scan() {
    const auto revision = catalog->revision();
    scan();
    CHECK(catalog->revision() > revision);
  }

  std::set<std::string> read;
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<PackSource> source = loaders::make_directory_pack_source(disk);
  std::shared_ptr<const Catalog> catalog;
};

using Files = std::set<std::string>;

Strings names(const PackRecords& packs) {
  Strings names;
  for (const PackRecord& pack : packs) names.emplace_back(pack.name());
  return names;
}

}  // namespace

TEST_CASE("where nothing changed nothing is read, and the catalog is the one before") {
  World world;
  const auto before = world.catalog;
  world.scan();
  CHECK(world.read.empty());
  CHECK(world.catalog == before);
}

TEST_CASE("only what changed is read, and the rest is the same records") {
  World world;
  const auto before = world.catalog;
  const PackRecord* kept = &(*before)[0];
  SECTION("a manifest") {
    world.disk->plant_file("/t/b/cowork.plugin.json", manifest("c"));
    world.other_revision_after_scan();
    CHECK(world.read == Files{"/t/b/cowork.plugin.json"});
    CHECK(names(world.catalog->packs()) == Strings{"a", "c"});
  }
  SECTION("a skill's file") {
    world.disk->plant_file("/t/b/s/SKILL.md", skill_file("T", "Do t."));
    world.other_revision_after_scan();
    CHECK(world.read == Files{"/t/b/cowork.plugin.json", "/t/b/s/SKILL.md"});
    CHECK((*world.catalog)[1].manifest.skills[1].name == "T");
  }
  SECTION("the pack is gone") {
    REQUIRE(world.disk->open("/t").value()->remove("b"));
    world.other_revision_after_scan();
    CHECK(world.read.empty());
    CHECK(names(world.catalog->packs()) == Strings{"a"});
  }
  SECTION("a pack more, between them") {
    world.disk->plant_file("/t/aa/cowork.plugin.json", manifest("aa"));
    world.other_revision_after_scan();
    CHECK(world.read == Files{"/t/aa/cowork.plugin.json"});
    CHECK(names(world.catalog->packs()) == Strings{"a", "aa", "b"});
  }
  SECTION("a directory that became a link") {
    REQUIRE(world.disk->open("/t").value()->rename("b", *world.disk->open("/t").value(), ".b", RenameMode::no_replace));
    world.disk->plant_link("/t/b", ".b");
    world.other_revision_after_scan();
    CHECK(names(world.catalog->packs()) == Strings{"a"});
    CHECK(world.catalog->diagnostics().at(0).code == "link-refused");
  }
  SECTION("rights of a manifest") {
    world.disk->set_status("/t/b/cowork.plugin.json", 1000, 0600);
    world.scan();
    CHECK(world.read.contains("/t/b/cowork.plugin.json"));
  }
  CHECK(&(*world.catalog)[0] == kept);
}

TEST_CASE("two packs that change places are read both") {
  World world;
  const auto tier = world.disk->open("/t").value();
  REQUIRE(tier->rename("a", *tier, "b", RenameMode::exchange));
  world.other_revision_after_scan();
  CHECK(names(world.catalog->packs()) == Strings{"b", "a"});
}

TEST_CASE("the same bytes written anew change nothing but the stamp") {
  World world;
  const auto before = world.catalog;
  world.disk->plant_file("/t/a/cowork.plugin.json", manifest("a"));
  world.same_revision_after_scan();
  CHECK(world.read == Files{"/t/a/cowork.plugin.json"});
  CHECK(world.catalog != before);
  world.read.clear();
  world.same_revision_after_scan();
  CHECK(world.read.empty());
}

TEST_CASE("what is passed over disturbs nobody") {
  World world;
  world.disk->plant_file("/t/.staging-1/pack/cowork.plugin.json", "{");
  world.disk->plant_file("/t/README.md", "x");
  world.same_revision_after_scan();
  CHECK(world.read.empty());
}

TEST_CASE("what was said of a pack is said again without reading it; what is no pack is read each time") {
  World world;
  world.disk->plant_file("/t/broken/cowork.plugin.json", "{");
  world.disk->plant_file("/t/far/cowork.plugin.json", manifest("far", R"(, "coworkVersion": "99.0.0")"));
  world.disk->plant_file("/t/large/lib", std::string(1 << 20, 'x'));
  world.disk->plant_file("/t/large/cowork.plugin.json", manifest("large", R"(, "main": "lib")"));
  world.other_revision_after_scan();
  const auto said = world.catalog->diagnostics();
  REQUIRE(said.size() > 3);
  for (int round = 0; round < 2; ++round) {
    world.read.clear();
    world.same_revision_after_scan();
    CHECK(world.read == Files{"/t/broken/cowork.plugin.json"});
    CHECK(world.catalog->diagnostics() == said);
    CHECK(said[0].code == "invalid-manifest");
    CHECK(said[1].code == "incompatible");
    CHECK(said[2].code == "invalid-main");
    CHECK(world.catalog->fault(2) != nullptr);
    CHECK(world.catalog->fault(3) != nullptr);
  }
  world.disk->plant_file("/t/far/cowork.plugin.json", manifest("far"));
  world.other_revision_after_scan();
  CHECK(world.catalog->fault(2) == nullptr);
  CHECK(world.catalog->diagnostics()[1].code == "invalid-main");
}

TEST_CASE("a look at a file does not go through a link on the way, as no reading does") {
  TemporaryDirectory temporary;
  temporary.write("t/a/s/SKILL.md", "x");
  const auto tier = *make_real_disk()->open(temporary.path("t"));
  CHECK(loaders::PackFiles(*tier, "a", nullptr, nullptr).look("s/SKILL.md"));
  std::filesystem::rename(temporary.path("t/a/s"), temporary.path("elsewhere"));
  std::filesystem::create_directory_symlink(temporary.path("elsewhere"), temporary.path("t/a/s"));
  CHECK_FALSE(loaders::PackFiles(*tier, "a", nullptr, nullptr).look("s/SKILL.md"));
}

TEST_CASE("another directory of the same packs is not the one before") {
  World world;
  world.disk->plant_file("/u/a/cowork.plugin.json", manifest("a"));
  const auto found = world.source->scan({{Scope::user, "/u", false}}, world.catalog.get());
  CHECK(world.read == Files{"/u/a/cowork.plugin.json"});
  CHECK(found[0].packs.at(0).record->path() == "/u/a");
}

TEST_CASE("a file that changed just before it was read is read again until its time is past") {
  TemporaryDirectory temporary;
  temporary.write("t/a/cowork.plugin.json", manifest("a"));
  const auto source = loaders::make_directory_pack_source(make_real_disk());
  const std::vector<TierRoot> roots{{Scope::user, temporary.path("t"), false}};
  const auto first = Catalog::build(source->scan(roots, nullptr), nullptr);
  CHECK(first->entry(0).stamp == 0);
  // Same size, and perhaps the same tick of the file system's clock.
  temporary.write("t/a/cowork.plugin.json", manifest("b"));
  const auto second = Catalog::build(source->scan(roots, first.get()), first);
  CHECK((*second)[0].name() == "b");
}

TEST_CASE("blocks of packs that changed do not pile up") {
  World world;
  for (int i = 0; i < 400; ++i) {
    world.disk->plant_file("/t/a/cowork.plugin.json", manifest("a" + std::to_string(i)));
    world.scan();
  }
  std::size_t bytes = 0;
  for (const auto& storage : world.catalog->storage(Scope::user)) bytes += storage->bytes();
  CHECK(bytes < (1U << 17U));
  CHECK(names(world.catalog->packs()) == Strings{"a399", "b"});
}
