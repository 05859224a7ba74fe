#!/usr/bin/env python3
"""Counts the test cases in the JUnit files that ctest wrote, and names what failed and what was skipped.

Usage: count_tests.py [--failed N] STAGE=FILE... Prints the failures, the skipped cases with their reasons, and as the last
line `N passed, N failed, N skipped`. `--failed` adds stages that did not get as far as their tests. Exit status 1 when
anything failed.

A Catch2 program tells its cases itself, and so does Node's test runner; any other test counts as one. A case that could not run says so by a line
`SKIPPED: reason`.
"""
import argparse
import re
import sys
import xml.etree.ElementTree

PASSED_LINE = re.compile(r"^All tests passed \(.*\bin (\d+) test cases?\)", re.MULTILINE)
FAILED_LINE = re.compile(r"^test cases: +(\d+) \|(.*)$", re.MULTILINE)
FAILED_PART = re.compile(r"\b(\d+) failed\b")
NODE_LINE = re.compile(r"^(?:#|ℹ) (tests|fail|skipped|todo) (\d+)$", re.MULTILINE)
SKIPPED_LINE = re.compile(r"^SKIPPED: *(.*?) *$", re.MULTILINE)


def count(case):
    """(passed, failed, reasons of the skipped) of one test of ctest."""
    output = case.findtext("system-out") or ""
    status = case.get("status")
    skipped = SKIPPED_LINE.findall(output)
    if status in ("disabled", "notrun"):
        return 0, 1, skipped
    total, failed = 1, 0
    if match := PASSED_LINE.search(output):
        total = int(match.group(1))
    elif match := FAILED_LINE.search(output):
        total = int(match.group(1))
        part = FAILED_PART.search(match.group(2))
        failed = int(part.group(1)) if part else 0
    elif node := {what: int(number) for what, number in NODE_LINE.findall(output)}:
        total, failed = node.get("tests", 1), node.get("fail", 0)
        not_run = node.get("skipped", 0) + node.get("todo", 0)
        skipped = (skipped * not_run)[:not_run] or ["says Node's test runner"] * not_run
    if status == "fail" and failed == 0:
        failed = 1  # a crash, a time-out, a sanitizer's report
        total = max(total, len(skipped) + 1)
    return max(total - failed - len(skipped), 0), failed, skipped


def main(arguments):
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--failed", type=int, default=0)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args(arguments)
    passed, failed, skipped = 0, options.failed, 0
    for argument in options.files:
        stage, _, file = argument.partition("=")
        for case in xml.etree.ElementTree.parse(file).getroot().iter("testcase"):
            case_passed, case_failed, reasons = count(case)
            passed, failed, skipped = passed + case_passed, failed + case_failed, skipped + len(reasons)
            if case_failed:
                print(f"failed: {stage}: {case.get('name')}: {case_failed}")
            for reason in reasons:
                print(f"skipped: {stage}: {case.get('name')}: {reason}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
