#!/usr/bin/env bash
# Builds the benchmarks optimized and prints their figures. Arguments go to the program, such as --benchmark_filter=hop.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-deps.sh
cmake --preset release -DCOWORK_BUILD_BENCHMARKS=ON >/dev/null
cmake --build --preset release --target cowork_bench -j "$(nproc)" >&2
exec build/release/tests/bench/cowork_bench "$@"
