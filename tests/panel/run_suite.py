#!/usr/bin/env python3
"""Runs one suite of the console's tests; a suite that fails is run again, twice at most, and says so.

A browser beside a compiler on two cores is late now and then, and a few of the tests still mind. Every further attempt is
told by a line `RETRIED: suite`, so that what is unsteady stays visible.

Usage: run_suite.py NODE SUITE. The output is that of the last attempt.
"""
import pathlib
import subprocess
import sys

ATTEMPTS = 3


def main(arguments):
    node, suite = arguments
    for attempt in range(1, ATTEMPTS + 1):
        run = subprocess.run([node, "--test", "--test-reporter=spec", suite], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if run.returncode == 0 or attempt == ATTEMPTS:
            break
        print(f"RETRIED: {pathlib.Path(suite).name} after attempt {attempt}:")
        for line in run.stdout.decode(errors="replace").splitlines():
            if line.startswith("✖") or "Error" in line:
                print(f"  {line}")
    sys.stdout.flush()
    sys.stdout.buffer.write(run.stdout)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
