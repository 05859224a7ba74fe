#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cowork/manifest/manifest.h"
#include "support/catch.h"

namespace cowork {
namespace {

std::filesystem::path corpus() {
  const char* named = std::getenv("COWORK_CORPUS");
  return named ? std::filesystem::path(named) : std::filesystem::path(COWORK_SOURCE_DIR) / "../shared/corpus";
}

TEST_CASE("Packs of a real product are read unchanged") {
  const std::filesystem::path packs = corpus() / "packs";
  if (!std::filesystem::is_directory(packs)) {
    WARN("skipped: no corpus at " << packs << "; set COWORK_CORPUS");
    return;
  }
  std::size_t read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(packs)) {
    const std::filesystem::path file = entry.path() / manifest_file_name;
    if (!std::filesystem::is_regular_file(file)) continue;
    std::ifstream stream(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)), {});
    const auto parsed = parse_manifest(text, file.string());
    if (!parsed) FAIL_CHECK(parsed.error().message() << " at " << parsed.error().why());
    if (parsed) CHECK(parsed->manifest.type == PackType::pack);
    ++read;
  }
  CHECK(read == 12);
}

}  // namespace
}  // namespace cowork
