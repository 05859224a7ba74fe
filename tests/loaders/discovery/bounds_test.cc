// Large and hostile tiers, in bounded time.
#include <ctime>

#include "support/temporary_directory.h"
#include "tiers.h"

using namespace cowork;
using namespace cowork::test;

namespace {

/// Processor time, so that a busy machine does not fail the test.
template <class Work>
double seconds_of(Work work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("a thousand packs are scanned in no time") {
  TemporaryDirectory temporary;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "pack-" + std::to_string(i);
    temporary.write(name + "/cowork.plugin.json", manifest(name));
  }
  const auto source = loaders::make_directory_pack_source(make_real_disk());
  const std::vector<TierRoot> roots{{Scope::user, temporary.path(), false}};
  std::size_t found = 0;
  // Generous, for sanitizers: what matters is that nothing is quadratic.
  CHECK(seconds_of([&] { found = source->scan(roots, nullptr).at(0).packs.size(); }) < 3);
  CHECK(found == 1000);
}

TEST_CASE("one SKILL.md named by many entries is not read without end") {
  TemporaryDirectory temporary;
  std::string members = ", \"skillDirectories\": [";
  for (int i = 0; i < 5000; ++i) {
    members += (i == 0 ? "" : ", ") + std::string(R"({"id": "i)") + std::to_string(i) + R"(", "path": "x"})";
  }
  temporary.write("p/cowork.plugin.json", manifest("pack", members + "]"));
  temporary.write("p/x/SKILL.md", skill_file("X", std::string(1'000'000, 'x')));
  const TierFindings found = scan(make_real_disk(), temporary.path());
  REQUIRE(found.diagnostics.size() == 1);
  CHECK(found.diagnostics[0].code == "invalid-manifest");
  CHECK(found.diagnostics[0].message == "the SKILL.md files of a pack hold at most 33554432 bytes");
  CHECK(found.diagnostics[0].place.pointer == "/skillDirectories/33/path");
}
