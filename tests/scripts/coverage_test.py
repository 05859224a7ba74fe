#!/usr/bin/env python3
"""What scripts/coverage.py makes of llvm-cov's export: which outcomes count, and that a lack of them fails."""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import coverage  # noqa: E402

FILE = "interceptors/admin_policy/rules.cc"
MACROS = "core/base/include/cowork/base/error.h"
TEXT = {FILE: ["if (a) return 1;", "while (true) f();", "COWORK_TRY(f());", "if constexpr (b) g();", "switch (kind) {"],
        MACROS: ["if (!result) return fail();"]}


class Texts(coverage.Sources):
    def __init__(self):
        super().__init__()
        self.lines = TEXT


def branch(line, begin, end, true, false, file=0):
    return [line, begin, line, end, true, false, file, 0, 4]


def export(*functions):
    names = [str(coverage.ROOT / FILE), str(coverage.ROOT / MACROS)]
    return {"functions": [{"filenames": names, "branches": branches, "regions": regions} for branches, regions in functions]}


# Line 3 stands for the macro, whose text is the second file.
EXPANDED = [[3, 1, 3, 16, 1, 0, 1, coverage.EXPANSION]]


class CoverageTest(unittest.TestCase):
    def setUp(self):
        self.sources = Texts()

    def counts(self, *functions):
        return {(branch.line, branch.outcome): count
                for branch, count in coverage.taken_branches(export(*functions), self.sources).items()}

    def test_each_outcome_counts(self):
        self.assertEqual(self.counts(([branch(1, 5, 6, 3, 0)], [])), {(1, True): 3, (1, False): 0})

    def test_constants_have_no_outcomes(self):
        self.assertEqual(self.counts(([branch(2, 8, 12, 0, 0), branch(4, 15, 16, 0, 0), branch(5, 9, 13, 0, 0)], [])), {})

    def test_instances_of_a_template_count_together(self):
        self.assertEqual(self.counts(([branch(1, 5, 6, 3, 0)], []), ([branch(1, 5, 6, 0, 2)], [])),
                         {(1, True): 3, (1, False): 2})

    def test_a_macro_counts_where_it_is_used(self):
        self.assertEqual(self.counts(([branch(1, 5, 12, 0, 7, 1)], EXPANDED)), {(3, True): 0, (3, False): 7})

    def test_libraries_and_programs_of_the_product_are_asked(self):
        asked = ["apps/cli/CMakeFiles/cowork.dir/main.cc.o", "apps/runner/CMakeFiles/cowork-pack-runner.dir/start.cc.o",
                 "apps/sandbox/CMakeFiles/cowork_sandbox.dir/files.cc.o",
                 "core/base/CMakeFiles/cowork_base.dir/Unity/unity_group0_cxx.cxx.o"]
        others = ["tests/support/CMakeFiles/cowork_test_support.dir/main.cc.o", "core/base/CMakeFiles/other.dir/cowork_x.o",
                  "sample-packs-build/tea/CMakeFiles/pack_tea.dir/src/tea.cc.o"]
        with tempfile.TemporaryDirectory() as place:
            for name in asked + others:
                path = pathlib.Path(place, name)
                path.parent.mkdir(parents=True)
                path.touch()
            self.assertEqual(coverage.objects_of(pathlib.Path(place)), [f"{place}/{name}" for name in asked])

    def test_all_programs_in_cxx_are_the_product(self):
        folders = {f"apps/{path.parent.name}/x.cc" for path in coverage.ROOT.glob("apps/*/*.cc")}
        self.assertEqual([name for name in sorted(folders) if not coverage.in_area(name, coverage.PRODUCT)], [])

    def figure(self, *counted, excluded=()):
        counts = {coverage.Branch(FILE, line, 1, None, True): count for line, count in counted}
        taken = {branch for branch, count in counts.items() if count}
        left_out = {branch for branch in counts if branch.line in excluded}
        with contextlib.redirect_stdout(io.StringIO()) as told:
            reached = coverage.figure("admin_policy", taken, set(counts) - taken - left_out, left_out)
        return reached, told.getvalue()

    def test_below_the_target_fails(self):
        nearly = [(line, int(line > 6)) for line in range(1, 101)]
        reached, told = self.figure(*nearly)
        self.assertFalse(reached)
        self.assertEqual(told, "FIGURE: coverage/admin_policy branches=94.0 target=95 taken=94 of=100 excluded=0\n")
        self.assertTrue(self.figure(*nearly[2:])[0])

    def test_what_is_excluded_is_told(self):
        reached, told = self.figure(*[(line, int(line > 6)) for line in range(1, 101)], excluded=range(1, 4))
        self.assertTrue(reached)
        self.assertIn("branches=96.9 target=95 taken=94 of=97 excluded=3", told)

    def test_nothing_that_ran_fails(self):
        self.assertFalse(self.figure()[0])


if __name__ == "__main__":
    unittest.main()
