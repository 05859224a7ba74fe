#!/usr/bin/env bash
# What takes hours: 100,000 SIGKILLs during saves and 5,000 during installs, and an hour of fuzzing for each target.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

usage() {
  cat <<'TEXT'
usage: scripts/soak.sh [kills | fuzz]... [--seed N]

  kills     100,000 kills during saves, 5,000 during installs, with the preset dev (about an hour on 2 cores)
  fuzz      every fuzz target for an hour, with the preset asan-ubsan; what was found stays in build/asan-ubsan/tests/fuzz/findings
  --seed N  of the moments at which to kill; by default the time, which is printed

Without an argument, both. Exit status 1 when anything was lost or found.
TEXT
}

parts=()
seed=$(date +%s)
while [ $# -gt 0 ]; do
  case "$1" in
    kills | fuzz) parts+=("$1") ;;
    --seed) seed=${2:?--seed needs a number}; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
[ "${#parts[@]}" -gt 0 ] || parts=(kills fuzz)

build() {
  cmake --preset "$1" >/dev/null && cmake --build --preset "$1" -j "$(nproc)" --target "${@:2}"
}

run_part() {
  case "$1" in
    kills)
      build dev cowork cowork-fetch || return 1
      python3 -B tests/faults/killed_processes.py build/dev/apps/cli/cowork --saves 100000 --installs 5000 --seed "$seed"
      ;;
    fuzz)
      build asan-ubsan fuzz_programs || return 1
      python3 -B tests/fuzz/run.py build/asan-ubsan/tests/fuzz --seconds 3600 --jobs "$(nproc)"
      ;;
  esac
}

status=0
for part in "${parts[@]}"; do
  echo "== $part"
  run_part "$part" || status=1
done
exit "$status"
