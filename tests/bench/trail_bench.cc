// What a line of the audit trail costs beside the append and the sync that it cannot do without.
#include <benchmark/benchmark.h>

#include "generated_packs.h"
#include "trail.h"

namespace cowork::bench {
namespace {

void audit_line(benchmark::State& state) {
  audit::Trail trail({make_real_disk(), scratch_directory() + "/audit.jsonl", 64u << 20, 2});
  audit::Record record;
  record.time = "2025-01-15T12:00:00.000Z";
  record.operation = "pluginPack:toggle";
  record.subject = pack_name(1);
  record.verdict = "allowed";
  for (auto _ : state) {
    if (!trail.append(record)) state.SkipWithError("the line could not be written");
  }
}

void append_and_sync(benchmark::State& state) {
  const auto directory = make_real_disk()->open(scratch_directory()).value();
  const std::string line(400, 'x');
  for (auto _ : state) {
    if (!directory->append("plain.txt", line, 0600)) state.SkipWithError("the append failed");
  }
}

BENCHMARK(audit_line)->Name("audit_line")->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(append_and_sync)->Name("append_and_sync")->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
}  // namespace cowork::bench
