"""Archives, byte by byte: what tries to get out of the pack, to be two things at once, to be without end, or was cut."""
import dataclasses

import archive_directories
import leftovers
from archive_packs import (AREA, BITS, MANIFEST_NAME, NO_HARD_LINK, NO_LINK, NO_PACK, NO_SPECIAL, OUTSIDE, SAME, UNRELIABLE,
                           manifest,
                           pack_with, zip_with)
from archives import BLOCK, Entry, Member, gzip, pax, tar, unicode_path, zip_archive
from frame import Case, CoveredBy


def install(desk, content, *options, name="a.tar"):
    path = desk.write(f"work/{name}", content)
    return desk.run("pack", "install", path, *options)


def refused(name, content, message, *, suffix="tar", code="invalid-argument", **options):
    """A row for an archive; where `content` can be called, it is made of the desk. `message` follows the archive's name."""
    def act(desk):
        return install(desk, content(desk) if callable(content) else content, name=f"a.{suffix}")
    return Case(AREA, name, act, code, f'"{{root}}/work/a.{suffix}": ' + message, **options)


def entry_rows():
    """One entry beside the manifest, which refuses the whole archive."""
    quoted = '"{}"'.format
    table = [
        ("../", Entry("../x"), quoted("../x") + OUTSIDE),
        ("../ behind a step", Entry("a/../../x"), quoted("a/../../x") + OUTSIDE),
        ("../ that stays within", Entry("a/../x"), quoted("a/../x") + OUTSIDE),
        ("../ as a directory", Entry("..", kind=b"5"), quoted("..") + OUTSIDE),
        ("../ in ustar's prefix", Entry("x", prefix=".."), quoted("../x") + OUTSIDE),
        ("../ at the neighbour", Entry("../tea-evil/x"), quoted("../tea-evil/x") + OUTSIDE),
        ("..\\", Entry("..\\x"), '"..\\x" has a backslash in its name'),
        ("a drive's letter and a backslash", Entry("C:\\x"), '"C:\\x" has a backslash in its name'),
        (".git", Entry(".git/config"), '".git/config" has a step named .git'),
        (".GIT below", Entry("a/.GIT/hooks/x"), '"a/.GIT/hooks/x" has a step named .git'),
        ("an escape sequence as name", Entry("a\x1b[2J"), '"a\\x1b[2J" has control or invisible characters'),
        ("a name that turns its direction", Entry("a\u202egpj.exe"), '"a\\u{202e}gpj.exe" has control or invisible characters'),
        ("a zero-width name", Entry("a\u200b"), '"a\\u{200b}" has control or invisible characters'),
        ("a name that is no UTF-8", Entry(b"a\xff"), '"a\\xff" is no valid UTF-8'),
        ("a link", Entry("soft", kind=b"2", target="/etc"), quoted("soft") + NO_LINK),
        ("a link to the manifest", Entry("soft", kind=b"2", target=MANIFEST_NAME), quoted("soft") + NO_LINK),
        ("a hard link", Entry("hard", kind=b"1", target=MANIFEST_NAME), quoted("hard") + NO_HARD_LINK),
        ("a hard link to the outside", Entry("hard", kind=b"1", target="/etc/passwd"), quoted("hard") + NO_HARD_LINK),
        ("a character device", Entry("device", kind=b"3"), quoted("device") + NO_SPECIAL),
        ("a block device", Entry("device", kind=b"4"), quoted("device") + NO_SPECIAL),
        ("a FIFO", Entry("fifo", kind=b"6"), quoted("fifo") + NO_SPECIAL),
        ("setuid", Entry("run", mode=0o4755), quoted("run") + BITS),
        ("setgid", Entry("run", mode=0o2755), quoted("run") + BITS),
        ("sticky", Entry("run", kind=b"5", mode=0o1777), quoted("run") + BITS),
        ("a name twice", Entry(MANIFEST_NAME), quoted(MANIFEST_NAME) + " is there twice"),
        ("a name twice, spelt ./", Entry("./" + MANIFEST_NAME), quoted(MANIFEST_NAME) + " is there twice"),
        ("equal after case folding", Entry("Cowork.Plugin.JSON"), '"Cowork.Plugin.JSON"' + SAME),
        ("a file beneath the manifest", Entry(MANIFEST_NAME + "/x"),
         f'"{MANIFEST_NAME}/x" lies in "{MANIFEST_NAME}", which is a file'),
    ]
    return [refused(f"tar: {what}", pack_with(entry), message) for what, entry, message in table]


