#!/usr/bin/env python3
"""Every fallible call of a save, an install, an update and an uninstall goes wrong once.

Usage: fault_points.py COWORK LIBRARY [--group NAME] [--workers N]. LIBRARY is fault_points.cc, preloaded. The calls of an
operation are counted first; then it runs once for every call and kind of fault, each time in a copy of the same home. What
it answers has to be true, what stands in the home has to be the old state or the new one, and the next start has to be
clean. Prints the calls by name and a FIGURE line for each operation; exit status 1 when anything is wrong.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import shutil
import sys
import threading

import home as homes
from home import PACK

KINDS = ("EIO", "ENOSPC", "EINTR", "KILL")
# Kinds of their own for calls that change something: half of a write, a disk that is full or dead from then on.
CHANGES = {"write", "pwrite", "ftruncate", "fsync", "fdatasync", "fchmod", "renameat2", "mkdirat", "unlinkat"}
WRITES = {"write", "pwrite", "send"}
SHOWN_FAILURES = 12


class Operation:
    """How the home is prepared, and what then is done to it."""

    def __init__(self, name, group, arguments, installed):
        self.name, self.group, self.arguments, self.installed = name, group, arguments, installed

    def prepare(self, desk, home):
        desk.offer("one")
        desk.must(home, "pack", "disable", homes.OTHER)
        desk.must(home, "pack", "enable", homes.OTHER)
        desk.must(home, "policy", "set", "packs.blocked+=before")
        if self.installed:
            desk.must(home, "pack", "install", str(desk.source))
            desk.must(home, "pack", "disable", PACK)
            desk.must(home, "pack", "enable", PACK)
        if self.name == "update":
            desk.offer("two")


def operations(desk):
    return [
        Operation("toggle", "save", ["pack", "disable", PACK], True),
        Operation("policy", "save", ["policy", "set", "packs.blocked+=after"], True),
        Operation("directory", "install", ["pack", "install", str(desk.source), "--yes"], False),
        Operation("archive", "install", ["pack", "install", str(desk.root / "one.tar.gz"), "--yes"], False),
        Operation("update", "update", ["pack", "update", PACK, "--yes"], True),
        Operation("uninstall", "uninstall", ["pack", "remove", PACK, "--yes"], True),
    ]


class Prober:
    """Runs one operation with one fault after the other."""

    def __init__(self, desk, library, operation):
        self.desk, self.library, self.operation = desk, str(library), operation
        self.directory = desk.root / f"runs-{operation.name}"
        self.directory.mkdir()
        self.template = self.directory / "template"
        self.template.mkdir(mode=0o700)
        operation.prepare(desk, self.template)
        self.old = homes.state_of(self.template)
        self.known, self.lock = {}, threading.Lock()
        self.fired = 0
        self.new, self.calls = self.count()

    def copy(self, name):
        home = self.directory / name
        shutil.copytree(self.template, home)
        return home

    def run(self, home, point, kind):
        log = home.with_suffix(".log")
        extra = {"LD_PRELOAD": self.library, "FAULT_POINT": str(point), "FAULT_KIND": kind, "FAULT_LOG": str(log)}
        ran = self.desk.run(home, self.operation.arguments, extra)
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return ran, lines

    def count(self):
        home = self.copy("count")
        ran, lines = self.run(home, 0, "")
        if ran.returncode != 0:
            raise RuntimeError(f"{self.operation.name} without a fault: {ran.stdout.decode()}{ran.stderr.decode()}")
        new = homes.state_of(home)
        if new == self.old:
            raise RuntimeError(f"{self.operation.name} without a fault changes nothing")
        if wrong := homes.faults_of_next_start(self.desk, home, new):
            raise RuntimeError(f"{self.operation.name} without a fault: {wrong}")
        return new, [line.split()[1] for line in lines if line.startswith("call ")]

    def plan(self):
        for number, call in enumerate(self.calls, 1):
            for kind in KINDS:
                yield number, kind
            if call in WRITES:
                yield number, "SHORT"
            if call in CHANGES:
                yield number, "FULL"
                yield number, "DEAD"

    def probe(self, point, kind):
        """What is wrong after this fault; empty when nothing is."""
        home = self.copy(f"{point}-{kind}")
        try:
            ran, lines = self.run(home, point, kind)
            what = next((line[6:] for line in lines if line.startswith("fault ")), "")
            if what:
                with self.lock:
                    self.fired += 1
            wrong = self.faults_of_answer(ran, kind, home) + self.faults_of_home(home)
            return [f"{self.operation.name}: {kind} at call {point} ({what}): {text}" for text in wrong]
        except Exception as error:  # whatever it is, this run has failed
            return [f"{self.operation.name}: {kind} at call {point}: {error!r}"]
        finally:
            shutil.rmtree(home, ignore_errors=True)

    def faults_of_answer(self, ran, kind, home):
        state = homes.state_of(home)
        if ran.returncode < 0:
            return [] if kind == "KILL" and ran.returncode == -9 else [f"ended by signal {-ran.returncode}"]
        try:
            answer = json.loads(ran.stdout)
        except ValueError:
            return [f"exit status {ran.returncode}, and no JSON: {ran.stdout!r} {ran.stderr!r}"]
        if (ran.returncode == 0) != ("error" not in answer):
            return [f"exit status {ran.returncode} with {answer}"]
        if ran.returncode == 0:
            return self.faults_of_success(state, ran.stderr.decode(), kind)
        error = answer["error"]
        if error.get("code") in (None, "internal") or not error.get("message"):
            return [f"not a clean error: {error}"]
        # When every later call fails too, taking back fails as well; it says so, and the next start decides.
        if kind == "DEAD" or homes.settled(state, self.new) == self.old:
            return []
        return [f"a failure was reported ({error['message']}), and the state is not the old one: {self.difference(state, self.old)}"]

    def faults_of_success(self, state, warnings, kind):
        wanted = dict(self.new)
        # What stays of a pack that is gone is told; on a dead disk, what may stay: taking back fails too.
        if "its switches stay" in warnings and not (kind == "DEAD" and state["pack-states.json"] == self.new["pack-states.json"]):
            wanted["pack-states.json"] = self.old["pack-states.json"]
        if "its lock record stays" in warnings or "its lock record is still marked as pending" in warnings:
            state = homes.settled(state, self.new)
        return [] if state == wanted else [f"a success was reported, and the state is not the new one: {self.difference(state, wanted)}"]

    @staticmethod
    def difference(state, wanted):
        return {key: (state[key], wanted[key]) for key in wanted if state[key] != wanted[key]}

    def faults_of_home(self, home):
        """Of equal homes only one is looked at by a new host."""
        key = homes.fingerprint(home)
        with self.lock:
            if key in self.known:
                return self.known[key]
        state = homes.settled(homes.state_of(home), self.new)
        wrong = self.faults_of_state(state)
        wrong = wrong or homes.faults_of_next_start(self.desk, home, state)
        with self.lock:
            self.known[key] = wrong
        return wrong

    def faults_of_state(self, state):
        if state in (self.old, self.new):
            return []
        if self.operation.name == "uninstall" and not state["tree"]:
            # The pack is gone: switches and record go one after the other, and mean nothing without it.
            parts = [state[name] in (self.old[name], self.new[name]) for name in homes.STATE_FILES]
            return [] if all(parts) else [f"mixed: {self.difference(state, self.new)}"]
        return [f"neither the old state nor the new: {self.difference(state, self.old)}"]


def probe_all(prober, workers):
    runs, failures = 0, []
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for wrong in pool.map(lambda job: prober.probe(*job), prober.plan()):
            runs += 1
            if wrong:
                failures.append("; ".join(wrong))
    return runs, failures


def report(operation, prober, runs, failures):
    by_name = collections.Counter(prober.calls).most_common()
    print(f"{operation.name}: {len(prober.calls)} calls: " + ", ".join(f"{name} {count}" for name, count in by_name))
    print(f"{operation.name}: {runs} runs, {prober.fired} faults came about, {len(prober.known)} different homes were started again")
    for failure in failures[:SHOWN_FAILURES]:
        print(f"FAILED: {failure[:1500]}")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description="fault points")
    parser.add_argument("cowork")
    parser.add_argument("library")
    parser.add_argument("--group", action="append", choices=("save", "install", "update", "uninstall"))
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    figures = collections.defaultdict(lambda: [0, 0, 0])
    bad = False
    with homes.scratch_directory("cowork-faults-") as scratch:
        desk = homes.Desk(pathlib.Path(options.cowork).resolve(), scratch)
        for operation in operations(desk):
            if options.group and operation.group not in options.group:
                continue
            prober = Prober(desk, pathlib.Path(options.library).resolve(), operation)
            runs, failures = probe_all(prober, options.workers)
            if prober.fired < 0.9 * runs:  # how often a pipe is read is up to the clock
                failures.append(f"{operation.name}: of {runs} faults only {prober.fired} came about")
            report(operation, prober, runs, failures)
            shutil.rmtree(prober.directory, ignore_errors=True)
            figure = figures[operation.group]
            for index, value in enumerate((len(prober.calls), runs, len(failures))):
                figure[index] += value
            bad = bad or bool(failures)
    for group, (points, runs, failed) in figures.items():
        print(f"FIGURE: faults/{group} points={points} kinds={len(KINDS)} runs={runs} failed={failed}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
