"""Disks and homes as they should not be: read-only, full, of the wrong kind, out of descriptors, for somebody else's eyes."""
import ctypes
import json
import os
import resource
import shutil
import subprocess

import leftovers
import machine_layer
from desk import Told, differences, is_sanitized, valid_pack, wait_until
from disk_desk import AREA, run, set_out, states
from disk_kinds import home_rows, kind_rows
from frame import Case, CoveredBy, NotRun
from serving import StdioServer

MS_RDONLY, MS_REMOUNT, MS_BIND, MNT_DETACH = 1, 32, 4096, 2
PAGE = 4096


# Mounts.
class Mount:
    """At `where` until the desk is closed. Throws where this system does not let us."""

    def __init__(self, desk, where, kind, options=b"", flags=0, source=None):
        self.where = os.fsencode(where)
        self._mount(os.fsencode(source) if source else kind, kind, flags, options)
        desk.running.append(self)

    def _mount(self, source, kind, flags, options):
        library = ctypes.CDLL(None, use_errno=True)
        if library.mount(source, self.where, kind, flags, options) != 0:
            raise OSError(ctypes.get_errno(), f"mount {self.where!r}")

    def read_only(self):
        self._mount(None, None, MS_REMOUNT | MS_BIND | MS_RDONLY, None)

    def stop(self):
        ctypes.CDLL(None).umount2(self.where, MNT_DETACH)
        return []


def read_only_home(desk):
    set_out(desk)
    Mount(desk, desk.home, b"none", flags=MS_BIND, source=desk.home).read_only()


def small_home(desk, pages=64):
    """On a disk of its own, of so many pages."""
    shutil.rmtree(desk.home)
    desk.home.mkdir()
    Mount(desk, desk.home, b"tmpfs", b"size=%d,mode=0755" % (pages * PAGE))
    desk.user.mkdir()
    desk.organization.mkdir()


def fill(desk, left):
    """All but `left` pages of the disk."""
    room = os.statvfs(desk.home)
    with open(desk.home / "filler", "wb") as filler:
        filler.write(bytes((room.f_bfree - left) * PAGE))
    assert os.statvfs(desk.home).f_bfree == left


def full_home(desk):
    small_home(desk)
    set_out(desk)
    fill(desk, 0)


def filled_at_every_page(operation):
    """An act: with more and more pages left, until it succeeds; failed means unchanged, and done means done."""
    def act(desk):
        small_home(desk)
        set_out(desk)
        desk.probes = 0
        for left in range(40):
            fill(desk, left)
            before, had = desk.tree(), (desk.user / "fresh").exists()
            told = run(desk, operation)
            if told.code is None:
                break
            assert told.code == "io", f"{left} pages left: {told}"
            changed = differences(before, desk.tree())
            assert not changed, f"{left} pages left: changed: {changed}"
            assert not had and states(desk)[0]["tea"] == "active"
            (desk.home / "filler").unlink()
            desk.probes += 1
        assert told.code is None and desk.probes, told
        done = {"toggle": lambda: states(desk)[0]["tea"] == "disabled", "install": lambda: (desk.user / "fresh").exists(),
                "policy": lambda: "tea" in (desk.home / "policies.json").read_text()}
        assert done[operation](), "it says that it is done, and it is not"
        (desk.home / "filler").unlink()
        assert states(desk)[1] == [], states(desk)[1]
        return told
    return Case(AREA, f"full: {operation}, from the first to the last page", act, unchanged=False, within_seconds=60,
                needs=machine_layer.obstacle)


def mount_rows():
    def row(name, arrange, operation, message):
        return Case(AREA, f"{name}: {operation}", lambda desk: run(desk, operation), "io", message, arrange=arrange,
                    needs=machine_layer.obstacle)
    locked = 'cannot lock "{root}/home/'
    return [row("read-only home", read_only_home, "toggle", locked + 'state.lock": Read-only file system'),
            row("read-only home", read_only_home, "policy", locked + 'state.lock": Read-only file system'),
            row("read-only home", read_only_home, "install", locked + "extensions/.staging-"),
            row("read-only home", read_only_home, "new", locked + "extensions/.staging-"),
            row("read-only home", read_only_home, "agent", 'cannot '),
            row("full home", full_home, "toggle", 'cannot replace "{root}/home/pack-states.json": No space left'),
            row("full home", full_home, "policy", 'cannot replace "{root}/home/policies.json": No space left'),
            row("full home", full_home, "install", 'cannot write "{root}/home/extensions/.staging-'),
            row("full home", full_home, "agent", 'cannot replace "{root}/home/leases.json": No space left'),
            Case(AREA, "read-only home: it can be read", lambda desk: read_as_ever(desk), arrange=read_only_home,
                 needs=machine_layer.obstacle),
            *[filled_at_every_page(operation) for operation in ("toggle", "policy", "install")]]


