#!/usr/bin/env python3
"""The table of figures that the hostile suites end with: cases, matrix, faults, kills, fuzzing, coverage, mutants.

usage: hostile_summary.py STAGE=FILE...

Each FILE is a JUnit report of ctest or the output of a stage; figures are lines `FIGURE: NAME key=value…` in it. Every
figure that REQUIRED names has to be there: one that is missing fails as one that is bad does. Exit status 1 then.
"""
import collections
import re
import shlex
import sys
import xml.etree.ElementTree

FIGURE = re.compile(r"^FIGURE: (\S+)((?: +[\w-]+=(?:\"[^\"\n]*\"|\S+))*) *$", re.MULTILINE)

# How many cases each area has at least, so that a table that went missing is noticed.
HOSTILE_AREAS = {"json": 500, "identity": 200, "policy": 150, "archive": 90, "git": 90, "url": 120, "server": 140,
                 "terminal": 200, "native": 50, "disk": 90}
COVERAGE_TARGETS = {"overall": 80, "admin_policy": 95, "json": 95, "paths": 95, "fetch": 95}
FUZZ_TARGETS = ("json", "manifest", "policy", "archive", "source", "skill", "toggles")
# Part of the table: names of its figures, and what each has to reach at least in one stage; the sanitizers' may do less.
REQUIRED = {
    "hostile cases": [(f"hostile/{area}", {"cases": least, "passed": 1}) for area, least in HOSTILE_AREAS.items()],
    "JSONTestSuite": [("json/syntax", {"y": 95, "n": 188}), ("json/profile", {"y-refused": 4, "i": 35})],
    "verdict matrix": [("matrix", {"cells": 5000, "mismatches": 0})],
    "fault points": [(f"faults/{operation}", {"points": 200, "runs": 800, "failed": 0}) for operation in ("save", "install", "update", "uninstall")]
    + [("faults/toggles", {"toggles": 8000, "lost": 0}), ("faults/power", {"cuts": 1000, "failed": 0})],
    "kills": [("kills/save", {"kills": 1000, "lost": 0}), ("kills/install", {"kills": 100, "lost": 0})],
    "fuzzing": [(f"fuzz/{target}", {"executions": 1, "seconds": 45, "findings": 0}) for target in FUZZ_TARGETS]
    + [(f"fuzz-replay/{target}", {"files": 1, "failed": 0}) for target in FUZZ_TARGETS],
    "coverage": [(f"coverage/{area}", {"of": 1, "target": target}) for area, target in COVERAGE_TARGETS.items()],
    "mutants": [("mutants/rules", {"mutants": 100, "target": 90})],
}
# Said in the place of others by a suite that lacks what it needs; not run then, with its reason.
STANDS_FOR = {"json/suite": ("json/syntax", "json/profile")}
MUST_BE_ZERO = ("mismatches", "failed", "lost", "mixed", "findings")

Figure = collections.namedtuple("Figure", "stage name values")


def figures_in(stage, text):
    for name, values in FIGURE.findall(text):
        yield Figure(stage, name, dict(word.split("=", 1) for word in shlex.split(values)))


def text_of(file):
    if not file.endswith(".xml"):
        with open(file, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    cases = xml.etree.ElementTree.parse(file).getroot().iter("testcase")
    return "\n".join(case.findtext("system-out") or "" for case in cases)


def number(value):
    """A count, or the first of `95/95`; None where it is none."""
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?:/\d+)?", value)
    return float(match.group(1)) if match else None


def faults(figure):
    """What is wrong with one figure, in words."""
    values, numbers = figure.values, {key: number(value) for key, value in figure.values.items()}
    for key in MUST_BE_ZERO:
        if key in values and numbers[key] != 0:
            yield f"{key} is {values[key]}"
    for key, value in values.items():
        part = re.fullmatch(r"(\d+)/(\d+)", value)
        if part and part.group(1) != part.group(2):
            yield f"{key} is {value}"
    if "cases" in values and numbers["cases"] != (numbers.get("passed") or 0) + (numbers.get("not-run") or 0):
        yield f"of {values['cases']} cases {values.get('passed', 'no')} passed"
    if (numbers.get("not-run") or 0) > 0 and "why" not in values:
        yield "not all were run, and no reason is given"
    for key in ("branches", "percent"):
        if key in values and (numbers[key] is None or numbers.get("target") is None or numbers[key] < numbers["target"]):
            yield f"{key} is {values[key]}, below {values.get('target')}"


def short(figure, least):
    """What a figure lacks to be all that is asked for."""
    numbers = {key: number(figure.values[key]) for key in least if key in figure.values}
    for key, bound in least.items():
        if numbers.get(key) is None or numbers[key] < bound:
            yield f"{key} is {figure.values.get(key, 'missing')}, below {bound}"


def row(figure, wrong):
    values = "  ".join(f"{key} {value}" for key, value in figure.values.items())
    return f"  {figure.name:22} {values}  ({figure.stage})" + (f"  FAILED: {wrong}" if wrong else "")


def table(figures):
    """(lines, number of faults) for all that is required, then the further figures."""
    by_name = collections.defaultdict(list)
    for figure in figures:
        by_name[figure.name].append(figure)
    excused = {name: figure for stand_in, names in STANDS_FOR.items() for figure in by_name.get(stand_in, []) for name in names}
    lines, bad = [], 0
    for part, rows in REQUIRED.items():
        lines.append(part)
        for name, least in rows:
            found = by_name.pop(name, [])
            if not found and name in excused:
                lines.append(f"  {name:22} not run: {excused[name].values.get('why', 'no reason given')}")
            elif not found:
                lines.append(f"  {name:22} MISSING")
                bad += 1
            lacking = min((list(short(figure, least)) for figure in found), key=len, default=[])
            for figure in found:
                wrong = "; ".join([*faults(figure), *lacking])
                bad += bool(wrong)
                lines.append(row(figure, wrong))
    others = [figure for name, rows in by_name.items() if name not in STANDS_FOR for figure in rows]
    lines += ["others"] if others else []
    for figure in others:
        wrong = "; ".join(faults(figure))
        bad += bool(wrong)
        lines.append(row(figure, wrong))
    return lines, bad


def main(arguments):
    figures = []
    for argument in arguments:
        stage, _, file = argument.partition("=")
        figures += figures_in(stage, text_of(file))
    lines, bad = table(figures)
    print("\n".join(lines))
    print(f"{bad} figures are missing or bad" if bad else "all figures are there and good")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
