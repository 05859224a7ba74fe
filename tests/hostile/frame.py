"""The frame of the hostile cases: a table of them is run, and told by one line for each area.

A case arranges a desk, does one hostile thing, and says what has to be told: the error's code, the beginning of its
message, and that home and tiers are byte for byte what they were. A module `<area>_cases.py` has a function `cases()` that
returns its table.
"""
import dataclasses
import json
import pathlib
import re
import subprocess
import time
import traceback
import typing

from desk import Desk, Told, differences, is_sanitized

SANITIZED_SLOWER = 4  # how many times the time of a row a sanitizer may take for it


@dataclasses.dataclass
class Case:
    """One row. `act(desk)` returns a Told; `code` None means that it has to succeed. In `message_begins`, `{root}` stands
    for the desk's directory. `unchanged` compares home and tiers (and the machine's files) from the end of `arrange` to the
    end of `act`. `check(desk, told)` asserts what else has to hold. `needs()` says why the case can't run here, or
    nothing. A case that tries many bytes tells how many in `probes`, or by `desk.probes`."""
    area: str
    name: str
    act: typing.Callable
    code: str | None = None
    message_begins: str = ""
    arrange: typing.Callable | None = None
    unchanged: bool = True
    within_seconds: float = 10
    check: typing.Callable | None = None
    needs: typing.Callable | None = None
    probes: int = 1


@dataclasses.dataclass
class CoveredBy:
    """A row that a test case of a Catch2 program of this build shows: it is run, by its name, and has to pass. `case` None
    runs the whole program. A program that is not there makes the row fail, one that skips it makes it not run."""
    area: str
    name: str
    ctest: str
    case: str | None = None
    within_seconds: float = 120


class NotRun(Exception):
    """Raised by a case that finds only on its way that it can't run; says why."""


def command(*arguments, **options):
    """An act: the program with these arguments."""
    return lambda desk: desk.run(*[str(argument).replace("{root}", str(desk.root)) for argument in arguments], **options)


def diagnosed(where):
    """An act: `pack list`, and the diagnostic of the path `where`."""
    return lambda desk: desk.diagnosed(where)


class Results:
    def __init__(self, build=None):
        self.build = pathlib.Path(build) if build else None
        self.total, self.failed, self.probes, self.not_run = {}, {}, {}, {}
        self._tests = None

    def run(self, case, program):
        self.total[case.area] = self.total.get(case.area, 0) + 1
        begin = time.monotonic()
        try:
            faults, probes = (self._covered(case), 1) if isinstance(case, CoveredBy) else run_case(case, program)
        except NotRun as why:
            print(f"SKIPPED: {case.area}: {case.name}: {why}")
            self.not_run.setdefault(case.area, []).append(str(why))
            return
        self.probes[case.area] = self.probes.get(case.area, 0) + probes
        if faults:
            self.failed[case.area] = self.failed.get(case.area, 0) + 1
            print(f"failed: {case.area}: {case.name} ({time.monotonic() - begin:.2f} s)")
            for fault in faults:
                print("  " + fault.replace("\n", "\n  "))

    def _covered(self, case):
        if self.build is None:
            raise NotRun("no build directory was named (--build)")
        if self._tests is None:
            shown = subprocess.run(["ctest", "--show-only=json-v1"], cwd=self.build, capture_output=True, check=True)
            self._tests = {test["name"]: test for test in json.loads(shown.stdout)["tests"]}
        test = self._tests.get(case.ctest)
        if test is None:
            return [f"this build has no test {case.ctest}"]
        if "command" not in test or not pathlib.Path(test["command"][0]).exists():
            return [f"the program of the test {case.ctest} was not built"]
        # Commas, brackets, stars, quotes and backslashes mean something in Catch2's test specifications.
        chosen = [re.sub(r'([\\,\[\]*"~])', r"\\\1", case.case)] if case.case else []
        ran = subprocess.run(test["command"] + chosen, capture_output=True, timeout=case.within_seconds, text=True, cwd=self.build)
        if skipped := re.search(r"^SKIPPED: *(.*)$", ran.stdout, re.MULTILINE):
            raise NotRun(skipped.group(1))
        passed = re.search(r"^All tests passed \((\d+) assertions? in (\d+) test cases?\)", ran.stdout, re.MULTILINE)
        if ran.returncode != 0 or not passed or (case.case and passed.group(2) != "1"):
            return [f"{' '.join(test['command'] + chosen)} ended with {ran.returncode}: {(ran.stdout + ran.stderr)[-2000:]}"]
        return []

    def tell(self):
        """The figures of each area and the line that scripts/count_tests.py reads; the exit status."""
        total, failed = sum(self.total.values()), sum(self.failed.values())
        for area in self.total:
            not_run = self.not_run.get(area, [])
            passed = self.total[area] - self.failed.get(area, 0) - len(not_run)
            why = f' why="{"; ".join(sorted(set(not_run)))}"' if not_run else ""
            print(f"FIGURE: hostile/{area} cases={self.total[area]} passed={passed} not-run={len(not_run)} "
                  f"probes={self.probes.get(area, 0)}{why}")
        if failed or not total:
            print(f"test cases: {max(total, 1)} | {total - failed} passed | {max(failed, 1)} failed")
            return 1
        print(f"All tests passed ({sum(self.probes.values())} probes in {total} test cases)")
        return 0


def run_case(case, program):
    """(faults, probes) of one case on a desk of its own."""
    if case.needs and (why := case.needs()):
        raise NotRun(why)
    desk = Desk(program)
    desk.probes = case.probes
    faults = []
    try:
        if case.arrange:
            case.arrange(desk)
        before = desk.tree()
        begin = time.monotonic()
        told = case.act(desk)
        took = time.monotonic() - begin
        faults += judged(case, desk, told, took)
        if case.unchanged:
            faults += [f"changed: {line}" for line in differences(before, desk.tree())]
        if case.check and not faults:
            case.check(desk, told)
    except NotRun:
        desk.close()
        raise
    except AssertionError as fault:
        faults.append(f"{type(fault).__name__}: {fault}" if str(fault) else traceback.format_exc())
    except Exception:  # whatever it is, the case has failed
        faults.append(traceback.format_exc())
    probes = desk.probes
    return faults + desk.close(), probes


def judged(case, desk, told, took):
    faults = []
    begins = case.message_begins.replace("{root}", str(desk.root))
    assert isinstance(told, Told), f"the case's act returned {told!r}"
    if told.code != case.code:
        faults.append(f"code {told.code!r} instead of {case.code!r}: {told.message}")
    elif not told.message.startswith(begins):
        faults.append(f"message {told.message!r} does not begin with {begins!r}")
    if case.code is not None and not begins:
        faults.append("the row does not say how its message begins")
    limit = case.within_seconds * (SANITIZED_SLOWER if is_sanitized(desk.program) else 1)
    if took > limit:
        faults.append(f"took {took:.2f} s, more than {limit} s")
    return faults
