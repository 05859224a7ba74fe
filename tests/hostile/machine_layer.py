"""The machine's own files, in a view of /etc that this process alone has.

The program has /etc/cowork compiled in. `enter()` gives this process and what it starts an /etc in which that directory
can be written; it takes root and a system that lets it mount. Without it the cases of the machine layer are not run.
"""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import machine_view  # noqa: E402: found by the line before

DIRECTORY = pathlib.Path("/etc/cowork")
_obstacle = "the view of /etc was not entered"


def enter():
    """Once, at the start, while there is one thread."""
    global _obstacle
    _obstacle = machine_view.own_view_of_etc()


def obstacle():
    """Why this process can't have the machine layer; empty when it can. For the `needs` of a case."""
    return _obstacle


def write(name, content, mode=0o644):
    assert not _obstacle, _obstacle
    DIRECTORY.mkdir(mode=0o755, exist_ok=True)
    path = DIRECTORY / name
    if path.is_symlink() or path.is_file():
        path.unlink()
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def clear():
    if not _obstacle:
        shutil.rmtree(DIRECTORY, ignore_errors=True)


def tree(described):
    """The files of the machine layer, as Desk.tree() tells them."""
    if _obstacle or not DIRECTORY.is_dir():
        return {}
    paths = [DIRECTORY, *DIRECTORY.rglob("*")]
    return {str(path): told for path in paths if (told := described(path)) is not None}
