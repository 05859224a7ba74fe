#!/usr/bin/env python3
"""Plants one document at a time in a small tree, with a stand-in for the program, and asks what check_docs.py says."""
import pathlib
import tempfile
import unittest

import check_docs

PROGRAM = """#!/bin/sh
case "$*" in
  "policy validate"*) grep -q broken "$3" && exit 8; exit 0 ;;
  "greet") echo "hello   ~ $HOME"; echo "a word" >&2 ;;
  "touch") echo made > "$HOME/made" ;;
  "made") [ -e "$HOME/made" ] ;;
  "read "*) cat "$2" ;;
  *) echo "error" >&2; exit 3 ;;
esac
"""
SNIPPET = "#include <x>\nint main() {\n  // [one]\n  int x = 1;\n  // [/one]\n  return x;\n}\n"
SHOWN = "```cpp\nint x = 1;\n```\n"

# what README.md holds, and the findings (None: nothing)
TABLE = [
    (SHOWN, None),
    ("nothing", "tests/docs/snippets: no document shows [one]"),
    (SHOWN + "```cpp\nint y = 1;\n```", "this C++ stands in no file"),
    (SHOWN + '```json\n{"a": 1}\n```', None),
    (SHOWN + '```json\n{"a": 1,}\n```', "this is no JSON"),
    (SHOWN + '```json\n{"a": 1, "a": 2}\n```', "a key stands twice"),
    (SHOWN + '<!-- policy -->\n```json\n{"a": 1}\n```', None),
    (SHOWN + '<!-- policy -->\n```json\n{"broken": 1}\n```', "this policy is refused"),
    (SHOWN + "```console\n$ cowork greet\n```", None),
    (SHOWN + "```console\n$ cowork greet\nhello ~ ~\na word\n```", None),
    (SHOWN + "```console\n$ cowork greet\na …\n…\n```", None),
    (SHOWN + "```console\n$ cowork greet\nhello there\n…\n```", "prints something else"),
    (SHOWN + "```console\n$ cowork greet\nhello ~ ~\n```", "prints something else"),
    (SHOWN + "```console\n$ cowork wrong\n```", "`cowork wrong` ends with 3, not 0: error"),
    (SHOWN + "<!-- exit: 3 -->\n```console\n$ cowork wrong\n```", None),
    (SHOWN + "<!-- exit: 3 -->\n```console\n$ cowork greet\n```", "ends with 0, not 3"),
    (SHOWN + "<!-- exit: 3 3 -->\n```console\n$ cowork wrong\n```", "2 exit statuses for 1 commands"),
    (SHOWN + "```console\n$ cowork touch\n$ other program\n$ cowork made\n```", None),
    (SHOWN + "```console\n$ cowork touch\n```\n<!-- new home -->\n```console\n$ cowork made\n```", "`cowork made` ends with 1"),
    (SHOWN + '<!-- file: a.json -->\n```json\n{"a": 1}\n```\n```console\n$ cowork read a.json\n{"a": 1}\n```', None),
    (SHOWN + "<!-- from: docs/a.md -->\n```sh\n# A `heading`\n```", None),
    (SHOWN + "<!-- from: docs/a.md -->\n```sh\n# A head\n```", "this does not stand in docs/a.md"),
    (SHOWN + "<!-- from: docs/b.md -->\n```sh\n# A `heading`\n```", "this does not stand in docs/b.md"),
    (SHOWN + "see `docs/` and `tests/docs/snippets/*.cc`", None),
    (SHOWN + "see `docs/gone.md`", "there is no docs/gone.md"),
    (SHOWN + "see `cowork/base/gone.h`", "there is no header cowork/base/gone.h"),
    (SHOWN + "see [it](docs/a.md#a-heading)", None),
    (SHOWN + "see [it](docs/b.md)", "the link docs/b.md leads nowhere"),
    (SHOWN + "see [it](docs/a.md#gone)", "docs/a.md has no heading for #gone"),
    (SHOWN + "see [it](https://example.com/x)", None),
    (SHOWN + "held by `rule 1: yes`", None),
    (SHOWN + "held by `rule 1: no`", "no test is named 'rule 1: no'"),
]


class CheckDocsTest(unittest.TestCase):
    def findings(self, readme, header_named=True):
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            for name, text in {
                "README.md": readme + ("\n`cowork/base/x.h`\n" if header_named else ""),
                "CHANGELOG.md": "",
                "docs/a.md": "# A `heading`\n",
                "core/base/include/cowork/base/x.h": "",
                "tests/docs/snippets/one.cc": SNIPPET,
                "tests/core/x_test.cc": 'TEST_CASE("rule 1: yes") {}\n',
                "bin/cowork": PROGRAM,
            }.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            (root / "bin/cowork").chmod(0o755)
            checker = check_docs.Checker(root, root / "bin/cowork")
            checker.skipped = []
            return checker.check()

    def test_each_planted_document(self):
        for readme, said in TABLE:
            with self.subTest(readme=readme):
                findings = self.findings(readme)
                if said is None:
                    self.assertEqual(findings, [])
                else:
                    self.assertTrue(findings and said in findings[0], findings)

    def test_a_header_that_the_tour_leaves_out(self):
        self.assertEqual(self.findings(SHOWN, header_named=False), ["README.md: the header tour leaves out cowork/base/x.h"])

    def test_a_path_of_this_machine(self):
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch).resolve()
            (root / "README.md").write_text(f"see {root}/x\n", encoding="utf-8")
            (root / "CHANGELOG.md").write_text("", encoding="utf-8")
            self.assertIn("README.md: names a path of this machine", check_docs.Checker(root, root / "cowork").check())


if __name__ == "__main__":
    unittest.main()
