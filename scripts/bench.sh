#!/usr/bin/env bash
# Builds the benchmarks optimized and prints their figures. Arguments go to the program, such as --benchmark_filter=hop;
# --serving measures only the server beside a bare echo server, which wants a machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-deps.sh
cmake --preset release -DCOWORK_BUILD_BENCHMARKS=ON >/dev/null
cmake --build --preset release --target cowork_bench cowork_serving_bench -j "$(nproc)" >&2
if [ "${1:-}" != --serving ]; then
  build/release/tests/bench/cowork_bench "$@"
  [ $# -eq 0 ] || exit 0
  echo
fi
exec build/release/tests/bench/cowork_serving_bench
