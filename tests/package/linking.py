#!/usr/bin/env python3
"""Looks at what a program loads: the libraries that read hostile bytes live in cowork-fetch, and nowhere else.

Usage: linking.py COWORK [COWORK-FETCH]. `cowork pack list` must not load them, `cowork-fetch` must need them.
Exit status 1 when that is not so.
"""
import os
import re
import subprocess
import sys
import tempfile

PARSERS_OF_HOSTILE_BYTES = ["libcurl", "libarchive"]


def needed(program):
    """The libraries that the program itself asks for."""
    dynamic = subprocess.run(["readelf", "--dynamic", "--wide", program], capture_output=True, text=True, check=True)
    return re.findall(r"\(NEEDED\).*\[([^]]+)]", dynamic.stdout)


def loaded(*command):
    """The libraries that the dynamic linker looks for while the command runs, those of dlopen included."""
    with tempfile.TemporaryDirectory(prefix="cowork-linking-") as home:
        environment = {"HOME": home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "LD_DEBUG": "libs"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return sorted(set(re.findall(r"find library=(\S+)", done.stderr)))


def parsers_in(libraries):
    return {parser for parser in PARSERS_OF_HOSTILE_BYTES
            if any(os.path.basename(library).startswith(parser) for library in libraries)}


def main(arguments):
    if len(arguments) not in (1, 2):
        print("usage: linking.py COWORK [COWORK-FETCH]", file=sys.stderr)
        return 2
    findings = []
    libraries = loaded(arguments[0], "pack", "list")
    if not any(library.startswith("libc.so") for library in libraries):
        findings.append("the dynamic linker does not say what it loads")
    for parser in sorted(parsers_in(libraries) | parsers_in(needed(arguments[0]))):
        findings.append(f"`cowork pack list` loads {parser}")
    print("cowork loads " + ", ".join(libraries))
    if len(arguments) == 2:
        for parser in sorted(set(PARSERS_OF_HOSTILE_BYTES) - parsers_in(needed(arguments[1]))):
            findings.append(f"cowork-fetch does not need {parser}")
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
