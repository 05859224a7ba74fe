#!/usr/bin/env python3
"""What mutate.py changes in a source, and what run.py says of a program whose tests notice too little."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
COMPILER = sys.argv.pop(1) if len(sys.argv) > 1 else "clang++-14"

SOURCE = """namespace cowork {
enum class Kind { one, two };
struct Item { bool set; int count; };
const Item* find(const Item* item);
bool chosen(const Item& item, Kind kind) {
  if (const auto* found = find(&item)) return found->set && kind == Kind::one;
  return !item.set || item.count < 3;
}
}  // namespace cowork
"""
# line, what stands there, what stands there instead
CHANGES = {
    (6, "find(&item)", "nullptr"),
    (6, "found->set && kind == Kind::one", "found->set || kind == Kind::one"),
    (6, "found->set", "!(found->set)"),
    (6, "kind == Kind::one", "kind != Kind::one"),
    (6, "Kind::one", "Kind::two"),
    (7, "!item.set || item.count < 3", "!item.set && item.count < 3"),
    (7, "!item.set", "static_cast<bool>(item.set)"),
    (7, "item.count < 3", "item.count <= 3"),
    (7, "item.count < 3", "item.count >= 3"),
    (7, "3", "4"),
}
# A program that fails with the mutants below 3 alone.
TESTS = "#!/bin/sh\n[ \"$COWORK_MUTANT\" -eq 0 ] || [ \"$COWORK_MUTANT\" -ge 3 ]\n"
MUTANTS = [{"id": number, "file": "a.cc", "line": number, "kind": "constant", "text": f"line {number}", "from": "1", "to": "2"}
           for number in (1, 2, 3)]


class MutationTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def test_changes(self):
        source = self.directory / "source.cc"
        source.write_text(SOURCE)
        subprocess.run([sys.executable, "-B", HERE / "mutate.py", "--compiler", COMPILER, "--out", self.directory / "out", source],
                       check=True)
        mutants = json.loads((self.directory / "out/mutants.json").read_text())
        self.assertEqual({(mutant["line"], mutant["from"], mutant["to"]) for mutant in mutants}, CHANGES)
        self.assertEqual([mutant["id"] for mutant in mutants], list(range(1, len(CHANGES) + 1)))
        subprocess.run([COMPILER, "-std=c++20", "-fsyntax-only", "-w", self.directory / "out/source.cc"], check=True)

    def run_tests(self, target, program=TESTS, equivalent=""):
        tests, listed = self.directory / "tests", self.directory / "equivalent.txt"
        tests.write_text(program)
        tests.chmod(0o755)
        listed.write_text(equivalent)
        (self.directory / "mutants.json").write_text(json.dumps(MUTANTS))
        done = subprocess.run([sys.executable, "-B", HERE / "run.py", "--name", "a", "--target", str(target), "--equivalent",
                               listed, tests, self.directory], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def test_survivors_are_named_and_counted(self):
        status, told = self.run_tests(67)
        self.assertEqual(status, 1)
        self.assertEqual(told, "survived: a.cc:3: constant: 1 => 2\n"
                               "FIGURE: mutants/a mutants=3 killed=2 percent=66.6 target=67 equivalent=0\n")
        self.assertEqual(self.run_tests(66)[0], 0)

    def test_equivalents_do_not_count(self):
        status, told = self.run_tests(100, equivalent="a.cc:line 3 | 1 => 2 | nobody can see it\n")
        self.assertEqual((status, told), (0, "FIGURE: mutants/a mutants=2 killed=2 percent=100.0 target=100 equivalent=1\n"))

    def test_an_equivalent_that_dies_or_is_gone_fails(self):
        status, told = self.run_tests(50, equivalent="a.cc:line 2 | 1 => 2 | wrong\n")
        self.assertEqual(status, 1)
        self.assertIn("listed as equivalent, and yet it dies: a.cc:2: 1 => 2\n", told)
        status, told = self.run_tests(50, equivalent="a.cc:line 4 | 1 => 2 | gone\n")
        self.assertEqual(status, 1)
        self.assertIn("listed as equivalent, and not there: a.cc:line 4", told)

    def test_tests_that_fail_anyway_prove_nothing(self):
        self.assertEqual(self.run_tests(0, program="#!/bin/sh\nexit 1\n"), (1, "the tests fail without any mutant\n"))


if __name__ == "__main__":
    unittest.main()