def tar_rows():
    """More than one entry, or headers that contradict one another."""
    deep = "/".join("a" * 33)
    return [
        refused("tar: absolute", lambda desk: pack_with(Entry(f"{desk.home}/escaped")), '"{root}/home/escaped"' + OUTSIDE),
        refused("tar: a link, then a file written through it",
                lambda desk: pack_with(Entry("out", kind=b"2", target=str(desk.home)), Entry("out/escaped", b"x")),
                '"out"' + NO_LINK),
        refused("tar: a file, then a link of the same name",
                pack_with(Entry("out", b"x"), Entry("out", kind=b"2", target="/etc")), '"out"' + NO_LINK),
        refused("tar: names that normalise to the same",
                pack_with(Entry("caf\u00e9", b"1"), Entry("cafe\u0301", b"2")), '"cafe\u0301"' + SAME + '"caf\u00e9"'),
        refused("tar: names that fold to the same beyond ASCII",
                pack_with(Entry("STRASSE", b"1"), Entry("stra\u00dfe", b"2")), '"stra\u00dfe"' + SAME + '"STRASSE"'),
        refused("tar: directories that fold to the same, which no entry names",
                pack_with(Entry("A/x"), Entry("a/y")), '"a"' + SAME + '"A"'),
        refused("tar: ../ in a pax header", pack_with(pax(path="../x"), Entry("x")), '"../x"' + OUTSIDE),
        refused("tar: ../ in a long name of GNU's", pack_with(Entry("././@LongLink", b"../x\0", b"L"), Entry("x")),
                '"../x"' + OUTSIDE),
        refused("tar: a pax header that makes a file a hard link",
                pack_with(pax(linkpath="/etc/passwd"), Entry("x", kind=b"1")), '"x"' + NO_SPECIAL),
        refused("tar: a sparse file", pack_with(pax(GNU_sparse_major="1", GNU_sparse_minor="0",
                                                    GNU_sparse_realsize="9999999999"),
                                                Entry("x", b"1\n0\n1\n" + bytes(506) + b"x")), '"x" is a sparse file'),
        refused("tar: a checksum that is wrong", pack_with(Entry("x", checksum_off_by=1)), UNRELIABLE),
        refused("tar: a size beyond the end", pack_with(Entry("x", size=1 << 20)), UNRELIABLE),
        refused("tar: a size of 8 EiB", pack_with(Entry("x", size=1 << 62)), UNRELIABLE),
        refused("tar: a negative size", pack_with(Entry("x", size=-512)), UNRELIABLE),
        refused("tar: 33 steps deep", pack_with(Entry(deep)), f'"{deep}" lies deeper than 32 steps'),
        refused("tar: a path of 602 bytes", pack_with(pax(path="/".join(["n" * 200] * 3)), Entry("x")),
                '"{}" is longer than 512 bytes'.format("/".join(["n" * 200] * 3))),
        refused("tar: a name of 256 bytes", pack_with(pax(path="n" * 256), Entry("x")),
                '"{}" has a step of more than 255 bytes'.format("n" * 256)),
        refused("tar: ext beside ext-evil",
                tar(Entry("ext/" + MANIFEST_NAME, manifest("ext")), Entry("ext-evil/x", b"x")), NO_PACK),
        refused("tar: ext/../ext-evil", tar(Entry("ext/" + MANIFEST_NAME, manifest("ext")), Entry("ext/../ext-evil/x", b"x")),
                '"../ext-evil/x"' + OUTSIDE),
        refused("tar: without a manifest", tar(Entry("x", b"x")), NO_PACK),
        refused("tar: more behind its end", pack_with() + tar(Entry("hidden", b"x")), UNRELIABLE),
        refused("tar: without its end mark", tar(Entry(MANIFEST_NAME, manifest()), end=b""), UNRELIABLE),
        refused("tar: a manifest that is a directory", tar(Entry(MANIFEST_NAME, kind=b"5")), NO_PACK),
    ]


