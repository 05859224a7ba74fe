#!/usr/bin/env python3
"""Follows docs/writing-a-native-pack.md to its first tool: makes the pack, writes the files, builds, calls.

Usage: native_guide_test.py ROOT COWORK PACKAGE COMPILER, PACKAGE being where the page says "where cowork is installed".
Exit status 1 when the page does not lead there.
"""
import json
import os
import pathlib
import subprocess
import sys

import check_docs

INSTALLED = "<where cowork is installed>"


class Reader:
    """Does what the page says, in order."""

    def __init__(self, home, package, compiler):
        self.home, self.package = home, package
        os.environ.update(CXX=compiler, CXXFLAGS="-Wall -Wextra -Wpedantic -Werror", CMAKE_GENERATOR="Ninja")
        self.outputs = {}

    def run(self, command, expected=0):
        command = command.replace(INSTALLED, str(self.package))
        environment = {**os.environ, "HOME": str(self.home.home),
                       "PATH": f"{pathlib.Path(self.home.cowork).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"}
        done = subprocess.run(["bash", "-c", command], cwd=self.home.work, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=240, check=False)
        if done.returncode != expected:
            sys.exit(f"`{command}` ends with {done.returncode}, not {expected}:\n{done.stdout}{done.stderr}")
        self.outputs[command] = done.stdout
        return done.stdout + done.stderr

    def follow(self, block):
        if "file" in block.directives:
            self.home.place(block.directives["file"]).write_text(block.text + "\n", encoding="utf-8")
        elif block.language == "sh":
            for command in block.lines:
                self.run(command)
        elif block.language == "console":
            expected = [int(status) for status in block.directives.get("exit", "").split()]
            for line in block.lines:
                if line.startswith("$ "):
                    self.run(line[2:], expected.pop(0) if expected else 0)

    def output_of(self, part):
        """Of the command that has `part` in it, as JSON."""
        return json.loads(next(output for command, output in self.outputs.items() if part in command))


def require(holds, what):
    if not holds:
        sys.exit(f"the page did not lead to this: {what}")


def main(arguments):
    root, cowork, package, compiler = arguments
    if found := [path for path in check_docs.MACHINE_FILES if os.path.exists(path)]:
        print(f"SKIPPED: the native guide, since this machine has {found[0]}")
        return
    page = pathlib.Path(root) / "docs/writing-a-native-pack.md"
    blocks, _ = check_docs.split(page.name, page.read_text(encoding="utf-8"))
    last = max(index for index, block in enumerate(blocks) if block.language == "sh")
    with check_docs.Home(pathlib.Path(root).resolve(), pathlib.Path(cowork).resolve()) as home:
        reader = Reader(home, pathlib.Path(package).resolve(), compiler)
        for block in blocks[:last + 1]:
            reader.follow(block)
        answer = reader.output_of("tool:call")
        require(answer.get("kettle") == "blue" and answer.get("minutes") == 3, f"the answer {answer}")
        isolated = json.loads(reader.run("cowork pack info tea-time --json"))["pack"]
        require(isolated["isolated"] and isolated["state"] == "active", f"a pack of one's own that runs: {isolated}")
        brewed = home.place("~/.cowork/data/tea-time/brewed").read_text()
        require(brewed == "2\n2\n", f"the file that counts cups, of the call in the host and the isolated one: {brewed}")
        tools = reader.output_of("pack info")["pack"]["tools"]
        require([tool["name"] for tool in tools] == ["brew"], f"the tools {tools}")
        require(tools[0].get("inputSchema", {}).get("required") == ["cups"], f"the input schema in {tools}")
        home.place("~/.cowork/config/tea-time.json").unlink()
        said = reader.run("cowork pack info tea-time --builtin packs")
        require("error" in said and "kettle" in said and "tea-time.json" in said, f"state error with its reason: {said}")
    print(f"{last + 1} blocks of {page.name} followed")


if __name__ == "__main__":
    main(sys.argv[1:])
