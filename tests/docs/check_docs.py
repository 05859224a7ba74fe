#!/usr/bin/env python3
"""Compares README.md, CHANGELOG.md and docs/*.md with the repository and with the program.

Usage: check_docs.py ROOT COWORK. Prints what is wrong, one line a finding, then how much of each kind was checked; exit
status 1 when anything is wrong.

Checked are:
- every ```cpp block: it stands word for word in tests/docs/snippets/*.cc, between `// [name]` and `// [/name]`;
- every ```json block: it is JSON without duplicate keys;
- every ```console block: its lines `$ cowork …` are run, their exit status and, where the block shows any, their output;
- every path of the repository in `backticks`, every header `cowork/….h`, every test named as `rule N: …`;
- every relative link, with its anchor;
- the header tour of README.md: it names every public header.

What a block needs is told by comments on the lines directly above its fence:
  <!-- policy -->            `cowork policy validate` accepts this JSON
  <!-- from: FILE -->        this block, of whatever language, stands word for word in FILE of the repository
  <!-- file: NAME -->        write this block to NAME, where the commands run; `~/…` lies in their home
  <!-- exit: 0 3 -->         the exit status of each command, in order; without it every one is 0
  <!-- new home -->          the commands from here on have a home of their own
  <!-- session -->           a server and its clients: run by ipc_sessions.py

All blocks of a document share one throw-away home. In shown output `…` stands for anything, a line of its own for any
number of lines; runs of blanks count as one.
"""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

FENCE = re.compile(r"^```(\w*)\s*$")
DIRECTIVE = re.compile(r"^<!-- ([a-z ]+?)(?:: (.*?))? -->$")
MARKER = re.compile(r"^\s*// \[(/?)([\w-]+)\]\s*$")
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]\n]+\]\(([^)\s]+)\)")
TEST_CASE = re.compile(r'TEST_CASE\("((?:[^"\\]|\\.)*)"')
FOLDERS = "core|interceptors|loaders|assembly|apps|sample-packs|tests|docs|scripts|cmake|.ci".replace(".", r"\.")
PATH = re.compile(rf"^(?:(?:{FOLDERS})(?:/[\w.*-]+)*/?|(?:README|CHANGELOG|CONTRIBUTING|SECURITY)\.md|CMake\w+\.(?:txt|json)|LICENSE)$")
HEADER = re.compile(r"^cowork/[\w/]+\.h$")
RULE = re.compile(r"^rule \d+: ")
MACHINE_FILES = ["/etc/cowork/policies.json", "/etc/cowork/host.json"]


class Block:
    """A fenced block of a document."""

    def __init__(self, document, line, language, directives):
        self.document, self.line, self.language, self.directives = document, line, language, directives
        self.lines = []

    @property
    def text(self):
        return textwrap.dedent("\n".join(self.lines))


def directives_above(lines, index):
    """The comments on the lines directly above `index`."""
    found = {}
    while index > 0 and (match := DIRECTIVE.match(lines[index - 1])):
        found[match.group(1)] = match.group(2) or ""
        index -= 1
    return found


def split(document, text):
    """The fenced blocks of a document, and its other lines with their numbers."""
    lines, blocks, prose, block = text.split("\n"), [], [], None
    for index, line in enumerate(lines):
        fence = FENCE.match(line)
        if block is None and fence:
            block = Block(document, index + 1, fence.group(1), directives_above(lines, index))
        elif block is not None and line == "```":
            blocks.append(block)
            block = None
        elif block is not None:
            block.lines.append(line)
        else:
            prose.append((index + 1, line))
    return blocks, prose


def anchor_of(heading):
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower().replace("`", "")).strip().replace(" ", "-")


def strict_json(text):
    def without_duplicates(pairs):
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError("a key stands twice")
        return members

    return json.loads(text, object_pairs_hook=without_duplicates)


def line_pattern(shown):
    parts = [re.escape(part) for part in " ".join(shown.split()).split("…")]
    return re.compile(".*".join(parts))


def shows(shown, output):
    """Whether `output` is what `shown` says; both are lists of lines."""
    if not shown:
        return not output
    if shown[0].strip() == "…":
        return any(shows(shown[1:], output[skipped:]) for skipped in range(len(output) + 1))
    if not output or not line_pattern(shown[0]).fullmatch(" ".join(output[0].split())):
        return False
    return shows(shown[1:], output[1:])


