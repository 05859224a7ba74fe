// What comes into staging, and what does not.
#include <sys/stat.h>

#include <filesystem>

#include "cowork/loaders/stager.h"
#include "cowork/loaders/tree_hash.h"
#include "cowork/ports/memory_disk.h"
#include "packs.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::loaders;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

/// Both ways to look at a source must say the same, and neither may leave anything behind.
void check_refused(const test::TemporaryDirectory& temporary, ErrorCode code, const std::string& message) {
  const auto stager = make_pack_stager(make_real_disk());
  const auto before = temporary.tree();
  const auto staged = stager->stage_directory(temporary.path("source"), temporary.path("home/extensions"));
  REQUIRE_FALSE(staged);
  CHECK(staged.error().code() == code);
  CHECK(staged.error().message() == message);
  const auto inspected = stager->inspect(temporary.path("source"));
  REQUIRE_FALSE(inspected);
  CHECK(inspected.error().message() == message);
  CHECK(temporary.tree() == before);
}

}  // namespace

TEST_CASE("a directory is staged whole: files, modes, hash, manifest") {
  test::TemporaryDirectory temporary;
  test::write_pack(temporary, "source", "tea");
  temporary.write("source/.git/hooks/post-checkout", "#!/bin/sh\n");
  temporary.write("source/.hidden", "x");
  std::filesystem::permissions(temporary.path("source/docs/readme.txt"), std::filesystem::perms(04600));
  const auto stager = make_pack_stager(make_real_disk());
  auto staged = stager->stage_directory(temporary.path("source"), temporary.path("target"));
  if (!staged) FAIL(staged.error().message());
  CHECK((*staged)->manifest().name == "tea");
  CHECK((*staged)->manifest().skills.size() == 2);
  CHECK((*staged)->manifest().skills[1].name == "T");
  CHECK((*staged)->manifest().skills[1].prompt == "Do t.");
  CHECK((*staged)->sha256().empty());
  CHECK((*staged)->files() ==
        std::vector<std::string>{".hidden", "cowork.plugin.json", "docs/readme.txt", "run.sh", "skills/t/SKILL.md"});
  CHECK((*staged)->final_path() == temporary.path("target/tea"));
  CHECK_FALSE(temporary.exists("target/tea"));

  REQUIRE((*staged)->publish(false));
  CHECK(temporary.tree("target") == std::vector<std::string>{"tea/", "tea/.hidden", "tea/cowork.plugin.json",
                                                             "tea/docs/", "tea/docs/readme.txt", "tea/run.sh",
                                                             "tea/skills/", "tea/skills/t/", "tea/skills/t/SKILL.md"});
  CHECK(mode_of(temporary.path("target/tea")) == 0755);
  CHECK(mode_of(temporary.path("target/tea/docs")) == 0755);
  CHECK(mode_of(temporary.path("target/tea/docs/readme.txt")) == 0644);
  CHECK(mode_of(temporary.path("target/tea/run.sh")) == 0755);
  CHECK(tree_sha256(**make_real_disk()->open(temporary.path("target")), "tea").value() == (*staged)->tree_sha256());
}

TEST_CASE("staging is shut to others while it is filled") {
  test::TemporaryDirectory temporary;
  test::write_pack(temporary, "source", "tea");
  const auto staged =
      make_pack_stager(make_real_disk())->stage_directory(temporary.path("source"), temporary.path("target"));
  REQUIRE(staged);
  for (const auto& entry : std::filesystem::directory_iterator(temporary.path("target"))) {
    INFO(entry.path());
    CHECK(entry.path().filename().string().starts_with(".staging-"));
    CHECK(mode_of(entry.path().string()) == (entry.is_directory() ? 0700 : 0600));
  }
}

TEST_CASE("a source may be named through a link, but holds none") {
  test::TemporaryDirectory temporary;
  test::write_pack(temporary, "real", "tea");
  temporary.link("source", "real");
  REQUIRE(make_pack_stager(make_real_disk())->stage_directory(temporary.path("source"), temporary.path("target")));
}

