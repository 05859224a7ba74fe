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

COMPLETION = {"bash": "share/bash-completion/completions/cowork", "zsh": "share/zsh/site-functions/_cowork",
              "fish": "share/fish/vendor_completions.d/cowork.fish"}
EXPECTED = {
    "runtime": ["bin/cowork", "libexec/cowork/cowork-fetch", "libexec/cowork/cowork-pack-runner", "share/man/man1/cowork.1", *COMPLETION.values(),
                "lib/systemd/user/cowork.service", "lib/systemd/user/cowork.socket",
                "share/cowork/plugin-packs/devops/cowork.plugin.json", "share/doc/cowork/LICENSE",
                "share/doc/cowork/README.md", "share/doc/cowork/CONTRIBUTING.md",
                "share/doc/cowork/sample-packs/README.md"],
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
    extra = [name for name in files_of(prefix)
             if name.startswith(("include/", "lib/")) and not name.startswith("lib/systemd/")]
    return missing(prefix, "runtime") + [f"runtime: {name} is for developers" for name in extra]


def output_of(prefix, home, *words):
    """What the installed program says; its complaints where it fails."""
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([prefix / "bin/cowork", *words], env=environment, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else done.stderr


def faults_of_program(prefix, scratch):
    """From wherever it lies the program finds the packs that were installed with it; completion is its own."""
    place = str(prefix / "share/cowork/plugin-packs/devops")
    info = output_of(prefix, scratch, "pack", "info", "devops", "--json")
    if place not in info:
        yield f"the installed program does not find {place}: {info}"
    for shell, name in COMPLETION.items():
        if (prefix / name).read_text(encoding="utf-8") != output_of(prefix, scratch, "completion", shell):
            yield f"{name} is not what the program prints"


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
        findings += faults_of_program(prefix, scratch)
    for finding in findings:
        print(finding)
    print(f"{len(files_of(prefix))} files installed and moved, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