def bound_rows():
    zeros = bytes(40 << 20)
    rows = [
        refused("bomb: 1,000 to 1 by gzip", lambda desk: gzip(pack_with(Entry("zeros", zeros))),
                "it unpacks to more than 200 times its size", suffix="tar.gz"),
        refused("bomb: 1,000 to 1 by zip", lambda desk: zip_with(Member("zeros", zeros, method=8)),
                "it unpacks to more than 200 times its size", suffix="zip"),
        refused("bomb: zeros behind the end mark", lambda desk: gzip(pack_with() + zeros),
                "it unpacks to more than 200 times its size", suffix="tar.gz"),
        refused("bomb: a zip member that says it is small", lambda desk: zip_with(Member("zeros", zeros, method=8, size=10)),
                "it unpacks to more than 200 times its size", suffix="zip"),
        refused("bomb: packed twice", gzip(gzip(pack_with())), "it is packed by gzip more than once", suffix="tar.gz"),
        refused("bomb: 65 MiB", lambda desk: pack_with(Entry("x", bytes(65 << 20))), "it is larger than 67108864 bytes"),
        refused("100,000 entries", lambda desk: gzip(pack_with(*(Entry(str(i)) for i in range(100_000))), level=1),
                "it holds more than 10000 files and directories", suffix="tar.gz"),
        refused("10,000 pax headers before one file",
                lambda desk: gzip(pack_with(*[pax(b"g", comment="x")] * 10_000, Entry("x")), level=1),
                UNRELIABLE, suffix="tar.gz"),
        refused("a zip of 20,000 entries", lambda desk: zip_with(*(Member(str(i)) for i in range(20_000))),
                "it holds more than 10000 files and directories", suffix="zip"),
    ]
    return [dataclasses.replace(row, within_seconds=30) for row in rows]


def zip_rows():
    evil = '"good" is called "{}" where it lies in the zip file'.format
    table = [
        ("../", Member("../x"), '"../x"' + OUTSIDE),
        ("absolute", Member("/etc/cowork/x"), '"/etc/cowork/x"' + OUTSIDE),
        ("..\\", Member("..\\x"), '"../x"' + OUTSIDE),
        ("a link", Member("soft", b"/etc", 0o120777), '"soft"' + NO_LINK),
        ("a FIFO", Member("fifo", b"", 0o010644), '"fifo"' + NO_SPECIAL),
        ("a device", Member("device", b"", 0o020644), '"device"' + NO_SPECIAL),
        ("a socket", Member("socket", b"", 0o140644), '"socket"' + NO_SPECIAL),
        ("setuid", Member("run", b"", 0o104755), '"run"' + BITS),
        ("encrypted", Member("secret", b"x", flags=1), '"secret" is encrypted'),
        ("a name twice", Member(MANIFEST_NAME), f'"{MANIFEST_NAME}" is there twice'),
        ("equal after case folding", Member("COWORK.plugin.json"), '"COWORK.plugin.json"' + SAME),
        ("another name in front of the bytes", Member("good", b"x", local_path="evil"), evil("evil")),
        ("../ in front of the bytes", Member("good", b"x", local_path="../x"), evil("../x")),
        ("another name by Info-ZIP's extra field", Member("good", b"x", extra=unicode_path("good", "../x")),
         '"../x"' + OUTSIDE),
        ("another size in front of the bytes", Member("good", b"xyz", local_size=1), UNRELIABLE),
        ("another checksum", Member("good", b"x", crc=1), UNRELIABLE),
        ("an unknown method", Member("good", b"x", method=99), UNRELIABLE),
        ("two names for the same bytes", Member("twin", manifest(), offset=0), f'"twin" is called "{MANIFEST_NAME}"'),
        ("a NUL in a name", Member(b"good\0.png", b"x"), '"good\\x00.png" has a NUL in its name'),
        ("an empty name", Member("", b"x"), "it holds an entry without a name"),
    ]
    rows = [refused(f"zip: {what}", zip_with(member), message, suffix="zip") for what, member, message in table]
    good = zip_with(Member("good", b"x"))
    hidden = zip_archive(Member("hidden", b"x"))
    return rows + [
        refused("zip: a file that its directory does not know", hidden[:hidden.index(b"PK\x01\x02")] + good, UNRELIABLE,
                suffix="zip"),
        refused("zip: a second archive behind it", good + hidden, UNRELIABLE, suffix="zip"),
        refused("zip: a program in front of it", b"#!/bin/sh\n" + good, UNRELIABLE, suffix="zip"),
        refused("zip: another archive in its comment", zip_archive(Member(MANIFEST_NAME, manifest()), comment=hidden),
                UNRELIABLE, suffix="zip"),
        refused("zip: tar that begins as one", b"PK\x03\x04" + pack_with(), UNRELIABLE, suffix="zip"),
    ]


