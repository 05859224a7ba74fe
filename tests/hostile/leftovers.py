"""What no operation may leave behind: processes that outlive it, and staging that nobody swept.

This process takes over the orphans of what it starts, so that whoever lives on after the program has ended is its child.
"""
import ctypes
import dataclasses
import os
import pathlib

from desk import wait_until

PR_SET_CHILD_SUBREAPER = 36
DEATH_SECONDS = 5  # how long it may take until the kernel has ended who was killed

assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
_known = set()


def known(process):
    """`process` was started by the suite itself and may live on."""
    _known.add(process.pid)
    return process


def children():
    """{pid: what it runs} of this process's children but those that are known; those that have ended are reaped."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in _known:
            continue
        try:
            name, state, parent = stat_of(entry)
            if parent != os.getpid():
                continue
            if state == "Z":
                os.waitpid(int(entry.name), os.WNOHANG)
            else:
                found[int(entry.name)] = f"{name} {(entry / 'cmdline').read_bytes()!r}"
        except (FileNotFoundError, ProcessLookupError, ChildProcessError):
            continue
    return found


def stat_of(process):
    """Name, state and parent; the name may hold anything."""
    before, _, after = (process / "stat").read_text(errors="replace").rpartition(")")
    fields = after.split()
    return before.partition("(")[2], fields[0], int(fields[1])


def wait_for_none(desk):
    """Nobody lives on, but for what the case has started itself."""
    mine = {server.process.pid for server in desk.running if hasattr(server, "process")}

    def others():
        return {pid: told for pid, told in children().items() if pid not in mine}
    try:
        wait_until(lambda: not others(), DEATH_SECONDS, "")
    except AssertionError:
        raise AssertionError(f"processes that live on: {others()}") from None


def check(desk):
    """Neither processes nor staging are left."""
    wait_for_none(desk)
    staging = [str(path) for path in desk.user.glob(".staging*")]
    assert not staging, f"staging that was left: {staging}"


def checked(case):
    """The case, whose act leaves nothing behind."""
    def act(desk):
        told = case.act(desk)
        check(desk)
        return told
    return dataclasses.replace(case, act=act) if hasattr(case, "act") else case
