"""The machine's own files, in a view of /etc that this process alone has.

The program has /etc/cowork compiled in. `enter()` gives this process and what it starts an /etc in which that directory
can be written; it takes root and a system that lets it mount. Without it the cases of the machine layer are not run.
"""
import ctypes
import os
import pathlib
import shutil
import tempfile

DIRECTORY = pathlib.Path("/etc/cowork")
CLONE_NEWNS, MS_REC, MS_PRIVATE, MNT_DETACH = 0x20000, 0x4000, 0x40000, 2

_entered = False
_obstacle = "the view of /etc was not entered"


def enter():
    """Once, at the start, while there is one thread."""
    global _entered, _obstacle
    if os.geteuid() != 0:
        _obstacle = "needs root: the machine layer stands in /etc/cowork"
        return
    library = ctypes.CDLL(None, use_errno=True)
    base = tempfile.mkdtemp(prefix="cowork-etc-")
    # The upper layer of an overlay can't lie on another overlay, which a container's /tmp may be.
    layers = f"lowerdir=/etc,upperdir={base}/upper,workdir={base}/work"
    done = (library.unshare(CLONE_NEWNS) == 0
            and library.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) == 0
            and library.mount(b"tmpfs", base.encode(), b"tmpfs", 0, b"mode=0755") == 0)
    if done:
        for name in ("upper", "work"):
            os.mkdir(os.path.join(base, name))
        done = library.mount(b"overlay", b"/etc", b"overlay", 0, layers.encode()) == 0
        library.umount2(base.encode(), MNT_DETACH)
    os.rmdir(base)
    _entered = done
    _obstacle = "" if done else "this system mounts nothing in a namespace of its own"
    if done:
        shutil.rmtree(DIRECTORY, ignore_errors=True)


def obstacle():
    """Why this process can't have the machine layer; empty when it can. For the `needs` of a case."""
    return _obstacle


def write(name, content, mode=0o644):
    assert _entered, _obstacle
    DIRECTORY.mkdir(mode=0o755, exist_ok=True)
    path = DIRECTORY / name
    if path.is_symlink() or path.is_file():
        path.unlink()
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def clear():
    if _entered:
        shutil.rmtree(DIRECTORY, ignore_errors=True)


def tree(described):
    """The files of the machine layer, as Desk.tree() tells them."""
    if not _entered or not DIRECTORY.is_dir():
        return {}
    paths = [DIRECTORY, *DIRECTORY.rglob("*")]
    return {str(path): told for path in paths if (told := described(path)) is not None}
