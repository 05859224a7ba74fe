#!/usr/bin/env python3
"""What scripts/count_tests.py makes of the tests' outputs: a failure must never be counted away."""
import pathlib
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import count_tests  # noqa: E402

PASSED = "All tests passed (88 assertions in 14 test cases)\n"
FAILED = "test cases:   32 |   31 passed | 1 failed\nassertions: 2079 | 2078 passed | 1 failed\n"

NODE = "✔ a test (3 ms)\nℹ tests {tests}\nℹ suites 0\nℹ pass 0\nℹ fail {fail}\nℹ skipped {skipped}\nℹ todo 0\n"

# status, output, (passed, failed, reasons of the skipped)
TABLE = [
    ("run", PASSED, (14, 0, [])),
    ("run", "All tests passed (1 assertion in 1 test case)\n", (1, 0, [])),
    ("run", "no Catch2 program\n", (1, 0, [])),
    ("run", NODE.format(tests=7, fail=0, skipped=0), (7, 0, [])),
    ("run", NODE.format(tests=7, fail=0, skipped=2), (5, 0, ["says Node's test runner"] * 2)),
    ("run", "SKIPPED: no browser\n" + NODE.format(tests=7, fail=0, skipped=2), (5, 0, ["no browser"] * 2)),
    ("fail", NODE.format(tests=7, fail=2, skipped=0), (5, 2, [])),
    ("run", "SKIPPED: needs root\n" + PASSED, (13, 0, ["needs root"])),
    ("fail", FAILED, (31, 1, [])),
    ("fail", "SKIPPED: no corpus \n" + FAILED, (30, 1, ["no corpus"])),
    ("fail", "test cases: 2 | 2 failed\nassertions: 2 | 2 failed\n", (0, 2, [])),
    ("fail", "Segmentation fault\n", (0, 1, [])),
    ("fail", PASSED + "a sanitizer's report\n", (13, 1, [])),
    ("fail", "", (0, 1, [])),
    ("notrun", "", (0, 1, [])),
    ("disabled", "", (0, 1, [])),
]


class CountTest(unittest.TestCase):
    def test_each_output(self):
        for status, output, expected in TABLE:
            with self.subTest(status=status, output=output):
                case = ElementTree.Element("testcase", status=status)
                ElementTree.SubElement(case, "system-out").text = output
                self.assertEqual(count_tests.count(case), expected)


if __name__ == "__main__":
    unittest.main()