def read_as_ever(desk):
    found, diagnostics = states(desk)
    assert found == {"tea": "active", "off": "disabled", "evil": "disabled"} and not diagnostics, (found, diagnostics)
    return desk.run("pack", "list")


# Descriptors.
def content_with_few(desk):
    """An environment. UBSan reads virtual tables through a pipe, and takes every object for another's where it gets none;
    LeakSanitizer can't look at threads."""
    suppressions = desk.write("work/suppressions", "vptr:*\n")
    return {"UBSAN_OPTIONS": f"{os.environ.get('UBSAN_OPTIONS', '')}:suppressions={suppressions}",
            "ASAN_OPTIONS": f"{os.environ.get('ASAN_OPTIONS', '')}:detect_leaks=0"}


def limited(desk, count):
    return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count)), "environment": content_with_few(desk)}


def out_of_descriptors(operation):
    """An act: with more and more descriptors until it succeeds; before that all is as it was."""
    def act(desk):
        set_out(desk)
        before, desk.probes = desk.tree(), 0
        for count in range(5, 64):
            told = run(desk, operation, **limited(desk, count))
            if told.code is None:
                break
            assert told.code in ("io", "policy-unavailable"), f"{count} descriptors: {told}"
            changed = differences(before, desk.tree())
            assert not changed, f"{count} descriptors: changed: {changed}"
            desk.probes += 1
        assert told.code is None and desk.probes, told
        return told
    return Case(AREA, f"out of descriptors: {operation}", act, unchanged=False, within_seconds=30)


def list_out_of_descriptors(desk):
    """Whatever can't be read: nothing that is switched off or blocked comes on, and nothing is moved aside."""
    desk.probes = 0
    for count in range(5, 24):
        found, _ = states(desk, **limited(desk, count))
        assert found.get("off") != "active" and found.get("evil") != "active", f"{count} descriptors: {found}"
        desk.probes += 1
    read_as_ever(desk)
    return desk.run("pack", "list")


def served_out_of_descriptors(desk):
    """A host that has no descriptors left says so, and goes on when it has some again."""
    host = StdioServer(desk, environment=content_with_few(desk))
    assert host.call("pluginPack:list").code is None
    resource.prlimit(host.process.pid, resource.RLIMIT_NOFILE, (3, 4096))
    refused = host.call("pluginPack:toggle", ["tea", False])
    assert refused.code is not None, "it toggles without descriptors"
    blocked = [pack for pack in host.call("pluginPack:list").document if pack["name"] in ("evil",
                                                                                          "off") and pack["state"] == "active"]
    assert not blocked, blocked
    resource.prlimit(host.process.pid, resource.RLIMIT_NOFILE, (4096, 4096))
    wait_until(lambda: host.call("pluginPack:toggle", ["tea", False]).code is None, 5, "the toggle")
    told = host.call("pluginPack:toggle", ["tea", True])
    return Told(refused.code, refused.message) if told.code is None else told


# Somebody else's eyes.
NOBODY = 65534


def as_nobody(desk, *arguments):
    """Runs the program as a user who is not root, whoever runs the tests."""
    other = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        return desk.run(*arguments, **other)
    except PermissionError as why:
        raise NotRun(f"other users can't run the program where it lies: {why}") from why


def unreadable(where):
    """All of the desk is this user's, but for one directory."""
    def arrange(desk):
        desk.pack("builtin", "tea")
        desk.pack("user", "mine")
        desk.write("work/source/cowork.plugin.json", valid_pack("fresh"))
        if os.geteuid() == 0:
            for directory, names, files in os.walk(desk.root):
                for name in [".", *names, *files]:
                    os.chown(os.path.join(directory, name), NOBODY, NOBODY)
        (desk.root / where).chmod(0)
    return arrange


