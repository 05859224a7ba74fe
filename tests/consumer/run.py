#!/usr/bin/env python3
"""Builds the program of this folder in one of the ways in which an application gets cowork, and runs it.

Usage: run.py WAY --source DIR --prefix DIR --work DIR --compiler PROGRAM [--native DIR PACK TOOL INPUT OUTPUT]
              [-- CMAKE-ARGUMENT...]

WAY is find_package, pkg_config, add_subdirectory or fetch_content. `source` is the sources of cowork, `prefix` an
installed tree, `work` where the program is built, `compiler` the one that cowork was built with. With `--native` the
program also calls a tool of the native pack in DIR. Exit status 1 when a step fails or the program says something else.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PACKS = ["devops", "finance"]
EXPECTED = """\
{packs} packs
The finance pack stays on
devops-pack is off
2 toggles seen
"""


def run(*command, **more):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, **more)


def cmake_build(options, work, *definitions):
    cache = [f"-DCMAKE_CXX_COMPILER_LAUNCHER={ccache}"] if (ccache := shutil.which("ccache")) else []
    run("cmake", "-G", "Ninja", "-S", HERE / options.way, "-B", work, f"-DCMAKE_CXX_COMPILER={options.compiler}", *cache,
        *definitions, *options.cmake_arguments)
    run("cmake", "--build", work, "--target", "consumer")


def find_package(options, work):
    cmake_build(options, work, f"-DCMAKE_PREFIX_PATH={options.prefix}")


def pkg_config(options, work):
    work.mkdir(parents=True)
    ccache = shutil.which("ccache")
    compiler = f"{ccache} {options.compiler}" if ccache else options.compiler
    run("make", "-s", "-C", work, "-f", HERE / "pkg_config/Makefile", f"CXX={compiler}",
        env={**os.environ, "PKG_CONFIG_PATH": f"{options.prefix}/lib/pkgconfig"})


def from_sources(options, work):
    cmake_build(options, work, f"-DCOWORK_SOURCE={options.source}")


WAYS = {"find_package": find_package, "pkg_config": pkg_config, "add_subdirectory": from_sources,
        "fetch_content": from_sources}


def output_of(program, options):
    """What the program says in a home of its own, with a few packs."""
    with tempfile.TemporaryDirectory(prefix="cowork-consumer-") as scratch_name:
        scratch = pathlib.Path(scratch_name)
        sources = [options.source / "sample-packs/builtin" / pack for pack in PACKS]
        if options.native:
            sources.append(pathlib.Path(options.native[0]))
        for pack in sources:
            shutil.copytree(pack, scratch / "packs" / pack.name)
        call = options.native[1:4] if options.native else []
        environment = {"HOME": scratch_name, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run([program, scratch / "home", scratch / "packs", *call], env=environment, text=True,
                              capture_output=True, check=False, timeout=60)
        return done.returncode, done.stdout, done.stderr


def expected_output(options):
    text = EXPECTED.format(packs=len(PACKS) + bool(options.native))
    if options.native:
        _, pack, tool, _, output = options.native
        text += f"{pack} {tool}: {output}\n"
    return text


def parsed(arguments):
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--prefix", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--native", nargs=5, metavar=("DIR", "PACK", "TOOL", "INPUT", "OUTPUT"))
    options = parser.parse_args(arguments[:split])
    options.cmake_arguments = arguments[split + 1:]
    return options


def main(arguments):
    options = parsed(arguments)
    work = options.work / options.way
    shutil.rmtree(work, ignore_errors=True)
    try:
        WAYS[options.way](options, work)
    except subprocess.CalledProcessError as error:
        print(f"{options.way}: this failed: {' '.join(error.cmd)}")
        return 1
    status, out, err = output_of(work / "consumer", options)
    if status != 0 or out != expected_output(options):
        print(f"{options.way}: the program ends with {status} and says\n{out}{err}instead of\n{expected_output(options)}")
        return 1
    print(f"{options.way}: built, and it says\n{out}", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
