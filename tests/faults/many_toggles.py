#!/usr/bin/env python3
"""Eight processes switch packs of one home at once: no change is lost.

Usage: many_toggles.py COWORK [--processes N] [--toggles N]. Each process is a host of its own, asked over its standard
streams; it switches its own pack to values that the test knows, and now and then reads what it and the others have saved. At
the end the file, a new host and the audit trail have to say what was answered. Prints a FIGURE line; exit status 1 when
anything was lost.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import sys
import threading
import time

import home as homes
from killed_processes import Victim

READ_EVERY = 25
SHOWN_FAILURES = 12


class Switcher:
    """One process and its pack."""

    def __init__(self, desk, home, name, start):
        self.host, self.name, self.start = Victim(desk, home), name, start
        self.saved, self.failures = None, []

    def run(self, others, toggles):
        try:
            self.start.wait()
            for number in range(toggles):
                # Neither alternating alone nor constant: what is lost must show.
                wanted = (number * number + number // 3) % 2 == 0
                self.host.call("pluginPack:toggle", [self.name, wanted])
                self.saved = wanted
                if number % READ_EVERY == 0:
                    self.look(number, others)
        except Exception as error:  # whatever it is, this process has failed
            self.failures.append(f"{self.name}: {error!r}")

    def look(self, number, others):
        """Its own switch is as it was answered. So are the others', unless they were answered again meanwhile."""
        before = {other.name: other.saved for other in others}
        found = {pack["name"]: pack["enabled"] for pack in self.host.call("pluginPack:list", [])}
        after = {other.name: other.saved for other in others}
        if found[self.name] != self.saved:
            self.failures.append(f"{self.name}: toggle {number} to {self.saved} was answered, and is not there")
        for name, value in before.items():
            if name not in found:
                self.failures.append(f"{self.name}: does not see {name}")
            # A toggle under way may show before it is answered, so only a value that both ends agree on is told apart,
            # and only when it differs in a second look.
            elif value is not None and value == after[name] != found[name]:
                self.confirm(number, name, value, others)

    def confirm(self, number, name, value, others):
        other = next(other for other in others if other.name == name)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            saved = other.saved
            found = {pack["name"]: pack["enabled"] for pack in self.host.call("pluginPack:list", [])}
            if found[name] == saved or other.saved != saved:
                return
        self.failures.append(f"{self.name}: at toggle {number}: {name} was answered {value}, and stays different")


def faults_of_end(desk, home, switchers, toggles):
    wrong = []
    saved = json.loads((home / "pack-states.json").read_text())["packs"]
    for switcher in switchers:
        if saved.get(switcher.name) != switcher.saved:
            wrong.append(f"{switcher.name}: {saved.get(switcher.name)} in the file, answered was {switcher.saved}")
    calls = [("pluginPack:list", []), ("audit:query", [{"limit": 1, "verify": True}]), ("host:status", [])]
    listed, trail, status = (answer.get("result", answer) for answer in desk.session(home, calls))
    enabled = {pack["name"]: pack["enabled"] for pack in listed}
    wrong += [f"{each.name}: a new host says {enabled.get(each.name)}" for each in switchers if enabled.get(each.name) != each.saved]
    if trail.get("verified") is not True:
        wrong.append(f"audit trail: {trail}")
    wrong += [f"diagnostic: {found}" for found in status["diagnostics"]]
    lines = collections.Counter()
    for path in home.glob("audit.jsonl*"):
        if path.suffix == ".lock":
            continue
        for line in path.read_text().splitlines():
            record = json.loads(line)
            if (record["operation"], record["verdict"]) == ("pluginPack:toggle", "allowed"):
                lines[record["subject"]] += 1
    wrong += [f"{each.name}: {lines[each.name]} lines in the audit trail" for each in switchers if lines[each.name] != toggles]
    return wrong, sum(lines.values())


def main():
    parser = argparse.ArgumentParser(description="eight processes that switch packs")
    parser.add_argument("cowork")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--toggles", type=int, default=1000)
    options = parser.parse_args()
    with homes.scratch_directory("cowork-toggles-") as scratch:
        desk = homes.Desk(pathlib.Path(options.cowork).resolve(), scratch)
        home = desk.root / "home"
        home.mkdir(mode=0o700)
        (home / "host.json").write_text(json.dumps({"audit": {"maxBytes": 16 << 20, "maxFiles": 20}}))
        names = [f"pack-{number}" for number in range(options.processes)]
        for name in names:
            homes.write_pack(desk.root / "builtin" / name, name, "1.0.0")
        start = threading.Event()
        switchers = [Switcher(desk, home, name, start) for name in names]
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(len(switchers)) as pool:
            for each in switchers:
                pool.submit(each.run, [other for other in switchers if other is not each], options.toggles)
            start.set()
        seconds = time.monotonic() - began
        for each in switchers:
            each.host.end()
        failures = [failure for each in switchers for failure in each.failures]
        wrong, lines = faults_of_end(desk, home, switchers, options.toggles)
        failures += wrong
        print(f"{options.processes} processes made {options.toggles} changes each in {seconds:.0f} s")
        for failure in failures[:SHOWN_FAILURES]:
            print(f"FAILED: {failure[:1500]}")
        print(f"FIGURE: faults/toggles processes={options.processes} toggles={options.processes * options.toggles} "
              f"audit-lines={lines} lost={len(failures)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
