// Discovery of 1,000 packs of real size, beside merely reading their manifests.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <numeric>

#include "cowork/loaders/pack_source.h"
#include "generated_packs.h"

namespace cowork::bench {
namespace {

constexpr std::size_t pack_count = 1'000;

void discover(benchmark::State& state) {
  const std::vector<TierRoot> roots{{Scope::builtin, directory_of_packs(pack_count), true}};
  const auto source = loaders::make_directory_pack_source(make_real_disk());
  for (auto _ : state) {
    const std::vector<TierFindings> found = source->scan(roots);
    if (found.at(0).packs.size() != pack_count) state.SkipWithError("not all packs were found");
    benchmark::DoNotOptimize(found);
  }
}

/// Bytes of a file that was read and dropped; 0 when that failed.
std::size_t read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  struct stat status {};
  std::string bytes;
  if (::fstat(file, &status) == 0) bytes.resize(static_cast<std::size_t>(status.st_size));
  const ssize_t got = ::read(file, bytes.data(), bytes.size());
  ::close(file);
  benchmark::DoNotOptimize(bytes.data());
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

void read_manifests(benchmark::State& state) {
  const std::string directory = directory_of_packs(pack_count);
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < pack_count; ++i) {
    paths.push_back(directory + "/" + pack_name(i) + "/" + std::string(manifest_file_name));
  }
  std::size_t total = 0;
  for (auto _ : state) {
    total = std::accumulate(paths.begin(), paths.end(), std::size_t{0},
                            [](std::size_t sum, const std::string& path) { return sum + read_file(path); });
  }
  state.counters["MB"] = static_cast<double>(total) / 1e6;
}

BENCHMARK(discover)->Name("discover")->Unit(benchmark::kMillisecond)->UseRealTime()->Repetitions(3);
BENCHMARK(read_manifests)->Name("read_manifests")->Unit(benchmark::kMillisecond)->UseRealTime()->Repetitions(3);

}  // namespace
}  // namespace cowork::bench
