#!/usr/bin/env python3
"""Gives the checks of this folder a program, a page or a tree with one fault, and asks what they say."""
import pathlib
import tempfile
import unittest

import install
import linking
import man_page

PROGRAM = """#!/bin/sh
case "$*" in
  "pack list --help") printf 'USAGE\\n  cowork pack list [OPTIONS]\\n\\nOPTIONS\\n      --scope SCOPE  Only this\\n' ;;
  "pack --help") printf 'USAGE\\n  cowork pack VERB [OPTIONS]\\n\\nVERBS\\n  list  List them\\n' ;;
  "--help") printf 'VERBS\\n  pack  Packs\\n\\nOPTIONS\\n  -q, --quiet  No words\\n\\nEXIT STATUS\\n  0  success\\n' ;;
esac
"""
PAGE = """.Sh OPTIONS
.It Fl q , Fl -quiet
.Sh VERBS
.Ss pack VERB [OPTIONS]
.Ss pack list [OPTIONS]
.It Fl -scope Ar SCOPE
.Sh EXIT STATUS
.It 0
success
"""

# what is replaced in the page by what, and the finding (None: nothing)
PAGES = [
    ("", "", None),
    (".Ss pack list [OPTIONS]", ".Ss pack info [OPTIONS]", "the page lacks the verb: pack list [OPTIONS]"),
    (".Ss pack list [OPTIONS]", ".Ss pack list [OPTIONS] PACK", "there is no such verb: pack list [OPTIONS] PACK"),
    (".It Fl -scope Ar SCOPE\n", "", "pack list [OPTIONS]: the page lacks --scope SCOPE"),
    ("Ar SCOPE", "Ar TIER", "pack list [OPTIONS]: there is no --scope TIER"),
    (".It Fl q , Fl -quiet", ".It Fl -quiet", "every verb: the page lacks -q, --quiet"),
    (".It 0", ".It 1", "the exit statuses differ: [('0', 'success')], on the page [('1', 'success')]"),
]


class ChecksTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)

    def test_man_page(self):
        program = self.scratch / "cowork"
        program.write_text(PROGRAM, encoding="utf-8")
        program.chmod(0o755)
        page = self.scratch / "cowork.1"
        for old, new, finding in PAGES:
            page.write_text(PAGE.replace(old, new, 1), encoding="utf-8")
            found = list(man_page.differences(man_page.Program(program), man_page.Page(page)))
            with self.subTest(new=new):
                self.assertEqual([finding] if finding else [], [line for line in found if line == finding])
                self.assertEqual(finding is None, not found)

    def test_a_program_that_loads_a_parser_of_hostile_bytes(self):
        self.assertEqual({"libcurl"}, linking.parsers_in(["libc.so.6", "/usr/lib/libcurl.so.4"]))
        self.assertEqual({"libarchive"}, linking.parsers_in(["libarchive.so.13"]))
        self.assertEqual(set(), linking.parsers_in(["libc.so.6", "libz.so.1"]))

    def test_an_installed_file_that_names_the_tree_it_was_built_from(self):
        (self.scratch / "lib").mkdir()
        (self.scratch / "lib/x.a").write_bytes(b"\0/build/of/mine/x.cc\0")
        (self.scratch / "lib/y.a").write_bytes(b"\0/build/of/mine-too\0")
        self.assertEqual(["lib/x.a names /build/of/mine/"], install.naming(self.scratch, ["/build/of/mine"]))

    def test_a_file_that_is_missing(self):
        self.assertIn("runtime: bin/cowork is missing", install.missing(self.scratch, "runtime"))


if __name__ == "__main__":
    unittest.main()