TEST_CASE("what a pack may not hold is refused before anything is written") {
  test::TemporaryDirectory temporary;
  test::write_pack(temporary, "source", "tea");
  std::string message;
  const auto at = [&](const char* relative) { return "\"" + temporary.path(relative) + "\" "; };
  SECTION("link") {
    temporary.link("source/docs/link", "readme.txt");
    message = at("source/docs/link") + "is a link; a pack holds regular files and directories only";
  }
  SECTION("linked manifest") {
    std::filesystem::rename(temporary.path("source/cowork.plugin.json"), temporary.path("manifest"));
    temporary.link("source/cowork.plugin.json", "../manifest");
    message = at("source/cowork.plugin.json") + "is a link; a pack holds regular files and directories only";
  }
  SECTION("FIFO") {
    REQUIRE(::mkfifo(temporary.path("source/pipe").c_str(), 0600) == 0);
    message = at("source/pipe") + "is neither a regular file nor a directory; a pack holds nothing else";
  }
  SECTION("names that differ in case only") {
    temporary.write("source/docs/README.txt", "");
    message = at("source/docs/readme.txt") + "is the same as \"" + temporary.path("source/docs/README.txt") +
              "\" to file systems that fold case or normalise names";
  }
  SECTION("control character") {
    temporary.write("source/docs/a\tb", "");
    message = "\"" + temporary.path("source/docs/a") + "\\x09b\" has control or invisible characters in its name";
  }
  SECTION("too large") {
    temporary.write("source/sparse", "");
    std::filesystem::resize_file(temporary.path("source/sparse"), (256ULL << 20U) + 1);
    message = at("source/sparse") + "is too much: a pack holds at most 268435456 bytes";
  }
  SECTION("too deep") {
    std::string path = "source";
    for (int i = 0; i < 33; ++i) path += "/d";
    temporary.make_directory(path);
    message = at(path.c_str()) + "lies deeper than 32 steps";
  }
  check_refused(temporary, ErrorCode::invalid_argument, message);
}

TEST_CASE("what is no valid pack is refused before anything is written") {
  test::TemporaryDirectory temporary;
  test::write_pack(temporary, "source", "tea");
  std::string message;
  SECTION("no manifest") {
    std::filesystem::remove(temporary.path("source/cowork.plugin.json"));
    message = "no cowork.plugin.json in \"" + temporary.path("source") + "\"";
  }
  SECTION("bad manifest") {
    temporary.write("source/cowork.plugin.json", R"({"name": "../evil"})");
    message = "name must match ^[a-z0-9][a-z0-9_-]{0,127}$, found \"../evil\"";
  }
  SECTION("no SKILL.md") {
    std::filesystem::remove(temporary.path("source/skills/t/SKILL.md"));
    message = "no SKILL.md in \"skills/t\"";
  }
  SECTION("bad SKILL.md") {
    temporary.write("source/skills/t/SKILL.md", "nothing");
    message = "SKILL.md must begin with a YAML front matter, opened by a line \"---\"";
  }
  check_refused(temporary, ErrorCode::invalid_manifest, message);
}

TEST_CASE("a source that does not exist is not-found, and no target is made for it") {
  test::TemporaryDirectory temporary;
  check_refused(temporary, ErrorCode::not_found,
                "cannot open \"" + temporary.path("source") + "\": No such file or directory");
}

TEST_CASE("what inspect accepts is what staging accepts") {
  test::TemporaryDirectory temporary;
  test::write_pack(temporary, "source", "tea");
  const auto before = temporary.tree();
  const auto inspected = make_pack_stager(make_real_disk())->inspect(temporary.path("source"));
  REQUIRE(inspected);
  CHECK(inspected->manifest.name == "tea");
  CHECK(inspected->manifest.skills.size() == 2);
  CHECK(temporary.tree() == before);
}

