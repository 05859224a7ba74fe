// A verdict under a policy whose lists have 10,000 entries each.
#include <benchmark/benchmark.h>

#include <unordered_set>

#include "bench_host.h"

namespace cowork::bench {
namespace {

/// Every pack is allowed but each tenth, which is blocked; the rest of the block list names packs that are not there.
std::string long_policy() {
  json::Value allowed = json::Value::array(), blocked = json::Value::array();
  for (std::size_t i = 0; i < many; ++i) {
    allowed.push_back(pack_name(i));
    blocked.push_back(i % 10 == 0 ? pack_name(i) : "gone-" + std::to_string(i));
  }
  return json::to_text(json::Value::object(
      {{"version", 1}, {"packs", json::Value::object({{"allowed", allowed}, {"blocked", blocked}})}}));
}

PluginHost& governed_host() {
  static PluginHost host = start_bench_host(long_policy());
  return host;
}

void explain_toggle(benchmark::State& state) {
  PluginHost& host = governed_host();
  std::vector<json::Value> params;
  for (std::size_t i = 0; i < many; ++i) params.push_back(json::Value::array({pack_name(i), true}));
  std::size_t at = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(host.services().explain("pluginPack:toggle", params[at], {}));
    at = (at + 7) % many;
  }
}

void dry_toggle(benchmark::State& state) {
  PluginHost& host = governed_host();
  CallOptions dry;
  dry.dry_run = true;
  std::vector<TogglePack> requests;
  for (std::size_t i = 0; i < many; ++i) requests.push_back({pack_name(i), true});
  std::size_t at = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(host.call(requests[at], dry));
    at = (at + 7) % many;
  }
}

void find_in_a_set(benchmark::State& state) {
  std::unordered_set<std::string> allowed, blocked;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < many; ++i) {
    names.push_back(pack_name(i));
    allowed.insert(names.back());
    blocked.insert(i % 10 == 0 ? names.back() : "gone-" + std::to_string(i));
  }
  std::size_t at = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(blocked.count(names[at]) == 0 && allowed.count(names[at]) != 0);
    at = (at + 7) % many;
  }
}

BENCHMARK(explain_toggle)->Name("explain_toggle");
BENCHMARK(dry_toggle)->Name("dry_toggle");
BENCHMARK(find_in_a_set)->Name("find_in_a_set");

}  // namespace
}  // namespace cowork::bench
