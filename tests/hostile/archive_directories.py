"""What archives try, as directories of this machine that packs are installed from."""
import os
import socket
import stat

from archive_packs import AREA, MANIFEST_NAME, NO_LINK, NO_SPECIAL, SAME, manifest
from frame import Case


def directory_with(desk, make):
    """A directory to install from, in which `make` puts what no pack may hold."""
    where = desk.work / "pack"
    where.mkdir()
    (where / MANIFEST_NAME).write_bytes(manifest())
    make(desk, where)
    return where


def bind_socket(_, where):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(where / "socket"))


def two_spellings(_, where):
    for name in ("caf\u00e9", "cafe\u0301"):
        (where / name).write_text("x")


def link_manifest(desk, where):
    (where / MANIFEST_NAME).rename(desk.work / "manifest")
    (where / MANIFEST_NAME).symlink_to(desk.work / "manifest")


def setuid_file(_, where):
    (where / "run").write_text("x")
    (where / "run").chmod(0o4755)


def directory_rows():
    """What the archives try, as a directory of this machine."""
    table = [
        ("a link to the outside", lambda desk, where: (where / "soft").symlink_to("/etc"), 'soft"' + NO_LINK),
        ("a linked manifest", link_manifest, MANIFEST_NAME + '"' + NO_LINK),
        ("a FIFO", lambda desk, where: os.mkfifo(where / "fifo"), 'fifo"' + NO_SPECIAL),
        ("a FIFO as manifest", lambda desk, where: ((where / MANIFEST_NAME).unlink(), os.mkfifo(where / MANIFEST_NAME)),
         MANIFEST_NAME + '"' + NO_SPECIAL),
        ("a socket", bind_socket, 'socket"' + NO_SPECIAL),
        ("names that normalise to the same", two_spellings, 'caf\u00e9"' + SAME),
        (".git below its root", lambda desk, where: (where / "a" / ".git").mkdir(parents=True),
         'a/.git" has a step named .git'),
        ("a name that is no UTF-8", lambda desk, where: open(os.fsencode(where) + b"/a\xff", "wb").close(),
         'a\\xff" is no valid UTF-8'),
        ("a link to the home", lambda desk, where: (where / "home").symlink_to(desk.home), 'home"' + NO_LINK),
    ]
    if os.geteuid() == 0:
        table.append(("a device", lambda desk, where: os.mknod(where / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3)),
                      'null"' + NO_SPECIAL))
    return [Case(AREA, f"directory: {what}", lambda desk: desk.run("pack", "install", desk.work / "pack"), "invalid-argument",
                 '"{root}/work/pack/' + begins, arrange=lambda desk, make=make: directory_with(desk, make)) for what, make,
            begins in table]


def install_without_marks(desk):
    """Neither a directory .git nor a setuid bit of the source gets into the tier."""
    told = desk.run("pack", "install", desk.work / "pack")
    if told.code is None:
        assert stat.S_IMODE((desk.user / "tea" / "run").stat().st_mode) == 0o755
        assert not (desk.user / "tea" / ".git").exists()
    return told


def marks(_, where):
    setuid_file(_, where)
    (where / ".git").mkdir()
    (where / ".git" / "config").write_text("[core]")


def rows():
    return directory_rows() + [
        Case(AREA, "directory: setuid and .git stay outside", install_without_marks,
             arrange=lambda desk: directory_with(desk, marks), unchanged=False)]
