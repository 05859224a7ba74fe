#!/usr/bin/env python3
"""Reads every #include of the project and names whoever breaks the rules of the house.

Usage: check.py ROOT. Prints one line a violation; exit status 1 when there is any.
"""
import pathlib
import re
import sys

# In core each folder may include those before it.
CORE = ["base", "ports", "manifest", "catalog", "state", "operation", "chain", "host"]

# A layer may include the layers named here, and all of core; inside a layer a folder includes only itself.
LAYERS = {
    "core": [],
    "interceptors": ["core"],
    "loaders": ["core"],
    "assembly": ["interceptors", "loaders", "core"],
    "apps": ["assembly", "interceptors", "loaders", "core"],
}

# Folders that the others of their layer share; among themselves each may include those before it.
SHARED = ["loaders/tree", "loaders/skills", "loaders/pack_reader", "loaders/child_process", "loaders/native", "apps/sandbox",
          "apps/server"]

# What public headers never show.
PRIVATE_LIBRARIES = ["boost", "rapidjson", "spdlog", "fmt", "sodium", "nettle", "curl", "yaml-cpp", "CLI", "libsmartcols",
                     "archive", "archive_entry", "seccomp", "utf8proc"]

# Where alone a library may be included.
ONLY_IN = {
    "rapidjson": ["core/base", "tests/bench"],
    "yaml-cpp": ["loaders/skills"],
    "CLI": ["apps", "tests/bench"],
    "libsmartcols": ["apps"],
    "nlohmann": ["tests"],
    "curl": ["apps/fetch"],
    "archive": ["apps/fetch"],
    "archive_entry": ["apps/fetch"],
    "seccomp": ["apps/sandbox"],
    "utf8proc": ["loaders/tree"],
}

SUFFIXES = {".h", ".hpp", ".cc", ".cpp"}
# What a raw string holds is text, such as the source of a scaffold.
RAW_STRING = re.compile(r'\bR"([^()\\\s]*)\(.*?\)\1"', re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def component(path):
    """The folder that a file belongs to: `core/base`, `assembly`, `apps/cli`…"""
    layer = path.parts[0]
    if layer == "assembly" or len(path.parts) < 3:
        return layer
    return "/".join(path.parts[:2])


def library(included):
    """The library that an included header belongs to: its first folder, or its name without suffix."""
    return included.split("/")[0].removesuffix(".hpp").removesuffix(".h")


def lies_in(folder, places):
    return any(folder == place or folder.startswith(place + "/") for place in places)


def may_include(user, used):
    """Whether files of folder `user` may include public headers of folder `used`."""
    if user == used:
        return True
    layer, used_layer = user.split("/")[0], used.split("/")[0]
    if layer == used_layer == "core":
        return CORE.index(used.split("/")[1]) < CORE.index(user.split("/")[1])
    if layer == used_layer:
        return used in SHARED and (user not in SHARED or SHARED.index(used) < SHARED.index(user))
    return used_layer in LAYERS[layer]


class Checker:
    def __init__(self, root):
        self.root = root
        self.violations = []
        self.includes = 0
        self.files = sorted(
            path.relative_to(root)
            for layer in [*LAYERS, "tests"]
            for path in (root / layer).rglob("*")
            if path.suffix in SUFFIXES and path.is_file()
        )
        # `cowork/base/error.h` -> `core/base`
        self.owners = {
            str(path).split("/include/", 1)[1]: component(path) for path in self.files if self.is_public(path)
        }

    @staticmethod
    def is_public(path):
        return "/include/cowork/" in str(path) and path.parts[0] != "tests"

    def check(self):
        for path in self.files:
            text = (self.root / path).read_text(encoding="utf-8")
            text = RAW_STRING.sub(lambda raw: "\n" * raw.group().count("\n"), text)
            for match in INCLUDE.finditer(text):
                self.includes += 1
                reason = self.fault(path, match.group(1) == '"', match.group(2))
                if reason:
                    line = text.count("\n", 0, match.start(2)) + 1
                    self.violations.append(f"{path}:{line}: {match.group(2)}: {reason}")
        return self.violations

    def fault(self, path, quoted, included):
        """Why this include breaks a rule; None when it does not."""
        user = component(path)
        name = library(included)
        if name in ONLY_IN and not lies_in(user, ONLY_IN[name]):
            return f"{name} may be included in {', '.join(ONLY_IN[name])} only"
        if self.is_public(path) and name in PRIVATE_LIBRARIES:
            return f"a public header must not show {name}"
        if path.parts[0] == "tests":
            return None
        if included.startswith("cowork/"):
            return self.fault_of_public(user, included)
        return self.fault_of_private(path, user, included) if quoted else None

    def fault_of_public(self, user, included):
        owner = self.owners.get(included)
        if owner is None:
            return "no folder has this public header"
        return None if may_include(user, owner) else f"{user} must not include {owner}"

    def fault_of_private(self, path, user, included):
        if self.is_public(path):
            return "a public header must not include a private one"
        folder = self.root / user
        for start in {(self.root / path).parent, folder}:
            target = (start / included).resolve()
            if target.is_file() and target.is_relative_to(folder.resolve()):
                return None
        return f"{user} has no such private header, and those of other folders are theirs"


def main(arguments):
    if len(arguments) != 1:
        print("usage: check.py ROOT", file=sys.stderr)
        return 2
    checker = Checker(pathlib.Path(arguments[0]).resolve())
    for violation in checker.check():
        print(violation)
    print(f"{checker.includes} includes in {len(checker.files)} files, {len(checker.violations)} against the rules")
    return 1 if checker.violations or not checker.files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
