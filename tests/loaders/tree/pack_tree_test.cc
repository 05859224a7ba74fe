#include "cowork/loaders/pack_tree.h"

#include <sys/stat.h>

#include <filesystem>

#include "support/catch.h"
#include "support/temporary_directory.h"

using namespace cowork;
using namespace cowork::loaders;

namespace {

Result<std::vector<TreeEntry>> list(const test::TemporaryDirectory& temporary, bool leave_out_git = true) {
  const auto directory = make_real_disk()->open(temporary.path());
  REQUIRE(directory);
  return list_tree(**directory, "source", leave_out_git);
}

std::vector<std::string> paths(const Result<std::vector<TreeEntry>>& listed) {
  if (!listed) FAIL(listed.error().message());
  std::vector<std::string> found;
  for (const TreeEntry& entry : *listed) found.push_back(entry.path);
  return found;
}

void check_refused(const Result<void>& admitted, const std::string& message) {
  REQUIRE_FALSE(admitted);
  CHECK(admitted.error().code() == ErrorCode::invalid_argument);
  CHECK(admitted.error().message() == message);
}

}  // namespace

TEST_CASE("a tree is listed sorted by path, with sizes and the right to execute") {
  test::TemporaryDirectory temporary;
  temporary.write("b/z", "12345");
  temporary.write("b-a", "");
  temporary.write("a/run", "x");
  std::filesystem::permissions(temporary.path("a/run"), std::filesystem::perms::owner_all);
  const auto listed = list(temporary);
  CHECK(paths(listed) == std::vector<std::string>{"a", "a/run", "b", "b-a", "b/z"});
  CHECK(listed->at(0).kind == FileKind::directory);
  CHECK(listed->at(1).executable);
  CHECK(listed->at(4).size == 5);
  CHECK_FALSE(listed->at(4).executable);
}

TEST_CASE("a directory .git is left out at the top only, and only where that was asked") {
  test::TemporaryDirectory temporary;
  temporary.write(".git/config", "");
  temporary.write("a/b", "");
  CHECK(paths(list(temporary)) == std::vector<std::string>{"a", "a/b"});
  const auto everything = list(temporary, false);
  REQUIRE_FALSE(everything);
  CHECK(everything.error().message() == "\"source/.git\" has a step named .git, which belongs to git");
  temporary.write("a/.git/config", "");
  const auto below = list(temporary);
  REQUIRE_FALSE(below);
  CHECK(below.error().message() == "\"source/a/.git\" has a step named .git, which belongs to git");
}

TEST_CASE("links and special files are refused by name, wherever they lie") {
  test::TemporaryDirectory temporary;
  temporary.write("a/file", "");
  std::string message;
  SECTION("link to a file") {
    temporary.link("a/link", "file");
    message = "\"source/a/link\" is a link; a pack holds regular files and directories only";
  }
  SECTION("link to a directory") {
    temporary.link("link", "a");
    message = "\"source/link\" is a link; a pack holds regular files and directories only";
  }
  SECTION("link that leads nowhere") {
    temporary.link("link", "nowhere");
    message = "\"source/link\" is a link; a pack holds regular files and directories only";
  }
  SECTION("a link named .git") {
    temporary.link(".git", "a");
    message = "\"source/.git\" has a step named .git, which belongs to git";
  }
  SECTION("FIFO") {
    REQUIRE(::mkfifo(temporary.path("a/fifo").c_str(), 0600) == 0);
    message = "\"source/a/fifo\" is neither a regular file nor a directory; a pack holds nothing else";
  }
  const auto listed = list(temporary);
  REQUIRE_FALSE(listed);
  CHECK(listed.error().code() == ErrorCode::invalid_argument);
  CHECK(listed.error().message() == message);
}

