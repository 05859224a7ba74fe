// Whole processes, from posix_spawn to wait: `cowork pack list --json` beside `cat` of the same manifests, both with
// their output thrown away. `cat` is the least that a program can be that reads these files.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "child.h"
#include "cowork/manifest/manifest.h"
#include "scratch.h"
#include "sides.h"

namespace cowork::bench {
namespace {

Measure running(std::vector<std::string> command) {
  return [command = std::move(command)](const Stopwatch& stopwatch) {
    return stopwatch.time_by_itself([&] { return seconds_of_program(command); });
  };
}

Sides listing(const std::string& tier) {
  std::vector<std::string> cat{"cat"};
  for (const auto& pack : std::filesystem::directory_iterator(tier)) {
    const std::filesystem::path manifest = pack.path() / manifest_file_name;
    if (std::filesystem::exists(manifest)) cat.push_back(manifest.string());
  }
  std::sort(cat.begin() + 1, cat.end());
  return {running({COWORK_PROGRAM, "--home", new_directory("home"), "--builtin", tier, "pack", "list", "--json"}),
          running(std::move(cat))};
}

}  // namespace

Sides command_list() {
  const char* const corpus = std::getenv("COWORK_CORPUS");
  if (corpus == nullptr || !std::filesystem::is_directory(std::string(corpus) + "/packs"))
    throw std::runtime_error("COWORK_CORPUS names no corpus with packs/");
  return listing(std::string(corpus) + "/packs");
}

Sides command_list_of(std::size_t packs, PackSize size) {
  return listing(tier_of(packs, size));
}

}  // namespace cowork::bench
