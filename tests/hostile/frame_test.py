#!/usr/bin/env python3
"""The frame itself: a case that is wrong in any one way fails, and says in which."""
import importlib
import os
import pathlib
import re
import tempfile
import time
import unittest

import frame
from desk import Told
from frame import Case, CoveredBy, NotRun


def faults_of(program="/bin/true", **parts):
    parts = {"act": lambda desk: Told("policy-denied", "Pack is blocked"), "code": "policy-denied",
             "message_begins": "Pack is"} | parts
    return frame.run_case(Case("area", "name", **parts), program)[0]


def script(directory, text):
    path = pathlib.Path(directory, "program")
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


class FrameTest(unittest.TestCase):
    def check_fault(self, faults, begins):
        self.assertEqual(len(faults), 1, faults)
        self.assertTrue(faults[0].startswith(begins), faults[0])

    def test_a_case_that_is_right(self):
        self.assertEqual(faults_of(), [])

    def test_another_code(self):
        self.check_fault(faults_of(code="conflict"), "code 'policy-denied' instead of 'conflict'")
        self.check_fault(faults_of(act=lambda desk: Told(None)), "code None instead of 'policy-denied'")

    def test_success_where_none_was_to_be(self):
        self.check_fault(faults_of(code=None, message_begins=""), "code 'policy-denied' instead of None")

    def test_another_message(self):
        self.check_fault(faults_of(message_begins="Something else"), "message 'Pack is blocked' does not begin with")

    def test_a_row_without_a_message(self):
        self.check_fault(faults_of(message_begins=""), "the row does not say how its message begins")

    def test_changes_of_the_disk(self):
        def arrange(desk):
            desk.policy("{}")

        changes = {
            "bytes": lambda desk: desk.policy("{ }"), "mode": lambda desk: (desk.home / "policies.json").chmod(0o600),
            "gone": lambda desk: (desk.home / "policies.json").unlink(), "new": lambda desk: desk.write("home/new", ""),
            "directory": lambda desk: (desk.user / ".staging").mkdir(), "tier": lambda desk: desk.pack("builtin", "x"),
            "link": lambda desk: (desk.user / "x").symlink_to("nowhere"),
        }
        for what, change in changes.items():
            with self.subTest(what):
                faults = faults_of(arrange=arrange, act=lambda desk: (change(desk), Told("policy-denied", "Pack is blocked"))[1])
                self.assertTrue(faults and all(fault.startswith("changed: ") for fault in faults), faults)

    def test_what_may_change(self):
        def act(desk):
            desk.write("home/audit.jsonl", "{}")
            desk.write("home/audit.jsonl.lock", "head")
            desk.write("home/pack-states.json.lock", "")
            desk.write("work/anything", "")
            return Told("policy-denied", "Pack is blocked")

        self.assertEqual(faults_of(act=act), [])

    def test_late(self):
        self.check_fault(faults_of(act=lambda desk: (time.sleep(0.02), Told("policy-denied", "Pack is blocked"))[1],
                                   within_seconds=0.01), "took ")

    def test_a_check_that_fails(self):
        def check(desk, told):
            assert False, "not there"

        self.check_fault(faults_of(check=check), "AssertionError: not there")

    def test_crashes(self):
        for what, text in {"SIGSEGV": "kill -SEGV $$", "SIGABRT": "kill -ABRT $$", "status 139": "exit 139",
                           "AddressSanitizer": "echo '==1==ERROR: AddressSanitizer: x' >&2; exit 1",
                           "runtime error": "echo 'x.cc:1:2: runtime error: y' >&2; echo '{}'"}.items():
            with self.subTest(what), tempfile.TemporaryDirectory() as directory:
                faults = faults_of(script(directory, text), act=lambda desk: desk.run("pack", "list"))
                self.check_fault(faults, "Crash: ")
                self.assertIn(what, faults[0])

    def test_an_end_that_does_not_come(self):
        with tempfile.TemporaryDirectory() as directory:
            faults = faults_of(script(directory, "exec sleep 60"),
                               act=lambda desk: desk.run("pack", "list", within_seconds=0.05))
        self.check_fault(faults, "AssertionError: cowork ")

    def test_success_and_an_error_at_once(self):
        with tempfile.TemporaryDirectory() as directory:
            faults = faults_of(script(directory, """echo '{"error": {"code": "policy-denied", "message": "Pack is blocked"}}'"""),
                               act=lambda desk: desk.run("pack", "list"))
        self.check_fault(faults, "AssertionError: cowork ")

    def test_what_is_not_run(self):
        with self.assertRaises(NotRun):
            faults_of(needs=lambda: "there is none")

    def test_covered_by_nothing(self):
        results = frame.Results(build=os.getcwd())
        results._tests = {"gone": {"name": "gone", "command": ["/nonexistent/test_gone"]},
                          "silent": {"name": "silent", "command": ["/bin/true"]}}
        self.check_fault(results._covered(CoveredBy("area", "row", "unknown")), "this build has no test unknown")
        self.check_fault(results._covered(CoveredBy("area", "row", "gone")), "the program of the test gone was not built")
        self.assertIn("ended with 0", results._covered(CoveredBy("area", "row", "silent", "a case"))[0])

    def test_the_counts_of_the_document(self):
        here = pathlib.Path(__file__).resolve().parent
        text = (here.parent.parent / "docs" / "hostile.md").read_text()
        documented = {area: int(rows) for area, rows in re.findall(r"^\| (\w+) \| (\d+) \|", text, re.MULTILINE)}
        tables = {path.name.removesuffix("_cases.py") for path in here.glob("*_cases.py")}
        self.assertEqual(documented, {area: len(list(importlib.import_module(f"{area}_cases").cases())) for area in tables})


if __name__ == "__main__":
    unittest.main()
