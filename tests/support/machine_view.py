"""The machine's own files as a test's programs see them: machine_view.h, for tests in Python."""
import ctypes
import os
import shutil
import tempfile

CLONE_NEWNS, MS_REC, MS_PRIVATE, MNT_DETACH = 0x20000, 0x4000, 0x40000, 2


def own_view_of_etc():
    """Gives this process, and what it starts from now on, a view of /etc of its own, without /etc/cowork. Why it can't, or
    an empty text. Once, while there is one thread."""
    if os.geteuid() != 0:
        return "needs root: the machine layer stands in /etc/cowork"
    library = ctypes.CDLL(None, use_errno=True)
    base = tempfile.mkdtemp(prefix="cowork-etc-")
    layers = f"lowerdir=/etc,upperdir={base}/upper,workdir={base}/work"
    # The upper layer of an overlay can't lie on another overlay, which a container's /tmp may be.
    covered = (library.unshare(CLONE_NEWNS) == 0
               and library.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) == 0
               and library.mount(b"tmpfs", base.encode(), b"tmpfs", 0, b"mode=0755") == 0)
    if covered:
        for name in ("upper", "work"):
            os.mkdir(os.path.join(base, name))
        covered = library.mount(b"overlay", b"/etc", b"overlay", 0, layers.encode()) == 0
        library.umount2(base.encode(), MNT_DETACH)
    os.rmdir(base)
    if not covered:
        return "this system mounts nothing in a namespace of its own"
    shutil.rmtree("/etc/cowork", ignore_errors=True)
    return ""
