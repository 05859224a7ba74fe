#!/usr/bin/env python3
"""Compiles each installed header alone, twice in one file, with nothing but what pkg-config says.

Usage: headers.py PREFIX WORK C++-COMPILER [C-COMPILER]. Exit status 1 when one does not compile without a warning.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
# Headers for programs in C as well.
C_HEADERS = {"cowork/native/pack_api.h"}


def flags_of(prefix):
    environment = {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    done = subprocess.run(["pkg-config", "--cflags", "cowork"], env=environment, capture_output=True, text=True,
                          check=True)
    return done.stdout.split()


def compile_alone(header, work, command, suffix):
    """What the compiler has to say; nothing when all is well."""
    unit = work / (header.replace("/", "_") + suffix)
    unit.write_text(f'#include "{header}"\n#include "{header}"\n', encoding="utf-8")
    done = subprocess.run([*command, "-c", unit, "-o", f"{unit}.o"], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{header}:\n{done.stderr}"


def main(arguments):
    if len(arguments) not in (3, 4):
        print("usage: headers.py PREFIX WORK C++-COMPILER [C-COMPILER]", file=sys.stderr)
        return 2
    prefix, work = pathlib.Path(arguments[0]).resolve(), pathlib.Path(arguments[1])
    work.mkdir(parents=True, exist_ok=True)
    launcher = [cache] if (cache := shutil.which("ccache")) else []
    flags = [*WARNINGS, *flags_of(prefix)]
    jobs = [(header, [*launcher, arguments[2], "-std=c++20", *flags], ".cc")
            for header in sorted(str(path.relative_to(prefix / "include")) for path in prefix.glob("include/**/*.h"))]
    if len(arguments) == 4:
        jobs += [(header, [*launcher, arguments[3], "-std=c99", *flags], ".c")
                 for header, _, _ in jobs if header in C_HEADERS]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = list(filter(None, pool.map(lambda job: compile_alone(job[0], work, job[1], job[2]), jobs)))
    print("\n".join(faults) + f"{len(jobs)} headers alone, {len(faults)} do not compile")
    return 1 if faults or not jobs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
