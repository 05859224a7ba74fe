#!/usr/bin/env bash
# Every test: set-up, the include rules, the g++ build, the sanitizers' builds, coverage. It ends with the figures of the
# hostile suites; the last line counts the test cases.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

usage() {
  cat <<'TEXT'
usage: scripts/test.sh [--fast | --hostile | --only STAGE]...

Stages, in order:
  set-up         scripts/install-deps.sh
  include-rules  who may include whom, read from the sources
  dev            g++ 12: build, all tests
  asan-ubsan     clang 14 with AddressSanitizer and UndefinedBehaviorSanitizer: build, all tests, fuzzing
  coverage       which branches the tests of asan-ubsan took, by area
  tsan           clang 14 with ThreadSanitizer: the concurrency tests

  --fast         only set-up, include-rules and dev
  --hostile      what HOSTILE.md's figures need: set-up, of dev the tests labelled hostile or matrix, asan-ubsan,
                 coverage
  --only STAGE   only this stage; may be given several times

COWORK_CORPUS names the directory of the outside corpus; without it, ../shared/corpus where that exists.
With the stages dev, asan-ubsan and coverage, the figures of the hostile suites come before the end: cases by area, the
JSONTestSuite, the verdict matrix, fault points, kills, fuzzing, coverage, mutants. One that is missing is a failure.
The last line is `N passed, N failed, N skipped`, counted over the test cases of all stages; the exit status is 1 when
anything failed.
TEXT
}

stages=()
only_hostile=
while [ $# -gt 0 ]; do
  case "$1" in
    --fast) stages=(set-up include-rules dev) ;;
    --hostile) stages=(set-up dev asan-ubsan coverage); only_hostile=yes ;;
    --only) stages+=("${2:?--only needs a stage}"); shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
[ "${#stages[@]}" -gt 0 ] || stages=(set-up include-rules dev asan-ubsan coverage tsan)

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
  # What earlier runs left would be counted with what this one takes.
  rm -f "build/$preset"/profiles/*.profraw
  local chosen=()
  [ -z "$only_hostile" ] || [ "$preset" != dev ] || chosen=(--label-regex '^(hostile|matrix)$')
  ctest --preset "$preset" "${chosen[@]}" -j "$jobs" --no-tests=error --output-junit "$results/$preset.xml" \
    --test-output-size-passed 1000000 --test-output-size-failed 1000000
}

run_stage() {
  case "$1" in
    set-up) scripts/install-deps.sh ;;
    include-rules) python3 -B tests/include_rules/check.py . ;;
    dev | asan-ubsan | tsan) run_preset "$1" ;;
    coverage) python3 -B scripts/coverage.py build/asan-ubsan | tee "$results/coverage.log" ;;
    *) echo "there is no stage \"$1\"" >&2; usage >&2; exit 2 ;;
  esac
}

counted=()
told=()
not_run=0
seconds=()
for stage in "${stages[@]}"; do
  echo "== $stage"
  begin=$SECONDS
  if run_stage "$stage"; then outcome=ok; else outcome=failed; fi
  seconds+=("$(printf '%-14s %5d s  %s' "$stage" $((SECONDS - begin)) "$outcome")")
  [ ! -f "$results/$stage.log" ] || told+=("$stage=$results/$stage.log")
  if [ -f "$results/$stage.xml" ]; then
    told+=("$stage=$results/$stage.xml")
    counted+=("$stage=$results/$stage.xml")
  elif [ "$outcome" = failed ]; then
    not_run=$((not_run + 1))
    [ "$stage" != set-up ] || break
  fi
done

if [[ " ${stages[*]} " == *" dev asan-ubsan coverage "* ]]; then
  echo "== figures"
  python3 -B scripts/hostile_summary.py "${told[@]}" || not_run=$((not_run + 1))
fi

echo "== summary"
printf '%s\n' "${seconds[@]}"
python3 -B scripts/count_tests.py --failed "$not_run" "${counted[@]}"
