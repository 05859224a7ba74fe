#!/usr/bin/env python3
"""Makes the corpora anew: of the kept ones and of new inputs the smallest that reach all that they reach together.

Usage: minimize.py BUILD INPUTS [TARGET]... INPUTS holds a directory for each target, as `run.py --keep` leaves them. A
corpus has at most 200 files and 200 KB: the largest ones go first. What repeats the outside corpus is left out.
"""
import functools
import hashlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

import run
import seeds

MOST_FILES = 200
MOST_BYTES = 200_000
PIECE = 32


@functools.cache
def foreign_pieces():
    """Every piece of 32 bytes of the packs of the outside corpus, which are not ours to copy."""
    root = seeds.outside_corpus()
    texts = [path.read_bytes() for path in sorted((root / "packs").rglob("*")) if path.is_file()] if root else []
    return {text[at:at + PIECE] for text in texts for at in range(len(text) - PIECE + 1)}


@functools.cache
def known():
    """What runs start from anyway."""
    return {bytes(seed) for seed in [*seeds.files("*.json"), *seeds.files("SKILL.md"), *seeds.json_suite()]}


def may_be_kept(text):
    return text not in known() and not any(text[at:at + PIECE] in foreign_pieces() for at in range(len(text) - PIECE + 1))


def minimize(build, inputs, target):
    with tempfile.TemporaryDirectory(prefix="cowork-fuzz-") as directory:
        scratch = pathlib.Path(directory)
        merged = scratch / "merged"
        merged.mkdir()
        made = run.write_seeds(target, scratch / "seeds")
        places = [run.HERE / "corpus" / target, inputs / target, made]
        subprocess.run([str((build / f"fuzz_{target}").resolve()), "-set_cover_merge=1",
                        f"-max_len={run.LONGEST_INPUT[target]}", str(merged), *(str(place) for place in places if place.is_dir())],
                       check=True, cwd=scratch, env=run.environment(scratch), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        files = sorted((path for path in merged.iterdir() if may_be_kept(path.read_bytes())), key=lambda path: path.stat().st_size)
        corpus = run.HERE / "corpus" / target
        shutil.rmtree(corpus, ignore_errors=True)
        corpus.mkdir(parents=True)
        total = 0
        for path in files[:MOST_FILES]:
            total += path.stat().st_size
            if total > MOST_BYTES:
                break
            shutil.copy(path, corpus / hashlib.sha1(path.read_bytes()).hexdigest())
        print(f"{target}: {len(list(corpus.iterdir()))} of {len(list(merged.iterdir()))} files")


def main(arguments):
    build, inputs = pathlib.Path(arguments[0]), pathlib.Path(arguments[1])
    for target in arguments[2:] or run.LONGEST_INPUT:
        minimize(build, inputs, target)


if __name__ == "__main__":
    main(sys.argv[1:])