TEST_CASE("names that a pack may not have") {
  struct Case {
    std::string path;
    std::string message;
  };
  const std::string deep = "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a";
  const Case table[] = {
      {"", "\"\" is no path within a pack"},
      {"/etc/passwd", "\"/etc/passwd\" is no path within a pack"},
      {"..", "\"..\" is no path within a pack"},
      {"a/../b", "\"a/../b\" is no path within a pack"},
      {"a/./b", "\"a/./b\" is no path within a pack"},
      {"a//b", "\"a//b\" is no path within a pack"},
      {"a/", "\"a/\" is no path within a pack"},
      {"..\\x", "\"..\\x\" has a backslash in its name"},
      {"a\x1b[31m", "\"a\\x1b[31m\" has control or invisible characters in its name"},
      {"a\nb", "\"a\\x0ab\" has control or invisible characters in its name"},
      {".git", "\".git\" has a step named .git, which belongs to git"},
      {"a/.GIT/config", "\"a/.GIT/config\" has a step named .git, which belongs to git"},
      {"a/.Git", "\"a/.Git\" has a step named .git, which belongs to git"},
      {"a\u200b", "\"a\\u{200b}\" has control or invisible characters in its name"},
      {"a\xFF", "\"a\\xff\" is no valid UTF-8"},
      {deep, "\"" + deep + "\" lies deeper than 32 steps"},
      {std::string(256, 'a'), "\"" + std::string(256, 'a') + "\" has a step of more than 255 bytes"},
      {std::string(513, 'a'), "\"" + std::string(513, 'a') + "\" is longer than 512 bytes"},
  };
  for (const auto& [path, message] : table) {
    INFO(path);
    check_refused(TreeRule({}).admit({path, FileKind::regular, 0, false}), message);
  }
  for (const char* path :
       {"a", "...", "a/..b", ".hidden", "Grüße/挨拶", "with space", "a:b", ".gitignore", "a/.gitmodules", "x.git"}) {
    INFO(path);
    CHECK(TreeRule({}).admit({path, FileKind::regular, 0, false}));
  }
}

TEST_CASE("names that one file system would take for one are refused") {
  TreeRule rule("pack");
  REQUIRE(rule.admit({"Read.me", FileKind::regular, 0, false}));
  check_refused(rule.admit({"READ.ME", FileKind::regular, 0, false}),
                "\"pack/READ.ME\" is the same as \"pack/Read.me\" to file systems that fold case or normalise names");
  check_refused(rule.admit({"Read.me", FileKind::directory, 0, false}), "\"pack/Read.me\" is there twice");

  struct Pair {
    std::string_view what;
    std::string first;
    std::string second;
    bool same;
  };
  const Pair table[] = {
      {"case beyond ASCII", "GRÜN", "grün", true},
      {"composed and decomposed", "caf\u00e9", "cafe\u0301", true},
      {"both at once", "CAF\u00c9", "cafe\u0301", true},
      {"full case folding", "straße", "STRASSE", true},
      {"final sigma", "ΟΔΟΣ", "οδος", true},
      {"the kelvin sign", "\u212a", "k", true},
      {"order of marks", "a\u0323\u0307", "a\u0307\u0323", true},
      {"in a directory's name", "É/x", "e\u0301/x", true},
      {"an accent more", "cafe", "caf\u00e9", false},
      {"letters of two scripts that look alike", "a", "\u0430", false},
  };
  for (const Pair& pair : table) {
    INFO(pair.what);
    TreeRule other({});
    REQUIRE(other.admit({pair.first, FileKind::regular, 0, false}));
    CHECK(other.admit({pair.second, FileKind::regular, 0, false}).has_value() != pair.same);
  }
}

TEST_CASE("a tree has bounds") {
  TreeRule rule({});
  SECTION("entries") {
    for (std::size_t i = 0; i < max_tree_entries; ++i) {
      REQUIRE(rule.admit({std::to_string(i), FileKind::regular, 1, false}));
    }
    check_refused(rule.admit({"x", FileKind::directory, 0, false}),
                  "\"x\" is one too many: a pack holds at most 10000 files and directories");
  }
  SECTION("bytes") {
    REQUIRE(rule.admit({"a", FileKind::regular, max_tree_bytes - 1, false}));
    REQUIRE(rule.admit({"b", FileKind::regular, 1, false}));
    check_refused(rule.admit({"c", FileKind::regular, 1, false}),
                  "\"c\" is too much: a pack holds at most 268435456 bytes");
  }
  SECTION("bytes that would overflow") {
    REQUIRE(rule.admit({"a", FileKind::regular, 1, false}));
    check_refused(rule.admit({"b", FileKind::regular, UINT64_MAX, false}),
                  "\"b\" is too much: a pack holds at most 268435456 bytes");
  }
}
