#!/usr/bin/env python3
"""The verdict matrix: every answer of the host, at each of its entries, against the oracle.

Usage: matrix.py --cowork PROGRAM --driver PROGRAM [--only NUMBER] [--every N] [--entry NAME] [--all] [--jobs N]

A cell is one question in one world at one entry. Every cell that differs is one line: the world, the question, what the oracle
says, what the host said; `--only` with the world's number runs it again. At the end the oracle's rules are turned round one
after the other and the answers that the host gave are judged again: each must then show differences, or the matrix could not
fail. Exit status 1 when anything differed.
"""
import argparse
import collections
import json
import multiprocessing
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import entries
import layers
import oracle
import worlds

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import machine_view  # noqa: E402: found by the line before

RULES = ("blocked-by-alias", "alias-in-user-tier", "higher-required-protects", "blocked-shows-disabled", "required-stays-on",
         "required-stays", "switch-allowCustomPacks", "switch-allowGitInstall", "switch-allowUrlInstall", "agents",
         "machine-locks")
COMMANDS_A_WORLD = 6
MOST_SHOWN = 40
PATIENCE_SEC = 120


def differs(expected, answer):
    """The members of `expected` that the answer does not hold."""
    wrong = []
    for key, value in expected.items():
        if key == "begins":
            if not str(answer.get("message", "")).startswith(value):
                wrong.append(key)
        elif answer.get("told") and key != "outcome":
            continue
        elif isinstance(value, tuple):
            wrong += [] if answer.get(key) in value else [key]
        elif answer.get(key) != value:
            wrong.append(key)
    return wrong


class Commands:
    """Which questions the command line is asked: each operation with every state and listing of each layer, then others."""

    def __init__(self):
        self.seen = set()

    def choose(self, setting, questions):
        chosen = []
        turned = setting.number * 7 % len(questions)
        ordered = questions[turned:] + questions[:turned]
        for question in ordered:
            keys = {(question["operation"], "machine", setting.machine), (question["operation"], "user", setting.user)}
            if len(chosen) < 2 * COMMANDS_A_WORLD and not keys <= self.seen:
                self.seen |= keys
                chosen.append(question)
        rest = [question for question in ordered if not any(question is other for other in chosen)]
        return chosen + rest[:max(0, COMMANDS_A_WORLD - len(chosen))]


class Worker:
    """One process's share of the worlds, with a view of /etc of its own."""

    def __init__(self, options, template):
        self.options, self.template = options, template
        self.may_machine = os.geteuid() == 0
        self.own_etc = not machine_view.own_view_of_etc()
        everything = [entries.Cpp(options.driver), entries.JsonRpc(options.cowork), entries.Program(options.cowork)]
        self.entries = [entry for entry in everything if options.entry in ("", entry.name)]
        self.commands = Commands()
        self.cells, self.not_run, self.records = collections.Counter(), collections.Counter(), []

    def run(self, settings):
        for setting in settings:
            with tempfile.TemporaryDirectory(prefix="cowork-matrix-", dir=self.options.scratch) as place:
                os.chmod(place, 0o755)
                for entry in self.entries:
                    try:
                        signal.alarm(PATIENCE_SEC)
                        self.run_entry(entry, setting, os.path.join(place, entry.name.replace(" ", "-")))
                    except Exception as fault:
                        raise RuntimeError(f"world {setting.name} | {entry.name}: {fault!r}") from fault
                    finally:
                        signal.alarm(0)
        for entry in self.entries:
            entry.close()
        return self.cells, self.not_run, self.records

    def run_entry(self, entry, setting, root):
        questions = worlds.questions(setting)
        if isinstance(entry, entries.Program):
            if setting.world.machine.state == "last-good":
                return  # only in the memory of a process that saw the valid file
            questions = self.commands.choose(setting, questions)
        if isinstance(entry, entries.JsonRpc) and not self.options.all and setting.number % 2 != setting.number // 24 % 2:
            return  # a chess board's fields: every state and listing of a layer with half of the other's
        machine = setting.world.machine.state != "absent"
        possible = isinstance(entry, entries.Cpp) or self.own_etc or not os.path.lexists(entries.MACHINE_POLICY)
        if machine:
            possible = self.may_machine and (self.own_etc or isinstance(entry, entries.Cpp))
        if not possible:
            self.not_run[entry.name] += len(questions)
            return
        done = [] if isinstance(entry, entries.Program) and setting.number % 20 else worlds.mutations(setting)
        answers = self.answers(entry, setting, root, questions, done)
        assert len(answers) == len(questions + done)
        for question, answer in zip(questions + done, answers):
            self.cells[entry.name] += 1
            self.records.append((setting.number, entry.name, question, answer))

    def answers(self, entry, setting, root, questions, done):
        worlds.furnish(self.template, root, setting)
        paths = (entry.machine_path(root), f"{root}/home/policies.json")
        worlds.put_layers(paths, setting)
        if isinstance(entry, entries.Program) and setting.world.user.state == "last-good":
            entry.enter(root)
            entry.call("pluginPack:list", [])
        entry.enter(root)
        if not isinstance(entry, entries.Program) and "last-good" in [layer.state for layer in setting.world.layers]:
            entry.call("pluginPack:list", [])
        if worlds.spoil_layers(paths, setting):
            entry.wait_for_states(setting)
        try:
            return entry.answers(questions) + entry.in_order(done)
        finally:
            entry.leave()
            if paths[0] == entries.MACHINE_POLICY and os.path.lexists(paths[0]):
                os.unlink(paths[0])


