#!/usr/bin/env python3
"""Branch coverage of the product by area, from what the tests of a build with COWORK_COVERAGE left behind.

usage: coverage.py [--missing AREA] [--without-targets] [BUILD]

BUILD is by default build/asan-ubsan. Its tests must have run. Prints a line `FIGURE: coverage/AREA …` for each area; exit
status 1 when one is below its target. `--missing AREA` lists the branches that no test took instead.

A branch is one outcome, true or false, of a condition in a source or in a macro that it uses; of a template, of all its
instances together. Constant conditions have none. coverage_exclusions.txt names the outcomes that no test can bring about,
each with its reason; they are neither counted as taken nor as missing, but their number is printed.
"""
import argparse
import collections
import fnmatch
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
PRODUCT = ["core/*", "interceptors/*", "loaders/*", "assembly/*", "apps/cli/*", "apps/server/*", "apps/fetch/*", "apps/sandbox/*",
           "apps/runner/*"]
# area: (files, percent of its branches that tests must take)
AREAS = {
    "overall": (PRODUCT, 80),
    "admin_policy": (["interceptors/admin_policy/*"], 95),
    "json": (["core/base/json*", "core/base/include/cowork/base/json*"], 95),
    "paths": (["core/ports/path_rules*", "core/ports/beneath*", "loaders/tree/*"], 95),
    "fetch": (["apps/fetch/*", "loaders/fetch/*"], 95),
}
EXPANSION = 1  # kind of a region that stands for a macro
CONSTANTS = {"true", "false"}
# Targets of libraries are cowork_…, those of programs cowork and cowork-….
OF_PRODUCT = re.compile(r"/cowork([_-][^/]*)?\.dir/")

Branch = collections.namedtuple("Branch", "file line column macro outcome")


def tool(name):
    for candidate in (f"{name}-14", name):
        if subprocess.run(["which", candidate], capture_output=True, check=False).returncode == 0:
            return candidate
    sys.exit(f"coverage: {name} is missing: scripts/install-deps.sh installs it (llvm-14)")


def objects_of(build):
    """What the product's libraries and programs are made of: llvm-cov cannot read every archive, whose members are not
    aligned."""
    return sorted(str(path) for path in build.rglob("*.o")
                  if "tests" not in path.relative_to(build).parts and OF_PRODUCT.search(str(path.relative_to(build))))


def exported(build):
    """What llvm-cov tells of the product's objects; those of the tests are not asked."""
    profiles, objects = sorted(str(path) for path in (build / "profiles").glob("*.profraw")), objects_of(build)
    if not profiles or not objects:
        sys.exit(f"coverage: no profiles in {build}/profiles: run the tests of a build with COWORK_COVERAGE first")
    with tempfile.TemporaryDirectory() as scratch:
        merged = f"{scratch}/merged"
        subprocess.run([tool("llvm-profdata"), "merge", "-sparse", "-failure-mode=all", "-o", merged, *profiles], check=True)
        further = [part for path in objects[1:] for part in ("-object", path)]
        with open(f"{scratch}/export", "w+b") as out:
            subprocess.run([tool("llvm-cov"), "export", "-skip-expansions", f"-compilation-dir={ROOT}", f"-instr-profile={merged}",
                            objects[0], *further], check=True, stdout=out)
            out.seek(0)
            return json.load(out)["data"][0]


class Sources:
    """Texts of the project's files, for what an exported branch does not say."""

    def __init__(self):
        self.lines = {}

    def line(self, file, number):
        if file not in self.lines:
            self.lines[file] = (ROOT / file).read_text(encoding="utf-8").splitlines()
        lines = self.lines[file]
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def is_constant(self, file, begin, end):
        line = self.line(file, begin[0])
        text = line[begin[1] - 1:end[1] - 1] if begin[0] == end[0] else ""
        # Of a switch, this is the outcome that no case is for: warnings keep all switches complete.
        return text in CONSTANTS or "if constexpr" in line or line[:begin[1] - 1].endswith("switch (")


def project_file(name):
    path = pathlib.Path(name)
    path = path if path.is_absolute() else ROOT / path
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else None


