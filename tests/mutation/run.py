#!/usr/bin/env python3
"""Runs a program of tests once with each mutant of mutate.py: what passes with a change was not tested.

usage: run.py --name NAME --target PERCENT [--equivalent FILE] [--workers N] PROGRAM DIRECTORY

PROGRAM was linked with the sources in DIRECTORY. Prints the mutants that survived and a line `FIGURE: mutants/NAME …`; exit
status 1 when fewer than PERCENT of them die. FILE lists those that change nothing which can be seen, each with its reason,
as `source:text of the line | from => to | reason`; they don't count. One of them that dies, or that is not there any
longer, is a failure.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

MOST_SECONDS = 60  # a mutant that never ends has been noticed


def dies(program, mutant, home):
    environment = {**os.environ, "HOME": home, "COWORK_MUTANT": str(mutant)}
    try:
        done = subprocess.run([program, "--abort"], env=environment, cwd=home, timeout=MOST_SECONDS,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def change(mutant):
    return f"{mutant['from']} => {mutant['to']}"


def equivalents(file, mutants):
    """Identifiers of the mutants that FILE lists, and its lines that name none."""
    listed, unknown = set(), []
    for line in pathlib.Path(file).read_text(encoding="utf-8").splitlines() if file else []:
        if not line.strip() or line.startswith("#"):
            continue
        place, what, reason = line.rsplit(" | ", 2)
        source, text = place.split(":", 1)
        found = [mutant["id"] for mutant in mutants
                 if mutant["file"] == source and text in mutant["text"] and change(mutant) == what and reason.strip()]
        listed.update(found)
        unknown += [] if found else [line]
    return listed, unknown


def main(arguments):
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("--name", required=True)
    parser.add_argument("--target", type=float, required=True)
    parser.add_argument("--equivalent")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("directory", type=pathlib.Path)
    options = parser.parse_args(arguments)
    mutants = json.loads((options.directory / "mutants.json").read_text(encoding="utf-8"))
    listed, unknown = equivalents(options.equivalent, mutants)
    with tempfile.TemporaryDirectory(prefix="cowork-mutants-") as home:
        if dies(options.program, 0, home):
            print("the tests fail without any mutant")
            return 1
        with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
            dead = list(pool.map(lambda mutant: dies(options.program, mutant["id"], home), mutants))
    counted = [(mutant, died) for mutant, died in zip(mutants, dead) if mutant["id"] not in listed]
    survivors = [mutant for mutant, died in counted if not died]
    wrong = [mutant for mutant, died in zip(mutants, dead) if died and mutant["id"] in listed]
    for mutant in survivors:
        print(f"survived: {mutant['file']}:{mutant['line']}: {mutant['kind']}: {change(mutant)}")
    for mutant in wrong:
        print(f"listed as equivalent, and yet it dies: {mutant['file']}:{mutant['line']}: {change(mutant)}")
    for line in unknown:
        print(f"listed as equivalent, and not there: {line}")
    killed = len(counted) - len(survivors)
    percent = 100 * killed / len(counted)
    print(f"FIGURE: mutants/{options.name} mutants={len(counted)} killed={killed} percent={int(percent * 10) / 10} "
          f"target={options.target:g} equivalent={len(listed)}")
    return 0 if percent >= options.target and not wrong and not unknown else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