class Home:
    """A throw-away home, and a directory with the sample packs to run commands in."""

    def __init__(self, root, cowork):
        self.root, self.cowork = root, cowork
        self.scratch = tempfile.TemporaryDirectory(prefix="cowork-docs-")
        self.home = pathlib.Path(self.scratch.name).resolve() / "home"
        self.work = self.home.parent / "work"
        self.home.mkdir()
        self.work.mkdir()
        (self.work / "sample-packs").symlink_to(root / "sample-packs")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.scratch.cleanup()

    def place(self, name):
        path = self.home / name[2:] if name.startswith("~/") else self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def run(self, command):
        """(exit status, lines of stdout, lines of stderr), with the paths of this machine as a reader would see them."""
        path = f"{pathlib.Path(self.cowork).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"
        environment = {"HOME": str(self.home), "PATH": path, "LC_ALL": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        done = subprocess.run(["bash", "-c", command], cwd=self.work, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, self.as_read(done.stdout), self.as_read(done.stderr)

    def as_read(self, output):
        for path, shown in ((f"{self.work}/", ""), (str(self.home), "~"), (f"{self.root}/", "")):
            output = output.replace(path, shown)
        return [line for line in output.split("\n") if line.strip()]


class Checker:
    def __init__(self, root, cowork):
        self.root, self.cowork = pathlib.Path(root).resolve(), str(cowork)
        self.findings = []
        self.counts = dict.fromkeys(
            ["C++ snippets", "excerpts", "JSON documents", "policies", "commands", "paths", "links", "headers",
             "test names", "sessions left to ipc_sessions.py"], 0)
        self.skipped = [path for path in MACHINE_FILES if os.path.exists(path)]
        self.snippets = self.read_snippets()
        self.used_snippets = set()
        self.headers = {str(path).split("/include/", 1)[1] for path in self.root.glob("*/include/cowork/**/*.h")}
        self.headers |= {str(path).split("/include/", 1)[1] for path in self.root.glob("*/*/include/cowork/**/*.h")}
        self.test_names = {name for path in (self.root / "tests").rglob("*_test.cc")
                           for name in TEST_CASE.findall(path.read_text(encoding="utf-8"))}

    def wrong(self, place, message):
        self.findings.append(f"{place}: {message}")

    def read_snippets(self):
        """Name to text."""
        snippets = {}
        for path in sorted((self.root / "tests/docs/snippets").glob("*.cc")):
            name, lines = None, []
            for line in path.read_text(encoding="utf-8").split("\n"):
                marker = MARKER.match(line)
                if not marker:
                    lines.append(line)
                elif marker.group(1):
                    if name in snippets or name != marker.group(2):
                        self.wrong(path.name, f"the markers of [{marker.group(2)}] are not a pair of their own")
                    snippets[name] = textwrap.dedent("\n".join(lines))
                else:
                    name, lines = marker.group(2), []
        return snippets

    def check(self):
        documents = [self.root / "README.md", self.root / "CHANGELOG.md", *sorted((self.root / "docs").glob("*.md"))]
        for path in documents:
            if path.exists():
                self.check_document(path)
            else:
                self.wrong(path.name, "is missing")
        for name in sorted(set(self.snippets) - self.used_snippets):
            self.wrong("tests/docs/snippets", f"no document shows [{name}]")
        return self.findings

    def check_document(self, path):
        name, text = str(path.relative_to(self.root)), path.read_text(encoding="utf-8")
        blocks, prose = split(name, text)
        if str(self.root) + "/" in text:
            self.wrong(name, "names a path of this machine")
        for number, line in prose:
            self.check_line(path, f"{name}:{number}", line)
        if name == "README.md":
            for header in sorted(self.headers - set(CODE.findall(text))):
                self.wrong(name, f"the header tour leaves out {header}")
        with contextlib.ExitStack() as homes:
            home = homes.enter_context(Home(self.root, self.cowork))
            for block in blocks:
                if "new home" in block.directives:
                    home = homes.enter_context(Home(self.root, self.cowork))
                self.check_block(block, home)

    def check_line(self, path, place, line):
        for code in CODE.findall(line):
            if PATH.match(code):
                self.counts["paths"] += 1
                if not any(self.root.glob(code.rstrip("/"))):
                    self.wrong(place, f"there is no {code}")
            elif HEADER.match(code):
                self.counts["headers"] += 1
                if code not in self.headers:
                    self.wrong(place, f"there is no header {code}")
            elif RULE.match(code):
                self.counts["test names"] += 1
                if code not in self.test_names:
                    self.wrong(place, f"no test is named {code!r}")
        for target in LINK.findall(CODE.sub("", line)):
            if not target.startswith(("http://", "https://")):
                self.counts["links"] += 1
                self.check_link(path, place, target)

    def check_link(self, path, place, target):
        file, _, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        if not linked.exists():
            self.wrong(place, f"the link {target} leads nowhere")
        elif anchor and linked.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            if anchor not in map(anchor_of, headings):
                self.wrong(place, f"{file or path.name} has no heading for #{anchor}")

    def check_block(self, block, home):
        place = f"{block.document}:{block.line}"
        if "file" in block.directives:
            home.place(block.directives["file"]).write_text(block.text + "\n", encoding="utf-8")
        if "from" in block.directives:
            self.check_excerpt(place, block.directives["from"], block.text)
        elif block.language == "cpp":
            self.check_snippet(place, block.text)
        elif block.language == "json":
            self.check_json(place, block, home)
        elif block.language == "console" and "session" in block.directives:
            self.counts["sessions left to ipc_sessions.py"] += 1
        elif block.language == "console":
            self.check_console(place, block, home)

    def check_snippet(self, place, text):
        self.counts["C++ snippets"] += 1
        names = [name for name, snippet in self.snippets.items() if snippet == text]
        self.used_snippets.update(names)
        if not names:
            self.wrong(place, "this C++ stands in no file of tests/docs/snippets, between its markers")

    def check_excerpt(self, place, name, text):
        self.counts["excerpts"] += 1
        file = self.root / name
        if not file.is_file() or f"\n{text}\n" not in "\n" + textwrap.dedent(file.read_text(encoding="utf-8")):
            self.wrong(place, f"this does not stand in {name}")

    def check_json(self, place, block, home):
        self.counts["JSON documents"] += 1
        try:
            strict_json(block.text)
        except ValueError as error:
            self.wrong(place, f"this is no JSON: {error}")
        if "policy" not in block.directives or self.skipped:
            return
        self.counts["policies"] += 1
        home.place("policy-of-the-document.json").write_text(block.text + "\n", encoding="utf-8")
        status, out, err = home.run("cowork policy validate policy-of-the-document.json")
        if status != 0:
            self.wrong(place, "this policy is refused: " + " ".join(out + err))

    def check_console(self, place, block, home):
        commands = []
        for line in block.lines:
            if line.startswith("$ "):
                commands.append((line[2:], []))
            elif commands and line.strip():
                commands[-1][1].append(line)
        commands = [(command, shown) for command, shown in commands if command.split()[0] == "cowork"]
        expected = [int(status) for status in block.directives.get("exit", "").split()] or [0] * len(commands)
        if len(expected) != len(commands):
            return self.wrong(place, f"{len(expected)} exit statuses for {len(commands)} commands")
        if self.skipped:
            return None
        for (command, shown), status in zip(commands, expected):
            self.counts["commands"] += 1
            self.check_command(place, home, command, shown, status)
        return None

    def check_command(self, place, home, command, shown, expected):
        status, out, err = home.run(command)
        if status != expected:
            self.wrong(place, f"`{command}` ends with {status}, not {expected}: " + " / ".join(err[:3]))
        elif shown and not shows(shown, out + err) and not shows(shown, err + out):
            self.wrong(place, f"`{command}` prints something else:\n  " + "\n  ".join(out + err))


def main(arguments):
    if len(arguments) != 2:
        print("usage: check_docs.py ROOT COWORK", file=sys.stderr)
        return 2
    checker = Checker(*arguments)
    for finding in checker.check():
        print(finding)
    for path in checker.skipped:
        print(f"SKIPPED: the commands of the documents, since this machine has {path}")
    print(", ".join(f"{count} {what}" for what, count in checker.counts.items()) + f"; {len(checker.findings)} wrong")
    return 1 if checker.findings or not checker.counts["C++ snippets"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
