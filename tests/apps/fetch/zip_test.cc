#include "cowork/base/sha256.h"
#include "program.h"
#include "support/archive_builder.h"

using namespace cowork;
using namespace cowork::fetch::test;
using cowork::test::ZipBuilder;
using cowork::test::ZipEntry;

namespace {

ZipBuilder small_pack() {
  ZipBuilder zip;
  zip.add({"tea/", "", 040755, {}, 0})
      .file("tea/cowork.plugin.json", manifest)
      .add({"tea/run", "x", 0100755, {}, 0})
      .file("tea/skills/a.md", "a");
  return zip;
}

/// Complete but for the last record of its directory: the bytes of that file lie there, and nothing leads to them.
std::string without_last_record(const ZipBuilder& zip) {
  const std::string whole = zip.finish();
  const std::size_t end = whole.rfind("PK\x05\x06");
  const std::size_t record = whole.rfind("PK\x01\x02");
  std::string end_record = whole.substr(end);
  for (const std::size_t count : {8U, 10U}) --end_record[count];
  const std::size_t size = record - whole.find("PK\x01\x02");
  for (unsigned i = 0; i < 4; ++i) end_record[12 + i] = static_cast<char>(size >> (8 * i));
  return whole.substr(0, record) + end_record;
}

}  // namespace

TEST_CASE("zip archives are unpacked") {
  for (const std::string& archive : {small_pack().finish(), small_pack().finish("a comment")}) {
    const Fetched fetched = fetch_archive(archive);
    check_tree(fetched, {"skills/", "cowork.plugin.json", "run*", "skills/a.md"});
    CHECK(fetched.contents.at("skills/a.md") == "a");
    CHECK(fetched.result->sha256 == sha256_hex(archive));
  }
}

TEST_CASE("zip archives hold nothing that no pack may hold") {
  struct Case {
    ZipEntry entry;
    std::string message;
  };
  const Case table[] = {
      {{"tea/../../x", "", 0100644, {}, 0}, "ARCHIVE: \"../../x\" is no path within a pack"},
      {{"tea/link", "/etc", 0120777, {}, 0},
       "ARCHIVE: \"tea/link\" is a link; a pack holds regular files and directories only"},
      {{"tea/fifo", "", 0010644, {}, 0},
       "ARCHIVE: \"tea/fifo\" is neither a regular file nor a directory; a pack holds nothing else"},
      {{std::string("tea/a\0.png", 10), "", 0100644, {}, 0}, "ARCHIVE: \"tea/a\\x00.png\" has a NUL in its name"},
      {{"tea/setuid", "", 0104755, {}, 0}, "ARCHIVE: \"tea/setuid\" has a setuid, setgid or sticky bit"},
      {{"tea/secret", "x", 0100644, {}, 1}, "ARCHIVE: \"tea/secret\" is encrypted"},
      {{"tea/run", "", 0100644, {}, 0}, "ARCHIVE: \"run\" is there twice"},
      {{"tea/RUN", "", 0100644, {}, 0},
       "ARCHIVE: \"RUN\" is the same as \"run\" to file systems that fold case or normalise names"},
      {{"/tea/x", "", 0100644, {}, 0}, "ARCHIVE: it holds no pack"},
  };
  for (const auto& [entry, message] : table) {
    INFO(entry.path);
    check_refused(fetch_archive(small_pack().add(entry).finish()), ErrorCode::invalid_argument, message);
  }
}

TEST_CASE("a zip archive that names a file in two ways is refused") {
  SECTION("another name") {
    check_refused(fetch_archive(small_pack().add({"tea/good", "x", 0100644, "tea/evil", 0}).finish()),
                  ErrorCode::invalid_argument,
                  "ARCHIVE: \"tea/good\" is called \"tea/evil\" where it lies in the zip file");
  }
  SECTION("a file that its directory does not know") {
    const std::string hidden = ZipBuilder().file("tea/hidden", "x").finish();
    // The local part of one before the whole of the other, whose offsets stay right for readers that look for them.
    const std::string local = hidden.substr(0, hidden.find("PK\x01\x02"));
    const Fetched fetched = fetch_archive(local + small_pack().finish());
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::invalid_argument);
    CHECK(fetched.tree.empty());
  }
  SECTION("a file between others that its directory does not know") {
    check_refused(fetch_archive(without_last_record(small_pack().file("tea/hidden", "x"))), ErrorCode::invalid_argument,
                  "ARCHIVE: \"tea/hidden\" is not the same by the zip file's directory and in its place",
                  "readers of zip files would not agree on what this pack is");
  }
  SECTION("and such a file that can't be read") {
    check_refused(fetch_archive(without_last_record(small_pack().add({"tea/hidden", "x", 0100644, {}, 1}))),
                  ErrorCode::invalid_argument, "ARCHIVE: \"tea/hidden\" is encrypted");
  }
}

TEST_CASE("a zip archive that was cut, or goes on, is refused") {
  const std::string whole = small_pack().finish("a comment");
  for (std::size_t size = 0; size < whole.size(); size += 5) {
    INFO("cut at " << size << " of " << whole.size());
    const Fetched fetched = fetch_archive(whole.substr(0, size));
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::invalid_argument);
    CHECK(fetched.tree.empty());
  }
  for (const std::string& bytes : {whole.substr(0, whole.size() - 1), whole + "x"}) {
    check_refused(fetch_archive(bytes), ErrorCode::invalid_argument,
                  "ARCHIVE: it is no archive of tar, tar.gz or zip that can be relied on",
                  "it ends before its end mark, or goes on behind it");
  }
}
