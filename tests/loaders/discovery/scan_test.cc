// What is found in a tier, in which order, and what is said about the rest.
#include <sys/stat.h>

#include "cowork/ports/memory_disk.h"
#include "support/temporary_directory.h"
#include "tiers.h"

using namespace cowork;
using namespace cowork::test;
using Strings = std::vector<std::string>;

TEST_CASE("packs are found by directory name, bytewise, and keep no long text") {
  TemporaryDirectory temporary;
  temporary.write("b/cowork.plugin.json", manifest("first"));
  temporary.write("a-z/cowork.plugin.json", manifest("second", R"(, "agentRoles": [{"name": "r", "displayName": "R",
    "icon": "i", "color": "c", "systemPrompt": "long"}])"));
  temporary.write("a/cowork.plugin.json", manifest("third"));
  temporary.write("B/cowork.plugin.json", manifest("fourth"));
  const TierFindings found = scan(make_real_disk(), temporary.path());
  CHECK(shown(found) == Strings{});
  CHECK(names(found) == Strings{"fourth", "third", "second", "first"});
  CHECK(found.readable);
  CHECK(found.reserved.empty());
  const PackRecord& record = *found.packs.back().record;
  CHECK(record.alias == "b");
  CHECK(record.path() == temporary.path("b"));
  CHECK(record.scope == Scope::builtin);
  CHECK(record.manifest_hash != ContentHash{});
  CHECK_FALSE(found.packs.back().fault);
  CHECK(record.manifest.skills.size() == 1);
}

TEST_CASE("what is no pack is skipped or reported, and never hides one") {
  TemporaryDirectory temporary;
  temporary.write("good/cowork.plugin.json", manifest("good"));
  temporary.write("README.md", "x");
  temporary.write(".hidden/cowork.plugin.json", manifest("hidden"));
  temporary.write(".staging-1/pack/cowork.plugin.json", "{");
  temporary.write("empty/notes.txt", "x");
  temporary.write("broken/cowork.plugin.json", "{\n  \"name\": nope");
  temporary.write("wrong/cowork.plugin.json", manifest("claimed", R"(, "homepage": 7)"));
  temporary.link("linked", "good");
  temporary.link(".linked", "good");
  REQUIRE(::mkfifo(temporary.path("pipe").c_str(), 0600) == 0);
  const TierFindings found = scan(make_real_disk(), temporary.path());
  const std::string root = temporary.path();
  CHECK(names(found) == Strings{"good"});
  CHECK(shown(found) ==
        Strings{"error invalid-manifest " + root + "/broken/cowork.plugin.json:2:12 (/name): expected a value",
                "warning no-manifest " + root + "/empty: no cowork.plugin.json in \"" + root + "/empty\"",
                "error link-refused " + root + "/linked: link refused: nothing of a pack may be a link",
                "warning not-a-directory " + root + "/pipe: expected a directory, found a special file",
                "error invalid-manifest " + root +
                    "/wrong/cowork.plugin.json:2:95 (/homepage): expected a string, found a number"});
  CHECK(found.reserved == Strings{"broken", "claimed", "empty", "linked", "wrong"});
}

TEST_CASE("a manifest must be a regular file of a bounded size, read at once") {
  TemporaryDirectory temporary;
  const std::string root = temporary.path();
  Strings expected;
  SECTION("directory") {
    temporary.make_directory("pack/cowork.plugin.json");
    expected = {"error invalid-manifest " + root +
                "/pack/cowork.plugin.json: expected a regular file, found a directory"};
  }
  SECTION("FIFO") {
    temporary.make_directory("pack");
    REQUIRE(::mkfifo(temporary.path("pack/cowork.plugin.json").c_str(), 0600) == 0);
    expected = {"error invalid-manifest " + root +
                "/pack/cowork.plugin.json: expected a regular file, found a special file"};
  }
  SECTION("too large") {
    temporary.write("pack/cowork.plugin.json", manifest("pack") + std::string(1U << 20U, ' '));
    expected = {"error invalid-manifest " + root + "/pack/cowork.plugin.json: larger than 1048576 bytes"};
  }
  SECTION("link") {
    temporary.write("elsewhere.json", manifest("pack"));
    temporary.link("pack/cowork.plugin.json", "../elsewhere.json");
    expected = {"error link-refused " + root +
                "/pack/cowork.plugin.json: link refused: nothing of a pack may be a link"};
  }
  SECTION("link that leads nowhere") {
    temporary.link("pack/cowork.plugin.json", "nowhere");
    expected = {"error link-refused " + root +
                "/pack/cowork.plugin.json: link refused: nothing of a pack may be a link"};
  }
  const TierFindings found = scan(make_real_disk(), root);
  CHECK(shown(found) == expected);
  CHECK(found.packs.empty());
  CHECK(found.reserved == Strings{"pack"});
}

