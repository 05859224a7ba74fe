// A list of 10,000 packs: taken from the published table, made anew after a change, and as JSON.
#include <benchmark/benchmark.h>

#include "bench_host.h"

namespace cowork::bench {
namespace {

PluginHost& listing_host() {
  static PluginHost host = start_bench_host({});
  return host;
}

std::size_t walk(const PackList& packs) {
  std::size_t total = 0;
  for (const Pack pack : packs) total += pack.name().size() + (pack.enabled() ? 1 : 0);
  return total;
}

void list(benchmark::State& state) {
  PluginHost& host = listing_host();
  for (auto _ : state) benchmark::DoNotOptimize(walk(host.list().value()));
}

void list_after_change(benchmark::State& state) {
  PluginHost& host = listing_host();
  bool enabled = false;
  for (auto _ : state) {
    state.PauseTiming();
    if (!host.toggle(pack_name(7), enabled)) state.SkipWithError("the toggle failed");
    enabled = !enabled;
    state.ResumeTiming();
    benchmark::DoNotOptimize(walk(host.list().value()));
  }
}

void walk_a_vector(benchmark::State& state) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < many; ++i) names.push_back(pack_name(i));
  for (auto _ : state) {
    std::size_t total = 0;
    for (const std::string& name : names) total += name.size();
    benchmark::DoNotOptimize(total);
  }
}

void list_as_json(benchmark::State& state) {
  PluginHost& host = listing_host();
  for (auto _ : state) benchmark::DoNotOptimize(json::to_text(host.call_json("pluginPack:list", {}).value()));
}

void text_of_json(benchmark::State& state) {
  const json::Value packs = listing_host().call_json("pluginPack:list", {}).value();
  for (auto _ : state) benchmark::DoNotOptimize(json::to_text(packs));
}

BENCHMARK(list)->Name("list")->Unit(benchmark::kMicrosecond);
BENCHMARK(list_after_change)->Name("list_after_change")->Unit(benchmark::kMicrosecond);
BENCHMARK(walk_a_vector)->Name("walk_a_vector")->Unit(benchmark::kMicrosecond);
BENCHMARK(list_as_json)->Name("list_as_json")->Unit(benchmark::kMillisecond);
BENCHMARK(text_of_json)->Name("text_of_json")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cowork::bench
