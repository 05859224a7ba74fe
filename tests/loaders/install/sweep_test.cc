// What killed installs leave behind.
#include <sys/wait.h>
#include <unistd.h>

#include "cowork/loaders/stager.h"
#include "packs.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::loaders;

namespace {

constexpr const char* leftover = ".staging-0123456789abcdef0123456789abcdef";

}  // namespace

TEST_CASE("sweeping removes what nobody holds, and nothing else") {
  test::TemporaryDirectory temporary;
  const std::string name = leftover;
  SECTION("killed while it was filled") {
    temporary.write(name + "/pack/cowork.plugin.json", "{");
    temporary.write(name + ".lock", "");
  }
  SECTION("killed after the lock was made") {
    temporary.write(name + ".lock", "");
  }
  SECTION("killed between the two removals") {
    temporary.write(name + "/pack/x", "");
  }
  temporary.write("tea/cowork.plugin.json", "{}");
  temporary.write(".staging-mine/x", "");
  temporary.write(".other.lock", "");
  make_pack_stager(make_real_disk())->sweep(temporary.path());
  CHECK(temporary.tree() ==
        std::vector<std::string>{".other.lock", ".staging-mine/", ".staging-mine/x", "tea/", "tea/cowork.plugin.json"});
}

TEST_CASE("sweeping leaves alone what is being staged") {
  test::TemporaryDirectory temporary;
  test::write_pack(temporary, "source", "tea");
  const auto stager = make_pack_stager(make_real_disk());
  auto staged = stager->stage_directory(temporary.path("source"), temporary.path("target"));
  REQUIRE(staged);
  const auto before = temporary.tree();
  make_pack_stager(make_real_disk())->sweep(temporary.path("target"));
  CHECK(temporary.tree() == before);
  CHECK((*staged)->publish(false));
}

TEST_CASE("an install that was killed is swept by the next") {
  test::TemporaryDirectory temporary;
  test::write_pack(temporary, "source", "tea");
  const std::string source = temporary.path("source");
  const std::string target = temporary.path("target");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // Ends as SIGKILL would: no destructor runs.
    const auto staged = make_pack_stager(make_real_disk())->stage_directory(source, target);
    ::_exit(staged ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(status == 0);
  CHECK_FALSE(temporary.tree("target").empty());
  make_pack_stager(make_real_disk())->sweep(target);
  CHECK(temporary.tree("target").empty());
}

TEST_CASE("sweeping a directory that does not exist makes none") {
  test::TemporaryDirectory temporary;
  make_pack_stager(make_real_disk())->sweep(temporary.path("target"));
  CHECK_FALSE(temporary.exists("target"));
}

TEST_CASE("sweeping follows no link") {
  test::TemporaryDirectory temporary;
  temporary.write("precious/x", "x");
  temporary.link("target/" + std::string(leftover), "../precious");
  make_pack_stager(make_real_disk())->sweep(temporary.path("target"));
  CHECK(temporary.read("precious/x") == "x");
  CHECK(temporary.tree("target").empty());
}
