#!/usr/bin/env bash
# Builds the benchmarks optimized, measures, and prints the figures beside what they are compared with.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
usage: scripts/bench.sh [--only REGEX] [--json FILE] [--quick] [--scales | --serving]

Prints one table: figure, ours, baseline, ratio, target, met. Each figure is the median of nine rounds, in which ours and
the baseline are measured by turns, with warm caches. Wants a machine that does nothing else.

  --only REGEX  only figures whose names match
  --json FILE   where every round is written, with the machine, the date and the commit; build/bench.json by default
                (build/bench-scales.json with --scales)
  --quick       three short rounds
  --scales      how cost grows instead: 10 to 100,000 packs, 0 to 64 interceptors, 0 to 100,000 ids of a policy;
                scripts/performance_plots.py draws what it writes
  --serving     the server beside a bare echo server instead

The packs are generated, the same in every run, below build/. COWORK_CORPUS names the directory of the outside corpus;
without it, ../shared/corpus where that exists. Peers are measured where their Debian packages are installed.
TEXT
}

program=cowork_bench
json=
arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --only) arguments+=(--only "${2:?--only needs a regular expression}"); shift ;;
    --json) json=${2:?--json needs a file}; shift ;;
    --quick) arguments+=(--quick) ;;
    --scales) arguments+=(--scales); json=${json:-build/bench-scales.json} ;;
    --serving) program=cowork_serving_bench ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

scripts/install-deps.sh --benchmarks
cmake --preset release -DCOWORK_BUILD_BENCHMARKS=ON >/dev/null
cmake --build --preset release --target "$program" -j "$(nproc)" >&2
[ "$program" = cowork_bench ] || exec "build/release/tests/bench/$program"

if [ -z "${COWORK_CORPUS:-}" ] && [ -d ../shared/corpus ]; then
  COWORK_CORPUS=$(cd ../shared/corpus && pwd)
  export COWORK_CORPUS
fi
# A real disk: the system's temporary directory may be in memory.
mkdir -p build/bench
export COWORK_BENCH_DIRECTORY=$PWD/build/bench
commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
exec build/release/tests/bench/cowork_bench --commit "$commit" --json "${json:-build/bench.json}" "${arguments[@]}"
