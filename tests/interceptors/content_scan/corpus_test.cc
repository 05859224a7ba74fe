// Packs that real people wrote, and those of this repository: nothing to say about any of them.
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "scanned_pack.h"

using namespace cowork;
using namespace cowork::test;

namespace {

const std::filesystem::path sources = COWORK_SOURCE_DIR;

PackManifest manifest_in(const Directory& pack, const std::string& path) {
  const auto text = pack.read(manifest_file_name, json::manifest_limits.max_bytes);
  if (!text) return {};
  const auto parsed = parse_manifest(*text, path);
  return parsed ? parsed->manifest : PackManifest{};
}

/// The packs right below `directory` that are not clean, with what was found; `count` grows by all of them.
std::string unclean(const std::filesystem::path& directory, std::size_t& count) {
  std::string found;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (!std::filesystem::exists(entry.path() / manifest_file_name)) continue;
    const auto pack = make_real_disk()->open(entry.path().string());
    REQUIRE(pack);
    const auto report = content_scan::scan_pack(manifest_in(**pack, entry.path().string()), **pack);
    if (!report) FAIL(entry.path() << ": " << report.error().message());
    ++count;
    for (const std::string& line : lines_of(*report)) found += entry.path().filename().string() + ": " + line + "\n";
  }
  return found;
}

}  // namespace

TEST_CASE("the packs of the corpus pass clean") {
  const char* named = std::getenv("COWORK_CORPUS");
  const std::filesystem::path packs =
      (named ? std::filesystem::path(named) : sources.parent_path() / "shared" / "corpus") / "packs";
  if (!std::filesystem::exists(packs)) {
    std::cout << "SKIPPED: no corpus of packs; set COWORK_CORPUS\n";
    return;
  }
  std::size_t count = 0;
  REQUIRE(unclean(packs, count) == "");
  CHECK(count > 0);
  std::cout << "FIGURE: scan/corpus packs=" << count << " clean=" << count << "\n";
}

TEST_CASE("the sample packs pass clean") {
  std::size_t count = 0;
  for (const char* tier : {"builtin", "organization", "user", "native", "interceptors"}) {
    INFO(tier);
    REQUIRE(unclean(sources / "sample-packs" / tier, count) == "");
  }
  CHECK(count >= 18);
  std::cout << "FIGURE: scan/samples packs=" << count << " clean=" << count << "\n";
}
