#!/usr/bin/env python3
"""What scripts/hostile_summary.py makes of figures: one that is missing or bad must never look good."""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import hostile_summary  # noqa: E402

# A figure of each name that is required, as good as it has to be.
GOOD = {
    **{f"hostile/{area}": "cases=600 passed=600 not-run=0 probes=700" for area in hostile_summary.HOSTILE_AREAS},
    "json/syntax": "y=95/95 n=188/188",
    "json/profile": "y-refused=4 i=35",
    "matrix": "cells=5832 mismatches=0 rules-turned=31/31 not-run=0",
    **{f"faults/{name}": "points=288 kinds=4 runs=1152 failed=0" for name in ("save", "install", "update", "uninstall")},
    "faults/toggles": "processes=8 toggles=8000 lost=0",
    "faults/power": "steps=200 cuts=1600 failed=0",
    "kills/save": "kills=1000 lost=0",
    "kills/install": "kills=100 lost=0",
    **{f"fuzz/{target}": "executions=12345 seconds=45 corpus=31 findings=0" for target in hostile_summary.FUZZ_TARGETS},
    **{f"fuzz-replay/{target}": "files=40 past-findings=2 failed=0" for target in hostile_summary.FUZZ_TARGETS},
    **{f"coverage/{area}": "branches=96.1 target=95 taken=961 of=1000 excluded=0"
       for area in ("overall", "admin_policy", "json", "paths", "fetch")},
    "mutants/rules": "mutants=120 killed=112 percent=93.3 target=90 equivalent=2",
}

# name of a figure, what it says instead, what is said of it
BAD = [
    ("hostile/json", "cases=600 passed=599 not-run=0", "of 600 cases 599 passed"),
    ("hostile/json", "cases=1 passed=1 not-run=0", "cases is 1, below 500"),
    ("hostile/json", 'cases=600 passed=0 not-run=600 why="none"', "passed is 0, below 1"),
    ("matrix", "cells=5832", "mismatches is missing, below 0"),
    ("kills/save", "kills=1000", "lost is missing, below 0"),
    ("coverage/fetch", "branches=10 of=1000", "branches is 10, below None"),
    ("hostile/json", "cases=600 passed=599 not-run=1", "not all were run, and no reason is given"),
    ("json/syntax", "y=94/95 n=188/188", "y is 94/95"),
    ("json/syntax", "y=94/94 n=188/188", "y is 94/94, below 95"),
    ("matrix", "cells=5832 mismatches=1", "mismatches is 1"),
    ("matrix", "cells=4999 mismatches=0", "cells is 4999, below 5000"),
    ("matrix", "cells=5832 mismatches=0 rules-turned=30/31", "rules-turned is 30/31"),
    ("faults/save", "points=288 runs=1152 failed=2", "failed is 2"),
    ("faults/save", "runs=0 failed=0", "points is missing, below 200"),
    ("kills/save", "kills=999 lost=0", "kills is 999, below 1000"),
    ("kills/install", "kills=100 lost=1", "lost is 1"),
    ("fuzz/json", "executions=12345 seconds=44 findings=0", "seconds is 44, below 45"),
    ("fuzz/json", "executions=12345 seconds=45 findings=1", "findings is 1"),
    ("fuzz/json", "executions=12345 seconds=45 findings=none", "findings is none"),
    ("coverage/fetch", "branches=94.9 target=95 of=1000", "branches is 94.9, below 95"),
    ("mutants/rules", "mutants=120 percent=89.9 target=90", "percent is 89.9, below 90"),
]


def text_of(figures):
    return "".join(f"FIGURE: {name} {values}\n" for name, values in figures.items())


def table(text):
    return hostile_summary.table(hostile_summary.figures_in("dev", text))


class SummaryTest(unittest.TestCase):
    def test_good_figures_are_good(self):
        lines, bad = table(text_of(GOOD))
        self.assertEqual(bad, 0, lines)

    def test_each_missing_figure_is_a_fault(self):
        for name in GOOD:
            with self.subTest(name=name):
                lines, bad = table(text_of({key: values for key, values in GOOD.items() if key != name}))
                self.assertEqual(bad, 1)
                self.assertIn(f"  {name:22} MISSING", lines)

    def test_each_bad_figure_is_a_fault(self):
        for name, values, words in BAD:
            with self.subTest(name=name, values=values):
                lines, bad = table(text_of({**GOOD, name: values}))
                self.assertEqual(bad, 1, lines)
                self.assertIn(f"FAILED: {words}", "\n".join(lines))

    def test_a_bad_figure_of_one_stage_is_not_outweighed_by_another_stage(self):
        figures = [figure for stage, values in (("dev", "kills=1000 lost=1"), ("asan-ubsan", "kills=1000 lost=0"))
                   for figure in hostile_summary.figures_in(stage, text_of({**GOOD, "kills/save": values}))]
        self.assertEqual(hostile_summary.table(figures)[1], 1)

    def test_one_stage_may_do_less_when_another_does_all(self):
        less = {**GOOD, "matrix": "cells=1200 mismatches=0"}
        figures = [figure for stage, values in (("dev", GOOD), ("asan-ubsan", less))
                   for figure in hostile_summary.figures_in(stage, text_of(values))]
        lines, bad = hostile_summary.table(figures)
        self.assertEqual(bad, 0, lines)

    def test_what_was_not_run_says_why(self):
        why = 'cases=600 passed=599 not-run=1 why="no root, no namespaces"'
        self.assertEqual(table(text_of({**GOOD, "hostile/policy": why}))[1], 0)

    def test_without_the_corpus_the_suite_stands_for_its_figures(self):
        figures = {name: values for name, values in GOOD.items() if not name.startswith("json/")}
        figures["json/suite"] = 'cases=0 passed=0 not-run=318 why="no JSONTestSuite"'
        lines, bad = table(text_of(figures))
        self.assertEqual(bad, 0, lines)
        self.assertIn(f"  {'json/syntax':22} not run: no JSONTestSuite", lines)

    def test_further_figures_are_shown_and_judged(self):
        lines, bad = table(text_of({**GOOD, "scan/corpus": "packs=40 failed=1"}))
        self.assertEqual(bad, 1)
        self.assertIn("others", lines)

    def test_figures_come_from_reports_and_from_output(self):
        with tempfile.TemporaryDirectory() as scratch:
            report, output = pathlib.Path(scratch, "dev.xml"), pathlib.Path(scratch, "coverage.log")
            half = len(GOOD) // 2
            report.write_text("<testsuite><testcase name='a'><system-out>" + text_of(dict(list(GOOD.items())[:half]))
                              + "</system-out></testcase></testsuite>")
            output.write_text("noise\n" + text_of(dict(list(GOOD.items())[half:])))
            with contextlib.redirect_stdout(io.StringIO()) as told:
                status = hostile_summary.main([f"dev={report}", f"coverage={output}"])
            self.assertEqual(status, 0, told.getvalue())
            self.assertTrue(told.getvalue().endswith("all figures are there and good\n"))
            with contextlib.redirect_stdout(io.StringIO()):
                self.assertEqual(hostile_summary.main([f"dev={report}"]), 1)


if __name__ == "__main__":
    unittest.main()
