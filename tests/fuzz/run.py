#!/usr/bin/env python3
"""Runs the fuzz targets, each for some seconds, from their corpora, past findings and seeds.

Usage: run.py BUILD [--seconds N] [--jobs N] [--target NAME]... [--keep DIRECTORY]. BUILD is the directory with the
programs fuzz_<target>. Prints for each target how many inputs were run; for every finding its file, which stays in
BUILD/findings/<target>, and the same in base64. `--keep` leaves the inputs that reached something new in
DIRECTORY/<target>. Exit status 1 when anything was found, or a target did not run.
"""
import argparse
import base64
import concurrent.futures
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import seeds

HERE = pathlib.Path(__file__).resolve().parent
LONGEST_INPUT = {"json": 4200, "manifest": 16384, "policy": 4096, "archive": 32768, "source": 512, "skill": 16384, "toggles": 4096}
SECONDS_PER_INPUT = 5
MEBIBYTES = 2048


def arguments_of(argv):
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=45)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--target", action="append", choices=sorted(LONGEST_INPUT))
    parser.add_argument("--keep", type=pathlib.Path)
    return parser.parse_args(argv)


def environment(scratch):
    names = ("PATH", "LANG", "LC_ALL")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    # Inputs that nobody chose say nothing about what the tests cover.
    return {**kept, "HOME": str(scratch), "TMPDIR": str(scratch), "LLVM_PROFILE_FILE": os.devnull,
            "ASAN_OPTIONS": "detect_leaks=1:allocator_may_return_null=1", "UBSAN_OPTIONS": "print_stacktrace=1"}


def write_seeds(target, directory):
    directory.mkdir(parents=True)
    for seed in seeds.seeds_of(target):
        (directory / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    return directory


def command(options, target, fresh, findings, scratch):
    places = [fresh, write_seeds(target, scratch / "seeds")] + [HERE / kind / target for kind in ("corpus", "findings")]
    return [str((options.build / f"fuzz_{target}").resolve()), *(str(place) for place in places if place.is_dir()),
            f"-max_total_time={options.seconds}", f"-timeout={SECONDS_PER_INPUT}", f"-rss_limit_mb={MEBIBYTES}",
            f"-max_len={LONGEST_INPUT[target]}", f"-dict={HERE / 'dictionaries' / (target + '.dict')}",
            f"-artifact_prefix={findings.resolve()}/", "-print_final_stats=1", "-reload=0"]


def last_number(pattern, text):
    numbers = re.findall(pattern, text)
    return int(numbers[-1]) if numbers else 0


def fuzz(options, target):
    """The lines to print about the target, and whether all was well."""
    findings = options.build / "findings" / target
    findings.mkdir(parents=True, exist_ok=True)
    before = set(findings.iterdir())
    with tempfile.TemporaryDirectory(prefix="cowork-fuzz-") as directory:
        scratch = pathlib.Path(directory)
        fresh = options.keep / target if options.keep else scratch / "fresh"
        fresh.mkdir(parents=True, exist_ok=True)
        run = subprocess.run(command(options, target, fresh, findings, scratch), cwd=scratch, env=environment(scratch),
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        found = sorted(set(findings.iterdir()) - before)
        # What takes longer than usual, and still ends in time, is worth a look and no finding.
        found = [path for path in found if not path.name.startswith("slow-unit-")]
        return told(options, target, run, found), run.returncode == 0 and not found


def without_progress(output):
    return [line for line in output.splitlines() if not line.startswith("#")]


def told(options, target, run, found):
    output = run.stdout.decode(errors="replace")
    executions = last_number(r"stat::number_of_executed_units: *(\d+)", output)
    edges = last_number(r"cov: (\d+)", output)
    corpus = last_number(r"corp: (\d+)/", output)
    lines = []
    if run.returncode != 0:
        lines += [f"fuzz_{target} ended with {run.returncode}; the last it said:", *without_progress(output)[-60:]]
        executions = executions or last_number(r"^#(\d+)", output)
    for path in found:
        lines += [f"FINDING: {path}", "base64: " + base64.b64encode(path.read_bytes()).decode()]
    lines.append(f"FIGURE: fuzz/{target} executions={executions} seconds={options.seconds} corpus={corpus}"
                 f" edges={edges} findings={max(len(found), int(run.returncode != 0))}")
    return lines


def main(argv):
    options = arguments_of(argv)
    targets = options.target or list(LONGEST_INPUT)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for lines, well in pool.map(lambda target: fuzz(options, target), targets):
            print("\n".join(lines), flush=True)
            failed += not well
    if failed:
        print(f"test cases: {len(targets)} | {len(targets) - failed} passed | {failed} failed")
    else:
        print(f"All tests passed ({len(targets)} targets in {len(targets)} test cases)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
