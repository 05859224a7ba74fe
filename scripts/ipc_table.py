#!/usr/bin/env python3
"""Writes the table of operations in docs/ipc.md: what the running program says of itself (host:operations).

Usage: ipc_table.py COWORK [--check]. With --check nothing is written, and exit status 1 says that the page is not up to date.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "ipc.md"
BEGIN, END = "<!-- operations -->\n", "<!-- /operations -->\n"


def operations(cowork):
    with tempfile.TemporaryDirectory() as home:
        command = [cowork, "call", "host:operations", "--json"]
        return json.loads(subprocess.run(command, env={"HOME": home}, capture_output=True, check=True).stdout)["result"]


def cell(text):
    return text.replace("|", "\\|")


def table(entries):
    lines = ["| method | parameters | result |", "|---|---|---|"]
    for entry in entries:
        parameters = "<br>".join(
            f"`{p['name']}`{'' if p['required'] else '?'} {cell(p['type'])}: {cell(p['meaning'])}" for p in entry["parameters"])
        mark = " *" if entry["effect"] == "mutate" else ""
        lines.append(f"| `{entry['name']}`{mark}<br>{cell(entry['summary'])} | {parameters or '–'} | {cell(entry['result'])} |")
    return "\n".join(lines) + "\n"


def main(arguments):
    cowork, check = arguments[0], "--check" in arguments[1:]
    text = PAGE.read_text()
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    fresh = before + BEGIN + table(operations(cowork)) + END + after
    if check and fresh != text:
        print("docs/ipc.md is not what the program says of itself: scripts/ipc_table.py COWORK")
        return 1
    if not check:
        PAGE.write_text(fresh)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
