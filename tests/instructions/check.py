#!/usr/bin/env python3
"""Counts the instructions of hot paths and compares them with the kept ones.

Usage: check.py --kept FILE --compiler NAME_AND_VERSION --flags FLAGS [--program PROGRAM] (--path NAME | --renew)

--path prints one line: the path, the kept count, the one of now, and by how many percent it is another; exit status 1
beyond 5 %, either way: what became faster is to be kept, or it may be lost unseen. --renew counts all paths of the program
and writes the file.

Counts hold for one major version of the compiler, its flags, one C library and processors with the instructions that
cowork asks for. With others, or without valgrind, the answer is a line `SKIPPED: reason`. Counts don't depend on the
machine otherwise: valgrind shows programs a processor of its own, of which the C library's variants for certain
processors are switched off as well; addresses and keys are the same in every run.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

TOLERANCE_PERCENT = 5.0
TUNABLES = "glibc.cpu.hwcaps=-AVX512F,-AVX2,-AVX,-ERMS,-FSRM,-BMI2,-LZCNT,-MOVBE,-RTM"


def processor():
    """Those of the instructions that are asked for that this one has; valgrind shows them as they are."""
    flags = re.search(r"^flags\s*:(.*)", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return " ".join(sorted({"aes", "avx2", "pclmulqdq"} & set(flags.group(1).split() if flags else ())))


def setting(options):
    """What counts hold for."""
    compiler = re.sub(r"^(\S+ \d+).*", r"\1", options.compiler)
    return {"compiler": compiler, "flags": " ".join(options.flags.split()), "libc": " ".join(platform.libc_ver()),
            "processor": processor()}


def count(program, path):
    """The instructions of one run of a path."""
    environment = {"GLIBC_TUNABLES": TUNABLES, "PATH": os.environ["PATH"], "LC_ALL": "C"}
    with tempfile.TemporaryDirectory(prefix="cowork-count-") as directory:
        environment["COWORK_BENCH_DIRECTORY"] = directory
        out = pathlib.Path(directory, "counts")
        command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}", program, path]
        if setarch := shutil.which("setarch"):
            command = [setarch, platform.machine(), "-R", *command]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise SystemExit(f"{path} could not be counted:\n{run.stderr}")
        return int(re.search(r"^totals: (\d+)", out.read_text(), re.MULTILINE).group(1))


def reason_to_skip(options, kept):
    if not options.program:
        return "valgrind is not installed"
    for what, now in setting(options).items():
        if kept[what] != now:
            return f"the kept counts are of another {what}: {kept[what]}, not {now}"
    return None


def compare(options):
    kept = json.loads(options.kept.read_text())
    if reason := reason_to_skip(options, kept):
        print(f"SKIPPED: {reason}")
        return 0
    before, now = kept["counts"][options.path], count(options.program, options.path)
    percent = 100.0 * (now - before) / before
    print(f"{options.path}: kept {before:,}, now {now:,}: {percent:+.2f} %")
    if abs(percent) <= TOLERANCE_PERCENT:
        return 0
    print("Is that meant? Then: cmake --build --preset dev --target renew_instruction_counts")
    return 1


def renew(options):
    names = subprocess.run([options.program], capture_output=True, text=True, check=True).stdout.split()
    document = {**setting(options), "counts": {name: count(options.program, name) for name in names}}
    options.kept.write_text(json.dumps(document, indent=2) + "\n")
    return 0


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--kept", type=pathlib.Path, required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--flags", default="")
    parser.add_argument("--program")
    parser.add_argument("--path")
    parser.add_argument("--renew", action="store_true")
    options = parser.parse_args()
    return renew(options) if options.renew else compare(options)


if __name__ == "__main__":
    sys.exit(main())
