#include "cowork/loaders/tree_hash.h"

#include <filesystem>

#include "cowork/base/sha256.h"
#include "support/catch.h"
#include "support/temporary_directory.h"

using namespace cowork;
using namespace cowork::loaders;
namespace files = std::filesystem;

namespace {

std::string hash_of(const test::TemporaryDirectory& temporary, std::string_view relative = {}) {
  const auto directory = make_real_disk()->open(temporary.path());
  REQUIRE(directory);
  const auto hash = tree_sha256(**directory, relative);
  if (!hash) FAIL(hash.error().message());
  return *hash;
}

void write_sample(const test::TemporaryDirectory& temporary) {
  temporary.write("a/x", "1");
  temporary.write("a-b/x", "2");
  temporary.write("run", "#!/bin/sh\n");
  files::permissions(temporary.path("run"), files::perms::owner_all);
}

}  // namespace

TEST_CASE("treeSha256 is the hash of the documented records") {
  using namespace std::string_literals;
  test::TemporaryDirectory temporary;
  write_sample(temporary);
  const std::string records = "a-b/x\0-\0001\0"s + sha256_hex("2") + "\n" + "a/x\0-\0001\0"s + sha256_hex("1") + "\n" +
                              "run\0x\00010\0"s + sha256_hex("#!/bin/sh\n") + "\n";
  CHECK(hash_of(temporary) == sha256_hex(records));
}

TEST_CASE("treeSha256 of an empty directory is that of nothing") {
  test::TemporaryDirectory temporary;
  CHECK(hash_of(temporary) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("treeSha256: what counts and what does not") {
  test::TemporaryDirectory temporary;
  write_sample(temporary);
  const std::string before = hash_of(temporary);
  SECTION("a byte") {
    temporary.write("a/x", "3");
    CHECK(hash_of(temporary) != before);
  }
  SECTION("a name") {
    files::rename(temporary.path("a/x"), temporary.path("a/y"));
    CHECK(hash_of(temporary) != before);
  }
  SECTION("a file more") {
    temporary.write("a/empty", "");
    CHECK(hash_of(temporary) != before);
  }
  SECTION("the right to execute") {
    files::permissions(temporary.path("a/x"), files::perms::owner_all);
    CHECK(hash_of(temporary) != before);
  }
  SECTION("a directory .git, which no installed pack has") {
    temporary.write(".git/config", "x");
    const auto hash = tree_sha256(**make_real_disk()->open(temporary.path()), {});
    REQUIRE_FALSE(hash);
    CHECK(hash.error().code() == ErrorCode::invalid_argument);
  }
  SECTION("not: an empty directory, other bits of the mode, times") {
    temporary.make_directory("empty/below");
    files::permissions(temporary.path("a/x"), files::perms::owner_read);
    files::last_write_time(temporary.path("run"), files::file_time_type::clock::now() - std::chrono::hours(1));
    CHECK(hash_of(temporary) == before);
  }
}

TEST_CASE("treeSha256 is of the tree beneath, wherever it lies") {
  test::TemporaryDirectory one;
  test::TemporaryDirectory other;
  write_sample(one);
  other.make_directory("deep/er");
  files::copy(one.path(), other.path("deep/er"), files::copy_options::recursive);
  CHECK(hash_of(one) == hash_of(other, "deep/er"));
}

TEST_CASE("TreeHash does not depend on the order of files") {
  TreeHash forwards;
  forwards.add("a", false, "1");
  forwards.add("b", true, "2");
  TreeHash backwards;
  backwards.add("b", true, "2");
  backwards.add("a", false, "1");
  CHECK(forwards.finish() == backwards.finish());
}