TEST_CASE("files made in memory are staged with the directories above them") {
  test::TemporaryDirectory temporary;
  const auto stager = make_pack_stager(make_real_disk());
  const std::vector<FileToWrite> files{{"skills/t/SKILL.md", "---\nname: T\ndescription: d\n---\n"},
                                       {"cowork.plugin.json", test::manifest("tea")},
                                       {"skills/other/notes.txt", "x"}};
  const auto staged = stager->stage_files(files, temporary.path("target"));
  if (!staged) FAIL(staged.error().message());
  CHECK((*staged)->files() ==
        std::vector<std::string>{"cowork.plugin.json", "skills/other/notes.txt", "skills/t/SKILL.md"});
  REQUIRE((*staged)->publish(false));
  CHECK(temporary.read("target/tea/skills/other/notes.txt") == "x");
}

TEST_CASE("files made in memory obey the same rules, and leave nothing when refused") {
  struct Case {
    const char* what;
    std::vector<FileToWrite> files;
    ErrorCode code;
    std::string message;
  };
  const FileToWrite good{"cowork.plugin.json", test::manifest("tea")};
  const Case table[] = {
      {"nothing", {}, ErrorCode::invalid_manifest, "no cowork.plugin.json in the pack"},
      {"absolute", {{"/etc/x", ""}}, ErrorCode::invalid_argument, "\"/etc\" is no path within a pack"},
      {"above", {good, {"../x", ""}}, ErrorCode::invalid_argument, "\"..\" is no path within a pack"},
      {"above, below", {good, {"a/../../x", ""}}, ErrorCode::invalid_argument, "\"a/..\" is no path within a pack"},
      {"twice", {good, good}, ErrorCode::invalid_argument, "\"cowork.plugin.json\" is there twice"},
      {"file and directory", {{"a", ""}, {"a/b", ""}}, ErrorCode::invalid_argument, "\"a\" is there twice"},
      {"directory and file", {{"a/b", ""}, {"a", ""}}, ErrorCode::invalid_argument, "\"a\" is there twice"},
      {"invalid",
       {{"cowork.plugin.json", "{"}},
       ErrorCode::invalid_manifest,
       "expected a key in quotation marks or '}'"},
  };
  for (const auto& [what, files, code, message] : table) {
    INFO(what);
    test::TemporaryDirectory temporary;
    const auto staged = make_pack_stager(make_real_disk())->stage_files(files, temporary.path("home/extensions"));
    REQUIRE_FALSE(staged);
    CHECK(staged.error().code() == code);
    CHECK(staged.error().message() == message);
    CHECK(temporary.tree().empty());
  }
}

TEST_CASE("whatever step of staging fails, the disk is as it was") {
  // Counts the steps of a good run, then lets each one fail in turn.
  const auto disk = std::make_shared<MemoryDisk>();
  disk->plant_file("/source/cowork.plugin.json", test::manifest("tea"));
  disk->plant_file("/source/skills/t/SKILL.md", "---\nname: T\ndescription: d\n---\n");
  const auto stager = make_pack_stager(disk);
  int countdown = -1;
  disk->set_fault([&](std::string_view operation, std::string_view) -> std::optional<int> {
    if (operation == "remove" || operation == "open" || operation == "entries") return std::nullopt;
    return countdown-- == 0 ? std::optional<int>(EIO) : std::nullopt;
  });
  const auto run = [&]() -> Result<void> {
    COWORK_ASSIGN(auto staged, stager->stage_directory("/source", "/home/extensions"));
    return staged->publish(false);
  };
  int failures = 0;
  for (int step = 0;; ++step) {
    countdown = step;
    const auto result = run();
    countdown = -1;
    if (result) break;
    ++failures;
    INFO("step " << step << ": " << result.error().message());
    CHECK(result.error().code() == ErrorCode::io);
    CHECK_FALSE(disk->open("/home"));
    REQUIRE(failures < 100);
  }
  CHECK(failures > 15);
  CHECK(disk->open("/home/extensions").value()->entries().value().size() == 1);
}
