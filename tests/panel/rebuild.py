#!/usr/bin/env python3
"""Installs what the console is built with, checks its types, builds it again and compares: what is embedded in the program has
to be what the sources say.

Usage: rebuild.py PANEL. Exit status 1 when a file differs.
"""
import pathlib
import subprocess
import sys
import tempfile


def files_of(directory):
    return {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


def installed(panel):
    """Whether node_modules is what package-lock.json says."""
    marker = panel / "node_modules" / ".package-lock.json"
    return marker.exists() and marker.stat().st_mtime >= (panel / "package-lock.json").stat().st_mtime


def main(arguments):
    panel = pathlib.Path(arguments[0])
    if not installed(panel):
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=panel, check=True)
    subprocess.run(["npm", "run", "--silent", "check"], cwd=panel, check=True)
    with tempfile.TemporaryDirectory(prefix="cowork-console-") as scratch:
        subprocess.run(["node", "build.mjs", scratch], cwd=panel, check=True)
        fresh, kept = files_of(pathlib.Path(scratch)), files_of(panel / "dist")
    differing = sorted(name for name in fresh.keys() | kept.keys() if fresh.get(name) != kept.get(name))
    for name in differing:
        print(f"apps/panel/dist/{name} is not what the sources give: npm run build")
    print(f"{len(fresh)} files, {sum(map(len, fresh.values()))} bytes")
    return 1 if differing or not fresh else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
