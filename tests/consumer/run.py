#!/usr/bin/env python3
"""Builds the program of this folder in one of the ways in which an application gets cowork, and runs it.

Usage: run.py WAY --source DIR --prefix DIR --work DIR --compiler PROGRAM [-- CMAKE-ARGUMENT...]

WAY is find_package, pkg_config, add_subdirectory or fetch_content. `source` is the sources of cowork, `prefix` an
installed tree, `work` where the program is built, `compiler` the one that cowork was built with. The program also calls
a tool of the native sample pack; WAY native_pack builds that one, against the installed tree, and comes first.
Exit status 1 when a step fails or the program says something else.
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
NATIVE_PACK = "text-tools"
TOOL_CALL = [NATIVE_PACK, "slugify", '{"text": "Embedding the Host"}']
EXPECTED = """\
{packs} packs
The finance pack stays on
devops-pack is off
2 toggles seen
"""
EXPECTED_OF_TOOL = 'text-tools slugify: {"slug":"embedding-the-host"}\n'


def run(*command, **more):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, **more)


def cmake_build(options, folder, work, target, *definitions):
    cache = [f"-DCMAKE_CXX_COMPILER_LAUNCHER={ccache}"] if (ccache := shutil.which("ccache")) else []
    run("cmake", "--no-warn-unused-cli", "-G", "Ninja", "-S", folder, "-B", work, f"-DCMAKE_CXX_COMPILER={options.compiler}", *cache,
        *definitions, *options.cmake_arguments)
    run("cmake", "--build", work, "--target", target)


def find_package(options, work):
    cmake_build(options, HERE / options.way, work, "consumer", f"-DCMAKE_PREFIX_PATH={options.prefix}")


def pkg_config(options, work):
    work.mkdir(parents=True)
    ccache = shutil.which("ccache")
    compiler = f"{ccache} {options.compiler}" if ccache else options.compiler
    run("make", "-s", "-C", work, "-f", HERE / "pkg_config/Makefile", f"CXX={compiler}",
        env={**os.environ, "PKG_CONFIG_PATH": f"{options.prefix}/lib/pkgconfig"})


def from_sources(options, work):
    cmake_build(options, HERE / options.way, work, "consumer", f"-DCOWORK_SOURCE={options.source}")


def native_pack(options, work):
    cmake_build(options, options.source / "sample-packs/native" / NATIVE_PACK, work, "all",
                f"-DCMAKE_PREFIX_PATH={options.prefix}", f"-DCOWORK_PACK_OUTPUT_DIRECTORY={work / 'packs'}")


WAYS = {"find_package": find_package, "pkg_config": pkg_config, "add_subdirectory": from_sources,
        "fetch_content": from_sources, "native_pack": native_pack}


def output_of(program, options, with_tool):
    """What the program says in a home of its own, with a few packs."""
    with tempfile.TemporaryDirectory(prefix="cowork-consumer-") as scratch_name:
        scratch = pathlib.Path(scratch_name)
        for pack in [*(options.source / "sample-packs/builtin" / pack for pack in PACKS),
                     options.work / "native_pack/packs" / NATIVE_PACK]:
            shutil.copytree(pack, scratch / "packs" / pack.name)
        environment = {"HOME": scratch_name, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run([program, scratch / "home", scratch / "packs", *(TOOL_CALL if with_tool else [])],
                              env=environment, text=True, capture_output=True, check=False, timeout=60)
        return done.returncode, done.stdout, done.stderr


def fault_of(program, options):
    """What is wrong with what the program says; nothing when all is well."""
    with_tool = os.geteuid() == 0
    if not with_tool:
        print("SKIPPED: a tool of a native pack, since a directory is trusted only where it is root's")
    expected = EXPECTED.format(packs=len(PACKS) + 1) + (EXPECTED_OF_TOOL if with_tool else "")
    status, out, err = output_of(program, options, with_tool)
    if status == 0 and out == expected:
        print(out, end="")
        return ""
    return f"the program ends with {status} and says\n{out}{err}instead of\n{expected}"


def parsed(arguments):
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--prefix", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--compiler", required=True)
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
    fault = fault_of(work / "consumer", options) if options.way != "native_pack" else ""
    print(f"{options.way}: " + (fault or "as it should be"))
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