def unreadable_tier(desk):
    document = as_nobody(desk, "pack", "list").document
    found = {pack["name"]: pack["state"] for pack in document["packs"]}
    assert found == {"mine": "error"}, found
    told = [one for one in document["diagnostics"] if one["code"] == "tier-unreadable"]
    return Told(told[0]["code"], told[0]["message"]) if told else Told(None)


def unreadable_file(name, *, code, message):
    def arrange(desk):
        unreadable("work")(desk)
        desk.work.chmod(0o755)
        blocks, toggles = '{"packs": {"blocked": ["tea"]}}', '{"packs": {"tea": false}}'
        (desk.home / name).write_text(blocks if name == "policies.json" else toggles)
        (desk.home / name).chmod(0)

    def act(desk):
        document = as_nobody(desk, "pack", "list").document
        found = {pack["name"]: (pack["state"], pack["policyBlocked"]) for pack in document["packs"]}
        assert found["mine"][0] != "active" and (name != "policies.json" or found["tea"] == ("disabled", True)), found
        told = [one for one in document["diagnostics"] if one["code"] == code]
        return Told(told[0]["code"], told[0]["message"]) if told else Told(None, str(document["diagnostics"]))
    return Case(AREA, f"{name} that can't be read", act, code, message, arrange=arrange)


def other_rows():
    return [
        Case(AREA, "builtin tier that can't be read", unreadable_tier, "tier-unreadable", 'cannot open "{root}/builtin"',
             arrange=unreadable("builtin")),
        Case(AREA, "home that can't be written", lambda desk: as_nobody(desk, "pack", "install", desk.work / "source"), "io",
             "cannot ",
             arrange=lambda desk: (unreadable("home/org-plugins")(desk), desk.home.chmod(0o555), desk.user.chmod(0o555))),
        unreadable_file("policies.json", code="invalid-policy",
                        message='cannot read "{root}/home/policies.json": Permission denied'),
        unreadable_file("pack-states.json", code="state-unreadable",
                        message='cannot read "{root}/home/pack-states.json": Permission denied'),
    ]


# What other suites of this build sweep, with figures of their own.
def swept(name, *tests, sanitized=False):
    """`sanitized`: builds with sanitizers have these tests too."""
    def act(desk):
        if is_sanitized(desk.program) and not sanitized:
            raise NotRun("builds with sanitizers have no such tests")
        build = desk.program.parents[2]
        if not (build / "CTestTestfile.cmake").exists():
            raise NotRun("the program does not lie in its build directory")
        shown = subprocess.run(["ctest", "--show-only=json-v1", "--label-regex", "^hostile$"], cwd=build, capture_output=True,
                               check=True)
        found = {test["name"] for test in json.loads(shown.stdout)["tests"]}
        assert found >= set(tests), f"no tests of this build: {set(tests) - found}"
        return Told(None)
    return Case(AREA, f"a suite of its own: {name}", act)


def sweep_rows():
    return [
        swept("a disk that loses what was not synced", "faults_power", sanitized=True),
        swept("EIO, ENOSPC, EINTR, short write and SIGKILL at every system call", "faults_save", "faults_install",
              "faults_update", "faults_uninstall"),
        swept("SIGKILL at any moment", "faults_kills"), swept("eight processes with 1,000 toggles each", "faults_toggles")]


def cases():
    rows = [
        *[out_of_descriptors(operation) for operation in ("toggle", "policy", "install", "agent")],
        Case(AREA, "out of descriptors: list", list_out_of_descriptors, arrange=set_out),
        Case(AREA, "out of descriptors: a served host", served_out_of_descriptors, "io", "cannot ", arrange=set_out,
             unchanged=False),
        CoveredBy(AREA, "EIO, ENOSPC, EINTR and short writes at the disk's own system calls", "ports_faults",
                  "a change whose system call fails is reported and leaves the disk as it was"),
        CoveredBy(AREA, "SIGKILL at every step of an update", "flow_killed",
                  "killed at any step of an update: the old pack or the new one, whole"),
    ]
    return [leftovers.checked(case) for case in mount_rows() + home_rows() + kind_rows() + other_rows() + sweep_rows() + rows]
