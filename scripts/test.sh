#!/usr/bin/env bash
# Every test: set-up, the include rules, the g++ build, the sanitizers' builds. The last line counts the test cases.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

usage() {
  cat <<'TEXT'
usage: scripts/test.sh [--fast | --only STAGE]...

Stages, in order:
  set-up         scripts/install-deps.sh
  include-rules  who may include whom, read from the sources
  dev            g++ 12: build, all tests
  asan-ubsan     clang 14 with AddressSanitizer and UndefinedBehaviorSanitizer: build, all tests
  tsan           clang 14 with ThreadSanitizer: the concurrency tests

  --fast         only set-up, include-rules and dev
  --only STAGE   only this stage; may be given several times

COWORK_CORPUS names the directory of the outside corpus; without it, ../shared/corpus where that exists.
The last line is `N passed, N failed, N skipped`, counted over the test cases of all stages; the exit status is 1 when
anything failed.
TEXT
}

stages=()
while [ $# -gt 0 ]; do
  case "$1" in
    --fast) stages=(set-up include-rules dev) ;;
    --only) stages+=("${2:?--only needs a stage}"); shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
[ "${#stages[@]}" -gt 0 ] || stages=(set-up include-rules dev asan-ubsan tsan)

if [ -z "${COWORK_CORPUS:-}" ] && [ -d ../shared/corpus ]; then
  COWORK_CORPUS=$(cd ../shared/corpus && pwd)
fi
[ -z "${COWORK_CORPUS:-}" ] || export COWORK_CORPUS
jobs=$(nproc)
results=$PWD/build/test-results
rm -rf "$results"
mkdir -p "$results"

# Output of a passed test is kept whole: its last lines are what is counted.
run_preset() {
  local preset=$1
  cmake --preset "$preset" >"$results/$preset-configure.log" 2>&1 || { cat "$results/$preset-configure.log"; return 2; }
  cmake --build --preset "$preset" -j "$jobs" || return 2
  ctest --preset "$preset" -j "$jobs" --no-tests=error --output-junit "$results/$preset.xml" \
    --test-output-size-passed 1000000 --test-output-size-failed 1000000
}

run_stage() {
  case "$1" in
    set-up) scripts/install-deps.sh ;;
    include-rules) python3 -B tests/include_rules/check.py . ;;
    dev | asan-ubsan | tsan) run_preset "$1" ;;
    *) echo "there is no stage \"$1\"" >&2; usage >&2; exit 2 ;;
  esac
}

counted=()
not_run=0
seconds=()
for stage in "${stages[@]}"; do
  echo "== $stage"
  begin=$SECONDS
  if run_stage "$stage"; then outcome=ok; else outcome=failed; fi
  seconds+=("$(printf '%-14s %5d s  %s' "$stage" $((SECONDS - begin)) "$outcome")")
  if [ -f "$results/$stage.xml" ]; then
    counted+=("$stage=$results/$stage.xml")
  elif [ "$outcome" = failed ]; then
    not_run=$((not_run + 1))
    [ "$stage" != set-up ] || break
  fi
done

echo "== summary"
printf '%s\n' "${seconds[@]}"
python3 -B scripts/count_tests.py --failed "$not_run" "${counted[@]}"
