#!/usr/bin/env python3
"""Which sources of a target can be compiled as one: groups in which no file knows a name that another one keeps to itself.

usage: unity_groups.py MOST TARGET=FILE...

Prints a line `TARGET=GROUP=FILE` for each file that is not alone in its group of at most MOST.

In one translation unit the unnamed namespaces of all files are one. Two files stay apart when a name from the unnamed
namespace (or a macro) of one occurs in the other, except as a member, or when a type of it is one in the other's headers:
so a group compiles whatever its order is.
"""
import functools
import pathlib
import re
import sys

LITERALS = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
UNNAMED = re.compile(r"\bnamespace\s*\{")
IDENTIFIER = re.compile(r"(?<![\w.])(?<!->)[A-Za-z_]\w*")
MACRO = re.compile(r"^\s*#\s*define\s+(\w+)", re.MULTILINE)
TYPE = re.compile(r"\b(?:struct|class|enum(?:\s+class)?|union|concept)\s+(\w+)")
ALIAS = re.compile(r"\busing\s+(\w+)\s*=")
# `namespace http = boost::http;` may stand there twice.
OTHER_NAMES = re.compile(r"\b(?:namespace|using)\b[^;{]*;")
VARIABLE = re.compile(r"\b([A-Za-z_]\w*)\s*(?:=|;|\[|\{\}\s*;)")
# What is in capitals is a macro of the tests.
FUNCTION = re.compile(r"\b(\w*[a-z]\w*)\s*\(")
# Argument-dependent lookup finds std::quoted beside a function of that name, once one of these was read.
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"\n]+)"', re.MULTILINE)
BRINGS_QUOTED = re.compile(r"#\s*include\s*<(?:iomanip|regex|filesystem|boost/|nlohmann/)")
CALLED = re.compile(r"(?<![\w.])(?<!->)(\w+)\s*[({]")


def closing(text, opening):
    """Where the brace at `opening` is closed."""
    depth = 0
    for at in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return len(text)


def outermost(text):
    """The text without what is inside braces: what remains of a body is `{}`."""
    parts, depth = [], 0
    for part in re.split(r"([{}])", text):
        depth -= part == "}"
        if depth == 0:
            parts.append(part)
        depth += part == "{"
    return "".join(parts)


def bodies_unnamed(text):
    for match in UNNAMED.finditer(text):
        yield outermost(text[match.end():closing(text, match.end() - 1)])


ROOT = pathlib.Path(__file__).resolve().parents[1]


@functools.cache
def installed_headers():
    """The headers of all components by the name that they are included by."""
    return {str(path.relative_to(folder)): path for folder in ROOT.glob("*/*/include") for path in folder.rglob("*.h")}


def header_named(name, folder):
    for path in (folder / name, installed_headers().get(name), ROOT / "tests" / name):
        if path and path.is_file():
            return path.resolve()
    return None


@functools.cache
def header(path):
    """The names in a header, and the headers that it includes."""
    text = path.read_text(encoding="utf-8")
    return set(IDENTIFIER.findall(LITERALS.sub(" ", text))), included(text, path.parent)


def included(text, folder):
    return [found for name in INCLUDE.findall(text) if (found := header_named(name, folder))]


def names_in_headers(text, folder):
    names, seen, left = set(), set(), included(text, folder)
    while left:
        path = left.pop()
        if path not in seen:
            seen.add(path)
            known, further = header(path)
            names |= known
            left += further
    return names


class Source:
    """A file with the names that it keeps to itself, and those that it uses."""

    def __init__(self, path):
        text = pathlib.Path(path).read_text(encoding="utf-8")
        self.brings_quoted = bool(BRINGS_QUOTED.search(text))
        self.in_headers = names_in_headers(text, pathlib.Path(path).parent)
        text = LITERALS.sub(" ", text)
        bodies = "\n".join(bodies_unnamed(text))
        variables = VARIABLE.findall(OTHER_NAMES.sub("", bodies))
        self.path = path
        self.types = set(TYPE.findall(bodies) + ALIAS.findall(bodies))
        self.kept = self.types | set(MACRO.findall(text) + variables)
        self.functions = set(FUNCTION.findall(bodies)) - self.kept
        self.known = set(IDENTIFIER.findall(text))
        self.called = set(CALLED.findall(text)) | self.kept

    def hides_from(self, other):
        # A local variable may have the name of another file's function.
        return bool(self.kept & other.known or self.types & other.in_headers or self.functions & (other.called | other.functions)
                    or self.brings_quoted and "quoted" in other.called)

    def apart_from(self, other):
        return self.hides_from(other) or other.hides_from(self)


def groups(sources, most):
    """Each into the first group that has room and no file it must stay apart from."""
    result = []
    for source in sources:
        for group in result:
            if len(group) < most and not any(source.apart_from(other) for other in group):
                group.append(source)
                break
        else:
            result.append([source])
    return [group for group in result if len(group) > 1]


def main(arguments):
    targets = {}
    for argument in arguments[1:]:
        target, _, path = argument.partition("=")
        targets.setdefault(target, []).append(Source(path))
    for target, sources in targets.items():
        for number, group in enumerate(groups(sources, int(arguments[0]))):
            for source in group:
                print(f"{target}=group{number}={source.path}")


if __name__ == "__main__":
    main(sys.argv[1:])
