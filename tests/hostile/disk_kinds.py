"""Rows of homes and files of the wrong kind: refused, or set aside and told; never written through, never waited for."""
import os
import shutil
import stat

from desk import Told, valid_pack
from disk_desk import AREA, NO_TRAIL, UNAVAILABLE, run, set_out, states
from frame import Case

KINDS = {
    "a directory": lambda desk, where: (where.mkdir(), (where / "kept").write_text("x")),
    "a FIFO": lambda desk, where: os.mkfifo(where),
    "a link": lambda desk, where: ((desk.work / "target").write_text("{}"), where.symlink_to(desk.work / "target")),
    "a link that leads nowhere": lambda desk, where: where.symlink_to(desk.work / "nowhere"),
}
if os.geteuid() == 0:
    KINDS["a device"] = lambda desk, where: os.mknod(where, stat.S_IFCHR | 0o666, os.makedev(1, 3))


def not_written_through(desk):
    assert not (desk.work / "nowhere").exists(), "written where a link led"
    target = desk.work / "target"
    assert not target.exists() or target.read_text() == "{}", "written through a link"


def of_kind(name, kind, last_good=True):
    def arrange(desk):
        set_out(desk)
        if not last_good:
            (desk.home / (name + ".last-good")).unlink()
        where = desk.home / name
        if where.is_dir():
            shutil.rmtree(where)
        else:
            where.unlink(missing_ok=True)
        KINDS[kind](desk, where)
    return arrange


def kind_words(kind):
    return "is a link; links are not followed here" if "link" in kind else "is no regular file"


def kind_rows():
    """What stands where a file of ours should: refused, or set aside and told; never written through, never waited for."""
    rows = []

    def row(name, kind, act, code, message, **options):
        def checked(desk):
            told = act(desk)
            not_written_through(desk)
            return told
        rows.append(Case(AREA, f"{name} is {kind}: {options.pop('what', 'toggle')}", checked, code, message,
                         within_seconds=3, **({"arrange": of_kind(name, kind)} | options)))

    def operated(operation):
        return lambda desk: run(desk, operation)

    def told_of(code):
        def act(desk):
            found = states(desk)
            assert found[0]["off"] == "disabled", found
            first = [one for one in found[1] if one["code"] == code]
            assert first, found
            return Told(code, first[0]["message"])
        return act
    for kind in KINDS:
        words = kind_words(kind)
        row("policies.json", kind, told_of("invalid-policy"), "invalid-policy", f'"{{root}}/home/policies.json" {words}',
            what="list",
            arrange=of_kind("policies.json", kind, last_good=False))
        row("policies.json", kind, operated("toggle"), "policy-unavailable", UNAVAILABLE,
            arrange=of_kind("policies.json", kind, last_good=False))
        row("audit.jsonl", kind, operated("toggle"), "io", f'{NO_TRAIL}"{{root}}/home/audit.jsonl" {words}')
        row("audit.jsonl.lock", kind, operated("toggle"), "io", f'{NO_TRAIL}"{{root}}/home/audit.jsonl.lock" {words}')
        row("state.lock", kind, operated("toggle"), "invalid-argument", f'"{{root}}/home/state.lock" {words}')
        row("pack-states.json.lock", kind, operated("toggle"), "invalid-argument",
            f'"{{root}}/home/pack-states.json.lock" {words}')
        row("pack-lock.json.lock", kind, operated("install"), "invalid-argument",
            f'"{{root}}/home/pack-lock.json.lock" {words}',
            what="install")
        row("host.json", kind, told_of("invalid-settings"), "invalid-settings", f'"{{root}}/home/host.json" {words}',
            what="list")
        row("pack-states.json", kind, told_of("state-corrupt"), "state-corrupt",
            f'pack-states.json is corrupt: "{{root}}/home/pack-states.json" {words}; it was moved to pack-states.json.corrupt-',
            what="list", unchanged=False)
        row("pack-lock.json", kind, told_of("state-corrupt"), "state-corrupt",
            f'pack-lock.json is corrupt: "{{root}}/home/pack-lock.json" {words}; it was moved to pack-lock.json.corrupt-',
            what="list", unchanged=False)
        row("leases.json", kind, operated("agent"), None, "", what="agent", unchanged=False)
        if kind != "a directory":
            ends = "is a link that leads nowhere" if kind == "a link that leads nowhere" else "is no directory"
            row("extensions", kind, operated("install"), "invalid-argument", f'"{{root}}/home/extensions" {ends}',
                what="install")
            row("extensions", kind, told_of("tier-unreadable"), "tier-unreadable", f'"{{root}}/home/extensions" {ends}',
                what="list")
    return rows


def bad_home(make):
    def arrange(desk):
        desk.pack("builtin", "tea")
        desk.write("work/source/cowork.plugin.json", valid_pack("fresh"))
        shutil.rmtree(desk.home)
        make(desk)
    return arrange


def home_rows():
    table = [("a file", lambda desk: desk.home.write_text("x")),
             ("a link that leads nowhere", lambda desk: desk.home.symlink_to(desk.root / "x")),
             ("a FIFO", lambda desk: os.mkfifo(desk.home)), ("a link to a file", lambda desk: link_home(desk, file=True))]
    rows = [Case(AREA, f"home is {name}: {operation}", lambda desk, operation=operation: run(desk, operation),
                 "policy-unavailable",
                 UNAVAILABLE, arrange=bad_home(make), within_seconds=3) for name,
            make in table for operation in ("toggle", "install")]

    def through_link(desk):
        for operation in ("toggle", "install", "policy"):
            told = run(desk, operation)
            assert told.code is None, told
        assert (desk.root / "real" / "extensions" / "fresh").is_dir() and desk.home.is_symlink()
        return told
    return rows + [Case(AREA, "home is a link to a directory", through_link, arrange=bad_home(link_home), unchanged=False)]


def link_home(desk, file=False):
    real = desk.root / "real"
    real.write_text("x") if file else real.mkdir()
    desk.home.symlink_to(real)
