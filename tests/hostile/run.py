#!/usr/bin/env python3
"""Runs the hostile cases of one area, or of all, against a built `cowork`.

Usage: run.py COWORK [--area NAME]... [--only TEXT] [--build DIRECTORY] [--list]. `--only` takes the cases whose name has the
text, `--build` is where ctest finds the programs that rows are covered by. Ends with a figure for each area; exit status 1
when a case failed, or none was run.
"""
import argparse
import importlib
import os
import pathlib
import sys
import time

import frame
import machine_layer

AREAS = ("json", "identity", "policy", "archive", "git", "url", "server", "terminal", "native", "disk")


def chosen(areas, text):
    here = pathlib.Path(__file__).parent
    for area in areas or [area for area in AREAS if (here / f"{area}_cases.py").exists()]:
        for case in importlib.import_module(f"{area}_cases").cases():
            assert case.area == area, f"{case.name} stands in the table of {area}"
            if text in case.name:
                yield case


def main():
    parser = argparse.ArgumentParser(description="hostile cases")
    parser.add_argument("cowork", type=os.path.abspath)
    parser.add_argument("--area", action="append", choices=AREAS)
    parser.add_argument("--only", default="")
    parser.add_argument("--build", type=os.path.abspath)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--slowest", type=int, default=0, help="name so many of the slowest cases")
    options = parser.parse_args()
    cases = list(chosen(options.area, options.only))
    names = [(case.area, case.name) for case in cases]
    assert len(set(names)) == len(names), f"named twice: {sorted(name for name in names if names.count(name) > 1)}"
    if options.list:
        print("\n".join(f"{area}: {name}" for area, name in names))
        return 0
    machine_layer.enter()
    results, times = frame.Results(options.build), []
    for case in cases:
        begin = time.monotonic()
        results.run(case, options.cowork)
        times.append((time.monotonic() - begin, case.name))
    for took, name in sorted(times, reverse=True)[:options.slowest]:
        print(f"{took:6.2f} s  {name}")
    return results.tell()


if __name__ == "__main__":
    sys.exit(main())
