#!/usr/bin/env python3
"""Installs a build tree into an empty prefix, moves the prefix, and looks at what is there.

Usage: install.py BUILD SOURCE PREFIX. Leaves the moved tree in PREFIX for the tests that use it. Exit status 1 when
something is missing, when a file names the tree it was built from, or when a program does not work after the move.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

EXPECTED = {
    "runtime": ["bin/cowork", "share/man/man1/cowork.1", "share/bash-completion/completions/cowork",
                "share/zsh/site-functions/_cowork", "share/fish/vendor_completions.d/cowork.fish",
                "share/cowork/plugin-packs/devops/cowork.plugin.json", "share/doc/cowork/LICENSE",
                "share/doc/cowork/README.md"],
    "development": ["include/cowork/assembly/standard_host.h", "include/cowork/base/result.h", "lib/libcowork_base.a",
                    "lib/cmake/cowork/coworkConfig.cmake", "lib/cmake/cowork/coworkConfigVersion.cmake",
                    "lib/pkgconfig/cowork.pc", "share/doc/cowork/docs/policy.md"],
}


def install(build, prefix, *component):
    subprocess.run(["cmake", "--install", build, "--prefix", prefix, *component], check=True,
                   stdout=subprocess.DEVNULL)


def files_of(prefix):
    return {str(path.relative_to(prefix)): path for path in prefix.rglob("*") if path.is_file()}


def missing(prefix, component):
    return [f"{component}: {name} is missing" for name in EXPECTED[component] if not (prefix / name).is_file()]


def naming(prefix, directories):
    """The installed files that name one of `directories`."""
    needles = [os.fsencode(str(directory)) + b"/" for directory in directories]
    return [f"{name} names {os.fsdecode(needle)}" for name, path in sorted(files_of(prefix).items())
            for needle in needles if needle in path.read_bytes()]


def runtime_alone(build, scratch):
    """The component `runtime` has the program and nothing for developers."""
    prefix = scratch / "runtime"
    install(build, prefix, "--component", "runtime")
    extra = [name for name in files_of(prefix) if name.startswith(("include/", "lib/"))]
    return missing(prefix, "runtime") + [f"runtime: {name} is for developers" for name in extra]


def program_works(prefix, scratch):
    """From wherever it lies the program finds the packs that were installed with it."""
    environment = {"HOME": str(scratch), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([prefix / "bin/cowork", "pack", "info", "devops", "--json"], env=environment,
                          capture_output=True, text=True, check=False)
    place = str(prefix / "share/cowork/plugin-packs/devops")
    if done.returncode == 0 and place in done.stdout:
        return []
    return [f"the installed program does not find {place}: {done.stdout}{done.stderr}"]


def main(arguments):
    if len(arguments) != 3:
        print("usage: install.py BUILD SOURCE PREFIX", file=sys.stderr)
        return 2
    build, source, prefix = (pathlib.Path(argument).resolve() for argument in arguments)
    first = prefix.with_name(prefix.name + "-first")
    for old in (first, prefix):
        shutil.rmtree(old, ignore_errors=True)
    install(build, first)
    first.rename(prefix)
    with tempfile.TemporaryDirectory(prefix="cowork-install-") as scratch_name:
        scratch = pathlib.Path(scratch_name)
        findings = [finding for component in EXPECTED for finding in missing(prefix, component)]
        findings += naming(prefix, [source, build, first])
        findings += runtime_alone(build, scratch)
        findings += program_works(prefix, scratch)
    for finding in findings:
        print(finding)
    print(f"{len(files_of(prefix))} files installed and moved, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
