// SPEC §1, "Trusted directory": the root, what is above it, and everything taken from it.
#include "cowork/ports/memory_disk.h"
#include "tiers.h"

using namespace cowork;
using namespace cowork::test;

namespace {

constexpr std::uint32_t somebody = 1000;

std::shared_ptr<MemoryDisk> disk_with_packs() {
  const auto disk = std::make_shared<MemoryDisk>();
  disk->plant_file("/opt/t/a/cowork.plugin.json", manifest("a"));
  disk->plant_file(
      "/opt/t/b/cowork.plugin.json",
      manifest("b", R"(, "skillDirectories": [{"id": "t", "path": "skills/t"}], "main": "native/lib.so")"));
  disk->plant_file("/opt/t/b/skills/t/SKILL.md", skill_file("T", "Do t."));
  disk->plant_file("/opt/t/b/skills/other/SKILL.md", "not taken");
  disk->plant_file("/opt/t/b/native/lib.so", "no library");
  disk->plant_file("/opt/t/README.md", "not taken");
  return disk;
}

}  // namespace

TEST_CASE("a tier that is root's alone is trusted") {
  const TierFindings found = scan(disk_with_packs(), "/opt/t");
  CHECK(found.trusted);
  CHECK(found.untrusted_reason.empty());
  CHECK(names(found) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("whatever is taken from a tier can cost it its trust") {
  struct Case {
    const char* path;
    std::uint32_t owner;
    std::uint32_t mode;
    std::string reason;
  };
  const Case table[] = {
      {"/opt", somebody, 0755, "\"/opt\" belongs to user 1000, not to root"},
      {"/opt", 0, 0777, "\"/opt\" is writable by others than root (mode 0777)"},
      {"/opt/t", somebody, 0755, "\"/opt/t\" belongs to user 1000, not to root"},
      {"/opt/t", 0, 01777, "\"/opt/t\" is writable by others than root (mode 1777)"},
      {"/opt/t/a", 0, 0775, "\"/opt/t/a\" is writable by others than root (mode 0775)"},
      {"/opt/t/a/cowork.plugin.json", somebody, 0644,
       "\"/opt/t/a/cowork.plugin.json\" belongs to user 1000, not to root"},
      {"/opt/t/b/cowork.plugin.json", 0, 0666,
       "\"/opt/t/b/cowork.plugin.json\" is writable by others than root (mode 0666)"},
      {"/opt/t/b/skills", somebody, 0755, "\"/opt/t/b/skills\" belongs to user 1000, not to root"},
      {"/opt/t/b/skills/t", 0, 0757, "\"/opt/t/b/skills/t\" is writable by others than root (mode 0757)"},
      {"/opt/t/b/skills/t/SKILL.md", 0, 0664,
       "\"/opt/t/b/skills/t/SKILL.md\" is writable by others than root (mode 0664)"},
      {"/opt/t/b/native", somebody, 0755, "\"/opt/t/b/native\" belongs to user 1000, not to root"},
      {"/opt/t/b/native/lib.so", somebody, 0755, "\"/opt/t/b/native/lib.so\" belongs to user 1000, not to root"},
  };
  for (const auto& [path, owner, mode, reason] : table) {
    INFO(path);
    const auto disk = disk_with_packs();
    disk->set_status(path, owner, mode);
    const TierFindings found = scan(disk, "/opt/t");
    CHECK_FALSE(found.trusted);
    CHECK(found.untrusted_reason == reason);
    CHECK(found.readable);
    CHECK(found.packs.size() == 2);
  }
}

TEST_CASE("what is not taken from a tier does not count") {
  const auto disk = disk_with_packs();
  disk->set_status("/opt/t/README.md", somebody, 0666);
  disk->set_status("/opt/t/b/skills/other", somebody, 0777);
  CHECK(scan(disk, "/opt/t").trusted);
}

TEST_CASE("the first offender is named") {
  const auto disk = disk_with_packs();
  disk->set_status("/opt/t/b/cowork.plugin.json", somebody, 0644);
  disk->set_status("/opt/t/a/cowork.plugin.json", somebody, 0644);
  CHECK(scan(disk, "/opt/t").untrusted_reason == "\"/opt/t/a/cowork.plugin.json\" belongs to user 1000, not to root");
}
