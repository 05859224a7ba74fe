#!/usr/bin/env python3
"""SECURITY.md names what shows each of its claims: every name in the last column of "Threats" is a test of this build.

Usage: security_test.py SOURCE_DIRECTORY BUILD_DIRECTORY
"""
import json
import pathlib
import re
import subprocess
import sys


def named_tests(page):
    section = page.split("## Threats", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    return {row.split("|")[1].strip(): re.findall(r"`([a-z0-9_]+)`", row.split("|")[-2]) for row in rows}


def main(arguments):
    source, build = map(pathlib.Path, arguments)
    listing = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True, text=True)
    known = {test["name"] for test in json.loads(listing.stdout)["tests"]}
    rows = named_tests((source / "SECURITY.md").read_text())
    faults = [f"{who}: no test is named" for who, names in rows.items() if not names]
    faults += [f"{who}: there is no test {name}" for who, names in rows.items() for name in names if name not in known]
    for fault in faults:
        print(f"SECURITY.md: {fault}")
    passed = len(rows) - len({fault.split(":")[0] for fault in faults})
    print(f"{passed} passed, {len(rows) - passed} failed, 0 skipped")
    return 1 if faults or len(rows) < 10 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