def cut(whole, step, suffix):
    """An act: the whole archive installs (a dry run), and cut at every `step` bytes it does not."""
    def act(desk):
        whole_told = install(desk, whole, "--dry-run", name=f"whole.{suffix}")
        assert whole_told.code is None, whole_told.message
        desk.probes = 0
        for size in range(0, len(whole), step):
            told = install(desk, whole[:size], name=f"a.{suffix}")
            assert told.code == "invalid-argument", f"cut at {size} of {len(whole)}: {told.code}: {told.message}"
            desk.probes += 1
        return install(desk, whole[:-1], name=f"a.{suffix}")
    return act


def cut_rows():
    content = pack_with(Entry("skills", kind=b"5"), Entry("skills/a.md", b"a"), Entry("zeros", bytes(2048)),
                        Entry("b", b"b" * 700))
    noise = b"".join(index.to_bytes(2, "big") for index in range(0, 60_000, 23))
    packed = gzip(pack_with(Entry("noise", noise)))
    members = zip_with(Member("skills/", mode=0o040755), Member("a", b"a" * 600), Member("noise", noise[:2000], method=8))
    table = [("tar", content, BLOCK), ("tar.gz", packed, BLOCK), ("zip", members, BLOCK)]
    return [Case(AREA, f"{suffix} that was cut, every {step} bytes", cut(whole, step, suffix), "invalid-argument",
                 f'"{{root}}/work/a.{suffix}": {UNRELIABLE}', within_seconds=60) for suffix, whole, step in table]


OURS = ["pack-lock.json", "pack-states.json", "policies.json", "host.json", "audit.jsonl", "state.lock", "leases.json",
        "extensions/evil/cowork.plugin.json", "org-plugins/evil/cowork.plugin.json", "config/tea.json", "native-loads/tea",
        ".staging-00000000000000000000000000000000/x", ".staging-00000000000000000000000000000000.lock"]


def install_files_named_like_ours(desk):
    """They are files of the pack, wherever the pack lies, and nothing else."""
    blocks = b'{"packs": {"blocked": ["tea"]}, "tea": false}'
    told = install(desk, pack_with(*(Entry(path,
                                           manifest("evil") if path.endswith(MANIFEST_NAME) else blocks) for path in OURS)))
    if told.code is None:
        packs, _ = desk.packs()
        assert packs.keys() == {"tea"}, packs.keys()
        assert packs["tea"]["state"] == "active" and not packs["tea"]["policyBlocked"], packs["tea"]
        assert all((desk.user / "tea" / path).read_bytes() for path in OURS)
        assert desk.run("pack", "verify", "tea").code is None
    return told


def remove_neighbour(desk):
    """`ext` is removed, `ext-evil` is not touched."""
    told = desk.run("pack", "remove", "ext", "--yes")
    assert not (desk.user / "ext").exists() and (desk.user / "ext-evil" / MANIFEST_NAME).exists()
    return told


def two_neighbours(desk):
    for name in ("ext", "ext-evil"):
        assert install(desk, pack_with(name=name), name=f"{name}.tar").code is None


def update_from_hostile(desk):
    return desk.run("pack", "update", "tea")


def installed_then_turned(desk):
    """Its archive was good when it was installed, and is not any more."""
    assert install(desk, pack_with(Entry("notes", b"old"))).code is None
    desk.write("work/a.tar", tar(Entry(MANIFEST_NAME, manifest(version="2.0.0")), Entry("../x")))


def cases():
    rows = [
        Case(AREA, "files named like ours", install_files_named_like_ours, unchanged=False),
        Case(AREA, "ext is removed beside ext-evil", remove_neighbour, arrange=two_neighbours, unchanged=False),
        Case(AREA, "an update from an archive that has turned", update_from_hostile, "invalid-argument",
             '"{root}/work/a.tar": "../x"',
             arrange=installed_then_turned),
        CoveredBy(AREA, "what the fetch program sends is checked again", "loader_fetch"),
    ]
    return [leftovers.checked(case) for case in
            entry_rows() + tar_rows() + zip_rows() + bound_rows() + cut_rows() + archive_directories.rows() + rows]
