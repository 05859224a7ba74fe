// Long text is read again on demand, and must be what it was.
#include "cowork/ports/memory_disk.h"
#include "support/temporary_directory.h"
#include "tiers.h"

using namespace cowork;
using namespace cowork::test;

namespace {

struct World {
  World() {
    temporary.write("t/dir/cowork.plugin.json", manifest("pack", members));
    temporary.write("t/dir/skills/t/SKILL.md", skill_file("T", "Do t."));
    source = loaders::make_directory_pack_source(make_real_disk());
    findings = source->scan({{Scope::user, temporary.path("t"), false}}, nullptr);
  }

  static constexpr const char* members = R"(, "skillDirectories": [{"id": "t", "path": "skills/t"}],
"agentRoles": [{"name": "r", "displayName": "R", "icon": "i", "color": "c", "systemPrompt": "long", "extra": 1}])";
  TemporaryDirectory temporary;
  std::shared_ptr<PackSource> source;
  std::vector<TierFindings> findings;
  const PackRecord& record() const { return *findings.at(0).packs.at(0).record; }
};

template <class T>
void check_changed(const Result<T>& result, const std::string& path) {
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == ErrorCode::integrity);
  CHECK(result.error().message() == "\"" + path + "\" changed since it was last scanned");
}

}  // namespace

TEST_CASE("a manifest is read again with its long text, document and all skills") {
  World world;
  const auto parsed = world.source->read_again(world.record());
  REQUIRE(parsed);
  CHECK(parsed->manifest.agent_roles.at(0).system_prompt == "long");
  CHECK(parsed->document.find("agentRoles")->as_array()->at(0).find("extra") != nullptr);
  REQUIRE(parsed->manifest.skills.size() == 2);
  CHECK(parsed->manifest.skills[0].prompt == "the prompt");
  CHECK(parsed->manifest.skills[1].id == "t");
}

TEST_CASE("a skill is read with its prompt, from wherever it stands") {
  World world;
  const auto written = world.source->read_skill(world.record(), "s");
  REQUIRE(written);
  CHECK(written->prompt == "the prompt");
  const auto filed = world.source->read_skill(world.record(), "t");
  REQUIRE(filed);
  CHECK(filed->prompt == "Do t.");
  CHECK(filed->name == "T");
  const auto unknown = world.source->read_skill(world.record(), "x");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code() == ErrorCode::not_found);
  CHECK(unknown.error().message() == "pack \"pack\" has no skill \"x\"");
}

TEST_CASE("a manifest that changed is refused, however it changed") {
  World world;
  const std::string file = "t/dir/cowork.plugin.json";
  const std::string text = world.temporary.read(file);
  SECTION("a valid one") {
    world.temporary.write(file, text + " ");
  }
  SECTION("a broken one") {
    world.temporary.write(file, "{");
  }
  SECTION("one too large") {
    world.temporary.write(file, text + std::string(1U << 20U, ' '));
  }
  SECTION("gone") {
    std::filesystem::remove(world.temporary.path(file));
  }
  SECTION("a directory") {
    std::filesystem::remove(world.temporary.path(file));
    world.temporary.make_directory(file);
  }
  SECTION("a link to the same bytes") {
    std::filesystem::rename(world.temporary.path(file), world.temporary.path("same"));
    world.temporary.link(file, "../../same");
  }
  SECTION("the pack became a link to the same bytes") {
    std::filesystem::rename(world.temporary.path("t/dir"), world.temporary.path("same"));
    world.temporary.link("t/dir", "../same");
  }
  check_changed(world.source->read_again(world.record()), world.temporary.path(file));
  check_changed(world.source->read_skill(world.record(), "s"), world.temporary.path(file));
}

TEST_CASE("a SKILL.md that changed is refused, and other skills are not") {
  World world;
  const std::string file = "t/dir/skills/t/SKILL.md";
  SECTION("another prompt") {
    world.temporary.write(file, skill_file("T", "Do evil."));
  }
  SECTION("a link to the same bytes") {
    std::filesystem::rename(world.temporary.path(file), world.temporary.path("same"));
    world.temporary.link(file, "../../../../same");
  }
  SECTION("gone") {
    std::filesystem::remove(world.temporary.path(file));
  }
  check_changed(world.source->read_skill(world.record(), "t"), world.temporary.path(file));
  CHECK(world.source->read_skill(world.record(), "s"));
}

TEST_CASE("a fault of the disk is io, not integrity") {
  const auto disk = std::make_shared<MemoryDisk>();
  disk->plant_file("/t/dir/cowork.plugin.json", manifest("pack"));
  const auto source = loaders::make_directory_pack_source(disk);
  const auto findings = source->scan({{Scope::user, "/t", false}}, nullptr);
  disk->set_fault([](std::string_view operation, std::string_view) {
    return operation == "read" ? std::optional(EIO) : std::nullopt;
  });
  const auto read = source->read_again(*findings.at(0).packs.at(0).record);
  REQUIRE_FALSE(read);
  CHECK(read.error().code() == ErrorCode::io);
}
