#!/usr/bin/env python3
"""Runs the sessions of docs/ipc.md as they stand: every ```console block below `<!-- session -->`, each in a shell and a home
of its own.

Usage: ipc_sessions.py ROOT COWORK. In shown output `…` stands for anything. A command that ends in `&` is a server: the next
one is typed when serve.log says that it listens. Prints what is wrong; exit status 1 when anything is.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

BLOCK = re.compile(r"^<!-- session -->\n```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DEADLINE_S = 30
END = "-- end of command --"


def commands_of(block):
    """[(command, shown output)]"""
    commands = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], []))
        else:
            commands[-1][1].append(line)
    return [(command, "\n".join(shown)) for command, shown in commands]


def matches(shown, found):
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern, found, re.DOTALL) is not None


def wait_until_it_listens(directory):
    log = directory / "serve.log"
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until:
        if log.exists() and "listening on" in log.read_text():
            return True
        time.sleep(0.02)
    return False


class Shell:
    def __init__(self, directory, cowork):
        environment = {"HOME": str(directory), "PATH": f"{pathlib.Path(cowork).parent}:{os.environ['PATH']}"}
        self.process = subprocess.Popen(["bash", "--norc", "-m"], cwd=directory, env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, command):
        self.process.stdin.write(f"{command}\necho '{END}'\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.rstrip("\n").endswith(END):
                lines.append(line.rstrip("\n").removesuffix(END))  # an answer without a line feed
                break
            lines.append(line)
        return "".join(lines).rstrip("\n")

    def close(self):
        self.process.stdin.write("kill $(jobs -p) 2>/dev/null; wait\n")
        self.process.stdin.close()
        self.process.wait(timeout=DEADLINE_S)


def run_session(block, cowork):
    wrong = []
    with tempfile.TemporaryDirectory(prefix="cowork-session-") as scratch:
        directory = pathlib.Path(scratch)
        shell = Shell(directory, cowork)
        for command, shown in commands_of(block):
            found = shell.run(command)
            if command.endswith("&"):
                if not wait_until_it_listens(directory):
                    wrong.append(f"{command}: it never said that it listens")
                    break
            elif not matches(shown, found):
                wrong.append(f"{command}\n  shown: {shown}\n  found: {found}")
        shell.close()
    return wrong


def main(arguments):
    root, cowork = pathlib.Path(arguments[0]), arguments[1]
    for program in ("socat", "curl"):
        if not shutil.which(program):
            print(f"SKIPPED: there is no {program}")
            return 0
    blocks = BLOCK.findall((root / "docs" / "ipc.md").read_text())
    wrong = [finding for block in blocks for finding in run_session(block, cowork)]
    print("\n".join(wrong) if wrong else f"{len(blocks)} sessions, as they are shown")
    return 1 if wrong or not blocks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