def too_long(_signal, _frame):
    raise TimeoutError("no answer in time")


def work(options, template, settings, results):
    signal.signal(signal.SIGALRM, too_long)
    try:
        results.put(Worker(options, template).run(settings))
    except BaseException as fault:  # the parent must not wait for ever
        results.put(fault)


def prepared(options):
    template = os.path.join(options.scratch, "template")

    def install(home, source):
        environment = dict(entries.environment(template), COWORK_HOME=home)
        subprocess.run([options.cowork, "pack", "install", source, "--yes"], env=environment, check=True, capture_output=True)

    worlds.write_template(template, install)
    return template


def run_all(options, settings):
    template = prepared(options)
    results = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=work, args=(options, template, settings[number::options.jobs], results),
                                       daemon=True)
               for number in range(options.jobs)]
    for worker in workers:
        worker.start()
    cells, not_run, records = collections.Counter(), collections.Counter(), []
    for _ in workers:
        result = results.get()
        if isinstance(result, BaseException):
            raise result
        cells, not_run, records = cells + result[0], not_run + result[1], records + result[2]
    for worker in workers:
        worker.join()
    return cells, not_run, records


def mismatches(records, by_number):
    for number, entry, question, answer in records:
        expected = oracle.expect(by_number[number].world, question)
        wrong = differs(expected, answer)
        if wrong:
            yield number, entry, question, expected, answer, wrong


def show(mismatch, by_number):
    number, entry, question, expected, answer, wrong = mismatch
    said = {key: answer.get(key) for key in ("outcome", "message", *wrong)}
    print(f"mismatch: {by_number[number].name} | {entry} | {json.dumps(question)} | oracle {json.dumps(expected)} | host "
          f"{json.dumps(said)} | again: --only {number} --entry '{entry}'")


def uncovered(settings, records):
    """Operations that the command line was not asked with a state and listing of a layer, where there is such a question."""
    def keys(setting, question):
        return {(question["operation"], "machine", setting.machine), (question["operation"], "user", setting.user)}

    by_number = {setting.number: setting for setting in settings}
    wanted = {key for setting in settings if setting.world.machine.state != "last-good"
              for question in worlds.questions(setting) for key in keys(setting, question)}
    return wanted - {key for number, entry, question, _ in records if entry == entries.Program.name
                     for key in keys(by_number[number], question)}


def blind_rules(records, by_number):
    """Rules that can be turned round without a difference."""
    blind = []
    for rule in RULES:
        layers.FLIPPED.add(rule)
        if next(mismatches(records, by_number), None) is None:
            blind.append(rule)
        layers.FLIPPED.clear()
    return blind


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cowork", required=True)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--only", type=int)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--entry", default="")
    parser.add_argument("--all", action="store_true", help="JSON-RPC in every world, not in half of them")
    parser.add_argument("--jobs", type=int, default=6, help="much of the time is spent waiting for the host to look at its files")
    options = parser.parse_args()
    settings = [setting for setting in worlds.settings() if setting.number % options.every == 0]
    if options.only is not None:
        settings = [setting for setting in worlds.settings() if setting.number == options.only]
        options.all, options.jobs = True, 1
    by_number = {setting.number: setting for setting in settings}
    in_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    options.scratch = tempfile.mkdtemp(prefix="cowork-matrix-", dir=in_memory)
    os.chmod(options.scratch, 0o755)
    try:
        cells, not_run, records = run_all(options, settings)
    finally:
        shutil.rmtree(options.scratch, ignore_errors=True)
    found = list(mismatches(records, by_number))
    for mismatch in found[:MOST_SHOWN]:
        show(mismatch, by_number)
    whole = options.only is None and not options.entry and options.every == 1
    blind = blind_rules(records, by_number) if whole and not found else []
    missing = uncovered(settings, records) if whole and not not_run else set()
    for key in sorted(missing):
        print(f"not asked: {' '.join(key)}")
    for rule in blind:
        print(f"blind: no answer depends on the rule {rule}")
    for entry in sorted(cells):
        print(f"{entry}: {cells[entry]} cells, {sum(1 for mismatch in found if mismatch[1] == entry)} mismatches")
    skipped = sum(not_run.values())
    why = ' why="no root, or no /etc of its own"' if skipped else ""
    if skipped:
        print(f"SKIPPED: {skipped} cells need root and a view of /etc of their own")
    turned = f" rules-turned={len(RULES) - len(blind)}/{len(RULES)}" if whole and not found else ""
    print(f"FIGURE: matrix cells={sum(cells.values())} mismatches={len(found)}{turned} not-run={skipped}{why}")
    return 1 if found or blind or missing else 0


if __name__ == "__main__":
    sys.exit(main())