TEST_CASE("skill directories give skills; one that can't be read takes the pack out and keeps its name") {
  TemporaryDirectory temporary;
  const std::string root = temporary.path();
  const std::string members = R"(,
"skillDirectories": [{"id": "t", "path": "skills/t"}, {"id": "u", "path": "skills/u", "name": "Own", "description": "own",
  "icon": "i", "category": "c", "enabled": false}])";
  temporary.write("dir/cowork.plugin.json", manifest("pack", members));
  temporary.write("dir/skills/t/SKILL.md", skill_file("T", "Do t."));
  temporary.write("dir/skills/u/SKILL.md", skill_file("U", "Do u."));
  SECTION("well") {
    const TierFindings found = scan(make_real_disk(), root);
    CHECK(shown(found) == Strings{});
    const auto& skills = found.packs.at(0).record->manifest.skills;
    REQUIRE(skills.size() == 3);
    CHECK(skills[1].id == "t");
    CHECK(skills[1].name == "T");
    CHECK(skills[1].description == "Does T");
    CHECK(skills[1].file == "skills/t/SKILL.md");
    CHECK(skills[1].file_hash() != ContentHash{});
    CHECK(skills[1].enabled);
    CHECK(skills[2].name == "Own");
    CHECK(skills[2].description == "own");
    CHECK(skills[2].icon == "i");
    CHECK(skills[2].category == "c");
    CHECK_FALSE(skills[2].enabled);
    return;
  }
  std::string expected;
  SECTION("missing") {
    std::filesystem::remove(temporary.path("dir/skills/t/SKILL.md"));
    expected = "error invalid-manifest " + root +
               "/dir/cowork.plugin.json:3:42 (/skillDirectories/0/path): no SKILL.md in \"skills/t\"";
  }
  SECTION("bad") {
    temporary.write("dir/skills/t/SKILL.md", "---\nname: T\n");
    expected =
        "error invalid-manifest " + root + "/dir/skills/t/SKILL.md:1: the front matter is not closed by a line \"---\"";
  }
  SECTION("linked file") {
    std::filesystem::remove(temporary.path("dir/skills/t/SKILL.md"));
    temporary.link("dir/skills/t/SKILL.md", "../u/SKILL.md");
    expected = "error link-refused " + root + "/dir/skills/t/SKILL.md: link refused: nothing of a pack may be a link";
  }
  SECTION("linked directory") {
    std::filesystem::remove_all(temporary.path("dir/skills/t"));
    temporary.link("dir/skills/t", "u");
    expected = "error link-refused " + root + "/dir/skills/t: link refused: nothing of a pack may be a link";
  }
  SECTION("a directory") {
    std::filesystem::remove(temporary.path("dir/skills/t/SKILL.md"));
    temporary.make_directory("dir/skills/t/SKILL.md");
    expected = "error invalid-manifest " + root + "/dir/skills/t/SKILL.md: expected a regular file, found a directory";
  }
  SECTION("a file in the way") {
    std::filesystem::remove_all(temporary.path("dir/skills/t"));
    temporary.write("dir/skills/t", "x");
    expected = "error invalid-manifest " + root + "/dir/skills/t: expected a directory, found a regular file";
  }
  const TierFindings found = scan(make_real_disk(), root);
  CHECK(shown(found) == Strings{expected});
  CHECK(found.packs.empty());
  CHECK(found.reserved == Strings{"dir", "pack"});
}

