#!/usr/bin/env python3
"""Compares the man page with the program: the same verbs, the same arguments and options, the same exit statuses.

Usage: man_page.py COWORK PAGE. Prints what differs; exit status 1 when anything does.
"""
import os
import re
import shutil
import subprocess
import sys

VERB = re.compile(r"^  ([a-z][\w-]*)  +\S")
OPTION = re.compile(r"^  (?:-(\w), |    )--([\w-]+)(?: ([A-Z]+))?(?:  |$)")
FLAG = re.compile(r"^\.It (?:Fl (\w) , )?Fl -([\w-]+)(?: Ar (\S+))?$")


def section(text, title):
    """The lines of a help text below the heading `title`."""
    found = re.search(rf"^{title}\n(.*?)(?=^[A-Z]|\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group(1).splitlines() if found else []


def options_of(lines):
    return {match.groups() for line in lines if (match := OPTION.match(line))}


class Program:
    """What `--help` says: for each usage line its options; for the program its global options and exit statuses."""

    def __init__(self, cowork):
        self.cowork, self.verbs = cowork, {}
        text = self.help([])
        self.options = options_of(section(text, "OPTIONS")) | options_of(section(text, "GLOBAL OPTIONS"))
        self.statuses = [tuple(line.split(None, 1)) for line in section(text, "EXIT STATUS") if line[:3].strip()]
        self.add_verbs([], text)

    def help(self, words):
        return subprocess.run([self.cowork, *words, "--help"], capture_output=True, text=True, check=True).stdout

    def add_verbs(self, words, text):
        for line in section(text, "VERBS"):
            if match := VERB.match(line):
                self.add_verb([*words, match.group(1)])

    def add_verb(self, words):
        text = self.help(words)
        usage = section(text, "USAGE")[0].strip().removeprefix("cowork ")
        self.verbs[usage] = options_of(section(text, "OPTIONS"))
        self.add_verbs(words, text)


class Page:
    """The same, as the page's macros say it."""

    def __init__(self, path):
        self.verbs, self.options, self.statuses = {}, set(), []
        part = verb = None
        with open(path, encoding="utf-8") as page:
            lines = page.read().splitlines()
        for number, line in enumerate(lines):
            if line.startswith(".Sh "):
                part = line[4:]
            elif line.startswith(".Ss "):
                verb = self.verbs.setdefault(line[4:], set())
            elif part == "OPTIONS" and (match := FLAG.match(line)):
                self.options.add(match.groups())
            elif part == "VERBS" and (match := FLAG.match(line)):
                verb.add(match.groups())
            elif part == "EXIT STATUS" and line.startswith(".It "):
                self.statuses.append((line[4:], lines[number + 1]))


def spelt(option):
    short, name, value = option
    return (f"-{short}, " if short else "") + f"--{name}" + (f" {value}" if value else "")


def differences(program, page):
    yield from (f"the page lacks the verb: {verb}" for verb in program.verbs if verb not in page.verbs)
    yield from (f"there is no such verb: {verb}" for verb in page.verbs if verb not in program.verbs)
    for verb, options, shown in [("every verb", program.options, page.options),
                                 *((verb, program.verbs[verb], page.verbs[verb])
                                   for verb in program.verbs if verb in page.verbs)]:
        yield from (f"{verb}: the page lacks {spelt(option)}" for option in sorted(options - shown, key=spelt))
        yield from (f"{verb}: there is no {spelt(option)}" for option in sorted(shown - options, key=spelt))
    if program.statuses != page.statuses:
        yield f"the exit statuses differ: {program.statuses}, on the page {page.statuses}"


def faults_of_layout(path):
    """What the formatter warns of."""
    if not shutil.which("groff"):
        print("SKIPPED: how the man page is laid out, since there is no groff")
        return []
    done = subprocess.run(["groff", "-mdoc", "-Tutf8", "-ww", "-z", path], capture_output=True, text=True, check=False)
    return done.stderr.splitlines()


def main(arguments):
    if len(arguments) != 2:
        print("usage: man_page.py COWORK PAGE", file=sys.stderr)
        return 2
    os.environ.update({"NO_COLOR": "1", "LC_ALL": "C.UTF-8"})
    program, page = Program(arguments[0]), Page(arguments[1])
    findings = [*differences(program, page), *faults_of_layout(arguments[1])]
    for finding in findings:
        print(finding)
    options = len(program.options) + sum(map(len, program.verbs.values()))
    print(f"{len(program.verbs)} verbs, {options} options, {len(findings)} findings")
    return 1 if findings or not program.verbs or not options else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
