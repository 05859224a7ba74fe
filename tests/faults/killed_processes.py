#!/usr/bin/env python3
"""SIGKILL at random moments of saves, and of installs, updates and uninstalls.

Usage: killed_processes.py COWORK [--saves N] [--installs N] [--seed N] [--workers N]. A host is asked for one change after
the other over its standard streams, and killed at a moment that the seed chooses; then the next host starts on what it left,
and is the next victim. What was answered has to be there, what was asked for may be there, nothing else may be. Prints a
FIGURE line for each kind; exit status 1 when anything was lost or mixed.
"""
import argparse
import concurrent.futures
import contextlib
import json
import pathlib
import random
import subprocess
import sys
import time

import home as homes
from home import OTHER, PACK

LONGEST_LIFE_SECONDS = 0.04  # of a victim, from its first change on: a few changes
SHOWN_FAILURES = 12


class Victim:
    """A host that answers one request after the other until it is killed."""

    def __init__(self, desk, home):
        self.process = subprocess.Popen([desk.program, "serve", "--stdio"], env=desk.environment(home), cwd=desk.root,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.number = 0

    def send(self, method, parameters):
        self.number += 1
        request = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": parameters}
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()

    def call(self, method, parameters):
        """The result, or nothing when the host died before it had answered whole."""
        try:
            self.send(method, parameters)
            line = self.process.stdout.readline()
        except BrokenPipeError:
            return None
        if not line.endswith(b"\n"):
            return None
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{method} {parameters}: {answer['error']}")
        return answer["result"]

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        with contextlib.suppress(BrokenPipeError):  # of what was still to be sent
            self.process.stdin.close()


class Saves:
    """Switches and policies in turn. Every change carries a number, so that each state is told from all others."""

    name = "save"

    def __init__(self, desk, home, chance):
        self.desk, self.chance, self.number = desk, chance, 0
        desk.must(home, "pack", "enable", OTHER)
        desk.must(home, "policy", "set", "packs.blocked+=number-0")
        self.told = {"policy": "number-0", "switch": True}
        self.asked = dict(self.told)

    def next(self):
        self.number += 1
        self.asked = dict(self.told)
        if self.chance.random() < 0.5:
            self.asked["policy"] = f"number-{self.number}"
            return "admin:policiesUpdate", [{"packs": {"blocked": [self.asked["policy"]]}}]
        self.asked["switch"] = not self.told["switch"]
        return "pluginPack:toggle", [OTHER, self.asked["switch"]]

    def answered(self):
        self.told = dict(self.asked)

    @staticmethod
    def calls():
        return [("admin:policiesGet", []), ("pluginPack:get", [OTHER])]

    def faults(self, results, _home):
        found = {"policy": results[0]["packs"]["blocked"][0], "switch": results[1]["enabled"]}
        if found not in (self.told, self.asked):
            return [f"answered was {self.told}, asked for {self.asked}, found {found}"]
        self.told = found
        return []


class Installs:
    """Install, update to the other version, uninstall, again and again."""

    name = "install"

    def __init__(self, desk, home, chance):
        self.desk, self.chance = desk, chance
        self.told, self.asked = None, None
        self.trees = {}
        for directory in ("one", "two"):
            version = json.loads((desk.root / directory / "cowork.plugin.json").read_text())["version"]
            self.trees[version] = (homes.read_tree(desk.root / directory), directory)

    def next(self):
        if self.told is None:
            self.asked = "1.0.0"
        else:
            self.asked = None if self.chance.random() < 0.3 else {"1.0.0": "2.0.0", "2.0.0": "1.0.0"}[self.told]
        if self.asked is None:
            return "pluginPack:uninstall", [PACK]
        source = str(self.desk.root / self.trees[self.asked][1])
        return "pluginPack:install", [source, {"replace": True, "allowDowngrade": True}]

    def answered(self):
        self.told = self.asked

    @staticmethod
    def calls():
        return [("pluginPack:list", []), ("pluginPack:verify", [])]

    def faults(self, results, home):
        listed = {pack["name"]: pack for pack in results[0]}
        version = listed[PACK]["version"] if PACK in listed else None
        wrong = []
        if version not in (self.told, self.asked):
            wrong.append(f"answered was {self.told}, asked for {self.asked}, found {version}")
        tree = homes.read_tree(home / "extensions" / PACK)
        if tree != (self.trees[version][0] if version else {}):
            wrong.append(f"listed is {version}, and the tree is another: {tree}")
        if version and (listed[PACK]["state"] != "active" or "source" not in listed[PACK]):
            wrong.append(f"listed as {listed[PACK]}")
        if results[1].get("verified") is not True:
            wrong.append(f"pack verify: {results[1]}")
        if staging := [name for name in homes.left_over(home) if ".staging" in name]:
            wrong.append(f"left over after the next start: {staging}")
        self.told = version
        return wrong


class Series:
    """One home, one victim after the other."""

    def __init__(self, desk, kind, kills, seed):
        self.desk, self.kills, self.chance = desk, kills, random.Random(seed)
        self.home = desk.root / f"{kind.name}-{seed}"
        self.home.mkdir(mode=0o700)
        self.work = kind(desk, self.home, self.chance)
        self.changes, self.killed, self.cut_short, self.failures = 0, 0, 0, []

    def run(self):
        try:
            for number in range(self.kills + 1):
                self.round(last=number == self.kills)
            self.failures += self.faults_of_trail()
        except Exception as error:  # whatever it is, this series has failed
            self.failures.append(f"{self.work.name}: {error!r}")
        return self

    def round(self, last):
        victim = Victim(self.desk, self.home)
        try:
            calls = [("host:status", []), *self.work.calls()]
            results = [victim.call(*each) for each in calls]
            wrong = [f"diagnostic: {found}" for found in results[0]["diagnostics"]]
            wrong += self.work.faults(results[1:], self.home)
            self.failures += [f"{self.work.name}: after {self.changes} changes: {text}" for text in wrong]
            if not last:
                self.change_until_killed(victim)
        finally:
            victim.end()

    def change_until_killed(self, victim):
        """The signal comes from outside, at a moment of its own, mostly inside a change."""
        delay = self.chance.uniform(0, LONGEST_LIFE_SECONDS)
        killer = subprocess.Popen(["/bin/sh", "-c", f"sleep {delay:.6f}; kill -9 {victim.process.pid}"])
        try:
            while victim.call(*self.work.next()) is not None:
                self.work.answered()
                self.changes += 1
            self.killed += 1
            self.cut_short += bool(homes.left_over(self.home))
        finally:
            killer.wait()

    def faults_of_trail(self):
        answer = self.desk.session(self.home, [("pluginPack:toggle", [OTHER, False]),
                                               ("audit:query", [{"limit": 1, "verify": True}])])[1]
        trail = answer.get("result", {})
        wrong = [] if trail.get("verified") is True else [f"{self.work.name}: audit trail: {answer}"]
        if remains := homes.left_over(self.home):
            wrong.append(f"{self.work.name}: left over after a save: {remains}")
        return wrong


def shares(total, parts):
    return [total // parts + (1 if part < total % parts else 0) for part in range(parts)]


def run_kind(desk, kind, kills, seed, workers):
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        jobs = [pool.submit(Series(desk, kind, share, seed + part).run)
                for part, share in enumerate(shares(kills, workers)) if share]
        done = [job.result() for job in jobs]
    failures = [failure for series in done for failure in series.failures]
    changes = sum(series.changes for series in done)
    cut_short = sum(series.cut_short for series in done)
    print(f"{kind.name}: {kills} victims answered {changes} changes in {time.monotonic() - started:.0f} s, seed {seed}; "
          f"{cut_short} died between two steps of a change and left something to clear away")
    for failure in failures[:SHOWN_FAILURES]:
        print(f"FAILED: {failure[:1500]}")
    killed = sum(series.killed for series in done)
    print(f"FIGURE: kills/{kind.name} kills={killed} lost={len(failures)}")
    sys.stdout.flush()
    return not failures and killed == kills


def main():
    parser = argparse.ArgumentParser(description="SIGKILL at random moments")
    parser.add_argument("cowork")
    parser.add_argument("--saves", type=int, default=1000)
    parser.add_argument("--installs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--workers", type=int, default=3)
    options = parser.parse_args()
    with homes.scratch_directory("cowork-kills-") as scratch:
        desk = homes.Desk(pathlib.Path(options.cowork).resolve(), scratch)
        good = [run_kind(desk, kind, kills, options.seed, options.workers)
                for kind, kills in ((Saves, options.saves), (Installs, options.installs)) if kills]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