TEST_CASE("a pack that this host can't serve is listed with its fault") {
  struct Case {
    std::string members;
    std::string shown;
  };
  const Case table[] = {
      {R"(, "coworkVersion": "1.0.1")",
       "error incompatible /t/p/cowork.plugin.json:2:100 (/coworkVersion): needs host version 1.0.1 or newer, this one "
       "is "
       "compatible with 1.0.0"},
      {R"(, "platform": {"os": ["win32", "darwin"]})",
       "error incompatible /t/p/cowork.plugin.json:2:102 (/platform/os): made for win32, darwin, this is linux"},
      {R"(, "main": "native/x")",
       "error invalid-main /t/p/cowork.plugin.json:2:91 (/main): no library \"native/x\" in the pack"},
      {R"(, "main": "index.js")",
       "error invalid-main /t/p/cowork.plugin.json:2:91 (/main): main is no native library for this platform: "
       "\"index.js\": it does not begin with an ELF header"},
  };
  for (const auto& [members, expected] : table) {
    INFO(members);
    const auto disk = std::make_shared<MemoryDisk>();
    disk->plant_file("/t/p/cowork.plugin.json", manifest("pack", members));
    disk->plant_file("/t/p/index.js", "module.exports = {}");
    const TierFindings found = scan(disk, "/t");
    CHECK(names(found) == Strings{"pack"});
    CHECK(shown(found) == Strings{expected});
    REQUIRE(found.packs.at(0).fault);
    CHECK(found.packs.at(0).fault->code() == ErrorCode::invalid_manifest);
    CHECK(expected.ends_with(found.packs.at(0).fault->message()));
    CHECK(found.reserved.empty());
  }
}

TEST_CASE("a pack that this host can serve has no fault") {
  for (const char* members : {R"(, "coworkVersion": "1.0.0")", R"(, "coworkVersion": "0.9.9")",
                              R"(, "platform": {"os": ["win32", "linux"]})", R"(, "platform": {"os": []})"}) {
    INFO(members);
    const auto disk = std::make_shared<MemoryDisk>();
    disk->plant_file("/t/p/cowork.plugin.json", manifest("pack", members));
    const TierFindings found = scan(disk, "/t");
    CHECK(shown(found) == Strings{});
    CHECK_FALSE(found.packs.at(0).fault);
  }
}

TEST_CASE("a command with an unknown skill is a warning, an unknown member is none") {
  const auto disk = std::make_shared<MemoryDisk>();
  disk->plant_file(
      "/t/p/cowork.plugin.json",
      manifest("pack", R"(, "slashCommands": [{"name": "c", "description": "d", "skillId": "x"}], "new": 1)"));
  const TierFindings found = scan(disk, "/t");
  CHECK(names(found) == Strings{"pack"});
  REQUIRE(found.diagnostics.size() == 1);
  CHECK(found.diagnostics[0].severity == Severity::warning);
  CHECK(found.diagnostics[0].code == "unknown-skill");
  CHECK(found.diagnostics[0].place.pointer == "/slashCommands/0/skillId");
}

TEST_CASE("a tier that is not there: nothing to say about a default place, an error where one was configured") {
  const auto disk = std::make_shared<MemoryDisk>();
  TierFindings found = scan(disk, "/none", false);
  CHECK(found.readable);
  CHECK_FALSE(found.trusted);
  CHECK(shown(found) == Strings{});
  found = scan(disk, "", false);
  CHECK(found.readable);
  CHECK(shown(found) == Strings{});
  found = scan(disk, "/none", true);
  CHECK(found.readable);
  CHECK_FALSE(found.trusted);
  CHECK(shown(found) ==
        Strings{"error tier-missing /none: the configured directory of the builtin tier does not exist"});
}