def invocations(function):
    """Of each macro's expansion in a function: where in the function's own file it stands."""
    places = {0: None}
    parents = {region[6]: (region[5], region[0], region[1]) for region in function["regions"] if region[7] == EXPANSION}
    for expanded in parents:
        at, seen = expanded, set()
        while at in parents and at not in seen:
            seen.add(at)
            at, line, column = parents[at]
            places[expanded] = (line, column)
    return places


def branches_of(function, sources):
    file = project_file(function["filenames"][0])
    places = invocations(function)
    for line, column, end_line, end_column, true, false, file_id, *_ in function["branches"]:
        text_file = project_file(function["filenames"][file_id])
        if not text_file or sources.is_constant(text_file, (line, column), (end_line, end_column)):
            continue
        at, macro = places.get(file_id), None
        if at:
            macro, line, column = (text_file, line, column), *at
        yield Branch(file, line, column, macro, True), true
        yield Branch(file, line, column, macro, False), false


def in_area(file, patterns):
    return any(fnmatch.fnmatchcase(file, pattern) for pattern in patterns)


def taken_branches(data, sources):
    """Branch → how often it was taken."""
    counts = collections.Counter()
    for function in data["functions"]:
        file = project_file(function["filenames"][0])
        if file and in_area(file, PRODUCT):
            for branch, count in branches_of(function, sources):
                counts[branch] += count
    return counts


def exclusions():
    """(file, text of the line, outcome or None) of coverage_exclusions.txt."""
    rows = []
    for line in (ROOT / "scripts/coverage_exclusions.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            file, outcome, text, reason = (part.strip() for part in line.split(" | "))
            if not reason or outcome not in ("true", "false", "both"):
                sys.exit(f"coverage: coverage_exclusions.txt: not `file | true, false or both | text | reason`: {line}")
            rows.append((file, text, None if outcome == "both" else outcome == "true"))
    return rows


def split(counts, sources):
    """(taken, missing, excluded) of the branches; the exclusions that name none."""
    rows = exclusions()
    taken, missing, excluded, used = set(), set(), set(), set()
    for branch, count in counts.items():
        matching = [row for row in rows if row[0] == branch.file and row[1] in sources.line(branch.file, branch.line)
                    and row[2] in (None, branch.outcome)]
        used.update(matching)
        # What a signal brings about now and then is no less excluded for it.
        (taken if count else excluded if matching else missing).add(branch)
    return taken, missing, excluded, [row for row in rows if row not in used]


def told(branch, sources):
    macro = f" in the macro of {branch.macro[0]}:{branch.macro[1]}" if branch.macro else ""
    outcome = "true" if branch.outcome else "false"
    return f"{branch.file}:{branch.line}:{branch.column}: never {outcome}{macro}: {sources.line(branch.file, branch.line).strip()}"


def figure(area, taken, missing, excluded):
    patterns, target = AREAS[area]
    have, lack, left_out = (sum(in_area(branch.file, patterns) for branch in part) for part in (taken, missing, excluded))
    percent = 100 * have / (have + lack) if have + lack else 0
    # Rounded down: what is printed is reached.
    print(f"FIGURE: coverage/{area} branches={int(percent * 10) / 10} target={target} taken={have} of={have + lack} excluded={left_out}")
    return percent >= target


def main(arguments):
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("--missing", choices=list(AREAS))
    parser.add_argument("--without-targets", action="store_true", help="no failure below a target: for some of the tests")
    parser.add_argument("build", nargs="?", default=str(ROOT / "build/asan-ubsan"))
    options = parser.parse_args(arguments)
    sources = Sources()
    counts = taken_branches(exported(pathlib.Path(options.build).resolve()), sources)
    taken, missing, excluded, unused = split(counts, sources)
    if options.missing:
        patterns = AREAS[options.missing][0]
        shown = sorted((branch for branch in missing if in_area(branch.file, patterns)), key=lambda branch: branch[:3])
        print("\n".join(told(branch, sources) for branch in shown))
        return 0
    reached = [figure(area, taken, missing, excluded) for area in AREAS]
    if not options.without_targets:
        for row in unused:
            print(f"coverage: there is no such branch to exclude: {row[0]}: {row[1]}")
    return 0 if options.without_targets or all(reached) and not unused else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
