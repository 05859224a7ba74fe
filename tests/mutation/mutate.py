#!/usr/bin/env python3
"""Copies of C++ sources in which one expression or statement at a time can be changed while the program runs.

usage: mutate.py --compiler CLANG --out DIRECTORY [--option OPTION]... SOURCE...

Writes DIRECTORY/NAME.cc for each source and DIRECTORY/mutants.json, the list of the changes. Each has an identifier from 1;
COWORK_MUTANT chooses the one that is in force in a process, none without it. Where what stands is known from clang's
syntax tree: only bodies of functions in the source itself are changed, nothing that a macro brought.

Changes: == != < <= > >= turned round or moved by one; && and || exchanged; conditions negated and negations removed;
true and false, enumerators and integers replaced; what finds something finds nothing; a statement left out.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

RELATIONS = {"==": ["!="], "!=": ["=="], "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"],
             "&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"]}
OVERLOADED = {"operator" + sign: sign for sign in ("==", "!=", "<", "<=", ">", ">=")}
CALLS = {"CallExpr", "CXXMemberCallExpr", "CXXOperatorCallExpr"}
STATEMENTS = CALLS | {"BinaryOperator", "CompoundAssignOperator", "UnaryOperator", "ExprWithCleanups"}
PROLOGUE = """#include <cstdlib>
namespace cowork_mutation {
inline bool is_on(int id) {
  static const int chosen = [] { const char* text = std::getenv("COWORK_MUTANT"); return text ? std::atoi(text) : 0; }();
  return id == chosen;
}
}  // namespace cowork_mutation
"""

Change = collections.namedtuple("Change", "begin end kind text")


def syntax_trees(compiler, options, source):
    command = [compiler, "-std=c++20", "-fsyntax-only", "-w", *options, "-Xclang", "-ast-dump=json", "-Xclang",
               "-ast-dump-filter=cowork", str(source)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    decoder, at = json.JSONDecoder(), 0
    while (at := text.find("{", at)) >= 0:
        tree, at = decoder.raw_decode(text, at)
        yield tree


def inner(node):
    return [child for child in node.get("inner", []) if child.get("kind")]


def extent(node):
    """(begin, end) in the source itself; None for what comes from a header or a macro."""
    begin, end = node.get("range", {}).get("begin", {}), node.get("range", {}).get("end", {})
    if "offset" not in begin or "offset" not in end or "includedFrom" in begin:
        return None
    return begin["offset"], end["offset"] + end["tokLen"]


def type_of(node):
    return node.get("type", {}).get("desugaredQualType") or node.get("type", {}).get("qualType", "")


def enumerations(tree, found):
    """Identifier of each enumerator → the name of the one that comes after it."""
    if tree.get("kind") == "EnumDecl":
        names = [child for child in inner(tree) if child["kind"] == "EnumConstantDecl"]
        for name, following in zip(names, names[1:] + names[:1]):
            found[name["id"]] = following["name"]
    for child in inner(tree):
        enumerations(child, found)
    return found


class Mutator:
    """Collects the changes of one source."""

    def __init__(self, source, enumerators):
        self.text = source.read_bytes()
        self.enumerators = enumerators
        self.changes = {}
        self.untouched = set()
        self.under_negation = set()  # removing the negation is the same change

    def part(self, begin, end):
        return self.text[begin:end].decode()

    def add(self, node, kind, text):
        place = extent(node)
        if place and place not in self.untouched and text != self.part(*place):
            change = Change(*place, kind, text)
            self.changes.setdefault((*place, text), change)

    def visit(self, node):
        """Looks for bodies of functions that stand in this source."""
        kind = node.get("kind", "")
        if kind == "FunctionTemplateDecl":
            # Not what was made of it.
            node = next((child for child in inner(node) if child["kind"] in ("FunctionDecl", "CXXMethodDecl")), {})
        if kind == "CompoundStmt" and (place := extent(node)):
            if self.text[place[0]:place[0] + 1] == b"{" and self.text[place[1] - 1:place[1]] == b"}":
                self.body(node)
                return
        for child in inner(node):
            self.visit(child)

    def body(self, node):
        kind = node["kind"]
        if kind == "VarDecl" and (node.get("constexpr") or node.get("storageClass") == "static"):
            return
        if kind == "CompoundStmt":
            for child in inner(node):
                self.leave_out(child)
        change = getattr(self, "of_" + kind, None)
        if change:
            change(node)
        if kind in CALLS and kind != "CXXOperatorCallExpr":
            self.call(node)
        for branch in self.branches(node):
            self.leave_out(branch)
        for child in self.written(node):
            self.body(child)

    @staticmethod
    def branches(node):
        """The statements that a condition or a loop decides about."""
        if node["kind"] == "IfStmt":
            return inner(node)[-2 if node.get("hasElse") else -1:]
        return inner(node)[-1:] if node["kind"] in ("ForStmt", "CXXForRangeStmt", "WhileStmt") else []

    @staticmethod
    def written(node):
        """The children but those that the compiler made, and the constant of a case."""
        children = inner(node)
        if node["kind"] == "CaseStmt":
            return children[1:]
        if node["kind"] == "CXXForRangeStmt":
            return children[-1:]
        if node["kind"] == "IfStmt" and node.get("hasVar"):
            return children[:1] + children[2:]
        return children

    def leave_out(self, node):
        if node["kind"] in STATEMENTS and (place := extent(node)) and not node.get("isPostfix"):
            self.add(node, "left out", None)

    def of_BinaryOperator(self, node):
        operands = inner(node)
        if node["opcode"] in ("+", "-") and any("*" in type_of(operand) for operand in operands):
            self.untouched.update(extent(operand) for operand in operands)
        elif node["opcode"] in RELATIONS:
            self.operator(node, node["opcode"], operands)
        for operand in operands if node["opcode"] in ("&&", "||") else []:
            self.negated(operand)

    def negated(self, node):
        place = extent(node)
        if place and place not in self.under_negation and node["kind"] not in ("BinaryOperator", "UnaryOperator", "ParenExpr"):
            self.add(node, "negated", f"!({self.part(*place)})")

    def of_CXXOperatorCallExpr(self, node):
        children = inner(node)
        callee = children[0]
        while callee["kind"] == "ImplicitCastExpr":
            callee = inner(callee)[0]
        sign = OVERLOADED.get(callee.get("referencedDecl", {}).get("name"))
        if sign and len(children) == 3:
            self.operator(node, sign, children[1:])
        elif type_of(node) == "bool":
            self.call(node)

    def of_CXXRewrittenBinaryOperator(self, node):
        place = extent(node)
        if place and b" != " in self.text[place[0]:place[1]]:
            self.add(node, "!= to ==", self.part(*place).replace(" != ", " == ", 1))

    def operator(self, node, sign, operands):
        places = [extent(operand) for operand in operands]
        place = extent(node)
        if not place or None in places:
            return
        (begin, left), (right, end) = sorted(places)
        at = self.text[left:right].find(sign.encode())
        for other in RELATIONS[sign] if at >= 0 else []:
            changed = self.part(begin, left + at) + other + self.part(left + at + len(sign), end)
            self.add(node, f"{sign} to {other}", changed)

    def of_UnaryOperator(self, node):
        place = extent(node)
        # That of a != which the compiler writes as !(a == b) is not in the text.
        if place and node["opcode"] == "!" and self.text[place[0]:place[0] + 2] != b"!=":
            self.under_negation.add((place[0] + 1, place[1]))
            self.add(node, "! removed", f"static_cast<bool>({self.part(place[0] + 1, place[1])})")

    def of_CXXBoolLiteralExpr(self, node):
        self.add(node, "constant", "false" if node["value"] else "true")

    def of_IntegerLiteral(self, node):
        self.add(node, "constant", str(int(node["value"]) + 1))

    def of_DeclRefExpr(self, node):
        declared = node.get("referencedDecl", {})
        following, place = self.enumerators.get(declared.get("id")), extent(node)
        if following and place and following != declared["name"]:
            begin, end = place
            self.add(node, "enumerator", self.part(begin, end - len(declared["name"])) + following)

    def of_ImplicitCastExpr(self, node):
        """A variable as a condition or an operand."""
        is_bool = node.get("castKind") == "LValueToRValue" and type_of(node).removeprefix("const ") == "bool"
        if is_bool or node.get("castKind") == "PointerToBoolean":
            self.negated(node)

    def call(self, node):
        place = extent(node)
        if not place:
            return
        result = type_of(node)
        if result in ("bool", "_Bool"):
            self.negated(node)
        elif result.endswith("*"):
            self.add(node, "finds nothing", "nullptr")
        elif result.startswith(("std::optional<", "optional<")):
            self.add(node, "finds nothing", "std::nullopt")

    def of_ReturnStmt(self, node):
        for value in inner(node):
            if type_of(value).endswith("*"):
                self.add(value, "finds nothing", "nullptr")


def expression(change, number, text):
    on = f"::cowork_mutation::is_on({number})"
    if change.kind in ("negated", "! removed"):
        text = f"static_cast<bool>({text})"
    return f"({on} ? void() : void({text}))" if change.text is None else f"({on} ? ({change.text}) : ({text}))"


def rewritten(text, changes, begin, end):
    """The text with its changes, each as a conditional; `changes` are (number, change), outermost first."""
    parts, at = [], begin
    while changes:
        number, change = changes[0]
        within = [other for other in changes[1:] if other[1].end <= change.end]
        changes = changes[1 + len(within):]
        parts.append(text[at:change.begin].decode())
        same = within and within[0][1][:2] == change[:2]
        body = rewritten(text, within, change.begin, change.end) if within or not same else ""
        parts.append(expression(change, number, body))
        at = change.end
    return "".join(parts) + text[at:end].decode()


def ordered(changes):
    """Outermost first; of those at one place, leaving out encloses the others."""
    return sorted(changes, key=lambda change: (change.begin, -change.end, change.text is not None, change.text or ""))


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--option", action="append", default=[])
    parser.add_argument("sources", nargs="+", type=pathlib.Path)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    mutants = []
    for source in options.sources:
        trees = list(syntax_trees(options.compiler, options.option, source))
        enumerators = {}
        for tree in trees:
            enumerations(tree, enumerators)
        mutator = Mutator(source, enumerators)
        for tree in trees:
            mutator.visit(tree)
        numbered = []
        for change in ordered(mutator.changes.values()):
            numbered.append((len(mutants) + 1, change))
            line = mutator.text.count(b"\n", 0, change.begin) + 1
            mutants.append({"id": len(mutants) + 1, "file": source.name, "line": line, "kind": change.kind,
                            "text": mutator.text.split(b"\n")[line - 1].decode().strip(),
                            "from": mutator.part(change.begin, change.end), "to": change.text or ""})
        (options.out / source.name).write_text(PROLOGUE + rewritten(mutator.text, numbered, 0, len(mutator.text)), encoding="utf-8")
    (options.out / "mutants.json").write_text(json.dumps(mutants, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