TEST_CASE("a tier that can't be read is reported as such") {
  const auto disk = std::make_shared<MemoryDisk>();
  disk->plant_file("/t/p/cowork.plugin.json", manifest("pack"));
  std::string expected;
  std::string path = "/t";
  SECTION("opening fails") {
    disk->set_fault([](std::string_view operation, std::string_view) {
      return operation == "open" ? std::optional(EACCES) : std::nullopt;
    });
    expected = "error tier-unreadable /t: cannot open \"/t\": Permission denied";
  }
  SECTION("listing fails") {
    disk->set_fault([](std::string_view operation, std::string_view) {
      return operation == "entries" ? std::optional(EIO) : std::nullopt;
    });
    expected = "error tier-unreadable /t: cannot list \"/t\": Input/output error";
  }
  SECTION("a file") {
    path = "/t/p/cowork.plugin.json";
    expected = "error tier-unreadable /t/p/cowork.plugin.json: \"/t/p/cowork.plugin.json\" is no directory";
  }
  SECTION("a relative path") {
    path = "t";
    expected = "error tier-unreadable t: \"t\" is not an absolute path";
  }
  const TierFindings found = scan(disk, path);
  CHECK_FALSE(found.readable);
  CHECK_FALSE(found.trusted);
  CHECK(found.packs.empty());
  CHECK(shown(found) == Strings{expected});
}

TEST_CASE("a manifest that can't be read takes out its pack only") {
  const auto disk = std::make_shared<MemoryDisk>();
  for (const char* name : {"a", "b", "c"}) {
    disk->plant_file(std::string("/t/") + name + "/cowork.plugin.json", manifest(name));
  }
  disk->set_fault([](std::string_view operation, std::string_view path) {
    return operation == "read" && path.starts_with("/t/b/") ? std::optional(EIO) : std::nullopt;
  });
  const TierFindings found = scan(disk, "/t");
  CHECK(found.readable);
  CHECK(names(found) == Strings{"a", "c"});
  CHECK(shown(found) == Strings{"error invalid-manifest /t/b/cowork.plugin.json: cannot read "
                                "\"/t/b/cowork.plugin.json\": Input/output error"});
  CHECK(found.reserved == Strings{"b"});
}

TEST_CASE("a tier's root may be a link, resolved once") {
  TemporaryDirectory temporary;
  temporary.write("real/p/cowork.plugin.json", manifest("pack"));
  temporary.link("tier", "real");
  const TierFindings found = scan(make_real_disk(), temporary.path("tier"));
  CHECK(names(found) == Strings{"pack"});
  CHECK(found.packs.at(0).record->path() == temporary.path("real/p"));
  CHECK(found.root.path == temporary.path("tier"));
}

TEST_CASE("directory names that a terminal or a JSON document could not show are refused") {
  TemporaryDirectory temporary;
  for (const char* name : {"a\x1b[31m", "b\xFF", "c\u200b"}) {
    temporary.write(std::string(name) + "/cowork.plugin.json", manifest("pack"));
  }
  const std::string root = temporary.path();
  const std::string message = ": a name must be UTF-8 without control and invisible characters";
  const TierFindings found = scan(make_real_disk(), root);
  CHECK(found.packs.empty());
  CHECK(shown(found) == Strings{"error invalid-name " + root + "/a\\x1b[31m" + message,
                                "error invalid-name " + root + "/b\\xff" + message,
                                "error invalid-name " + root + "/c\\u{200b}" + message});
}

TEST_CASE("every root is scanned, in the order given") {
  const auto disk = std::make_shared<MemoryDisk>();
  disk->plant_file("/b/p/cowork.plugin.json", manifest("built"));
  disk->plant_file("/u/p/cowork.plugin.json", manifest("own"));
  const auto found = loaders::make_directory_pack_source(disk)->scan(
      {{Scope::user, "/u", false}, {Scope::organization, "/o", false}, {Scope::builtin, "/b", true}}, nullptr);
  REQUIRE(found.size() == 3);
  CHECK(names(found[0]) == Strings{"own"});
  CHECK(found[0].packs[0].record->scope == Scope::user);
  CHECK(found[1].packs.empty());
  CHECK(names(found[2]) == Strings{"built"});
  CHECK(found[2].packs[0].record->scope == Scope::builtin);
}
