"""Identity: names that are none, packs that take the place of others, links, libraries outside, versions."""
import json
import os
import shutil

from desk import Told, valid_pack
from frame import Case, diagnosed
from hostile_names import NAMES, VERSIONS
from serving import StdioServer

AREA = "identity"
PATTERN = "name must match ^[a-z0-9][a-z0-9_-]{0,127}$, found "
NO_LINK = "link refused: nothing of a pack may be a link"


def bad_names():
    """The name as a manifest in each tier, as a pack that is made, installed from a directory, and asked for."""
    for what, name, shown in NAMES:
        for tier in ("builtin", "organization", "user"):
            yield Case(AREA, f"{what}: a manifest of the {tier} tier", still_there(tier), "invalid-manifest", PATTERN + shown,
                       lambda desk, name=name, tier=tier: (desk.pack("builtin", "good"), desk.pack(tier, "bad", valid_pack(name))))
        yield Case(AREA, f"{what}: pack new",
                   lambda desk, name=name: StdioServer(desk).call("pluginPack:scaffold", [{"name": name, "displayName": "X"}]),
                   "invalid-argument", PATTERN + shown)
        yield Case(AREA, f"{what}: install of a directory", lambda desk: desk.run("pack", "install", desk.work / "p"),
                   "invalid-manifest", PATTERN + shown,
                   lambda desk, name=name: desk.write("work/p/cowork.plugin.json", valid_pack(name)))
        code, begins = ("not-found", "no pack is named ") if name else ("invalid-argument", "name must not be empty")
        yield Case(AREA, f"{what}: a pack that is asked for",
                   lambda desk, name=name: StdioServer(desk).call("pluginPack:toggle", [name, True]), code,
                   begins + (shown if name else ""), lambda desk: desk.pack("builtin", "good"))


def still_there(tier):
    def act(desk):
        told = desk.diagnosed((getattr(desk, tier) / "bad").relative_to(desk.root))
        packs, _ = desk.packs()
        assert list(packs) == ["good"] and packs["good"]["state"] == "active", packs
        return told
    return act


def bad_versions():
    for what, version, shown in VERSIONS:
        def arrange(desk, version=version):
            desk.pack("builtin", "good")
            desk.pack("user", "bad", valid_pack("bad", version=version))
            desk.write("work/p/cowork.plugin.json", valid_pack("bad", version=version))

        begins = f"version must be SemVer 2.0.0, found {shown}"
        yield Case(AREA, f"version, {what}", still_there("user"), "invalid-manifest", begins, arrange)
        yield Case(AREA, f"version, {what}: install", lambda desk: desk.run("pack", "install", desk.work / "p"),
                   "invalid-manifest", begins, arrange)


# A builtin pack "good" in the directory "engineering", and one of a lower tier that takes one of the two ids.
TAKEN = [("its name", "x", "good"), ("its alias as name", "x", "engineering"), ("its name as directory", "good", "x"),
         ("its alias as directory", "engineering", "x"), ("both", "engineering", "good")]
POLICIES = {
    "no policy": None, "the winner is blocked": {"packs": {"blocked": ["good"]}},
    "the winner is not allowed": {"packs": {"allowed": ["other"]}}, "the policy can't be read": "{",
}


def shadowed():
    for tier in ("organization", "user"):
        for what, directory, name in TAKEN:
            for state, policy in POLICIES.items():
                def arrange(desk, tier=tier, directory=directory, name=name, policy=policy):
                    desk.pack("builtin", "engineering", valid_pack("good"))
                    desk.pack(tier, directory, valid_pack(name))
                    if policy is not None:
                        desk.policy(policy)
                        desk.packs()  # the last good copy is made by a read

                def act(desk, tier=tier, directory=directory, policy=policy):
                    packs, _ = desk.packs()
                    assert list(packs) == ["good"] and packs["good"]["scope"] == "builtin", packs
                    assert packs["good"]["state"] == ("active" if policy is None else "disabled"), packs
                    context = desk.run("pack", "context").document["context"]
                    assert [skill["packName"] for skill in context["skills"]] == ([] if policy else ["good"]), context
                    return desk.diagnosed((getattr(desk, tier) / directory).relative_to(desk.root))

                yield Case(AREA, f"{tier} pack with {what}, {state}", act, "shadowed", f'pack "{name}" in directory "{directory}"'
                           ' is shadowed: "', arrange)


def unreadable_tiers():
    """Whose tier can't be read: the packs below it stay out, in a process that never read it and in one that has."""
    def spoilt(desk):
        shutil.move(desk.builtin, desk.work / "gone")
        desk.builtin.write_text("no directory")

    def arrange(desk):
        desk.pack("builtin", "engineering", valid_pack("good"))
        desk.pack("user", "good")
        desk.pack("user", "mine")

    def cold(desk):
        packs, _ = desk.packs()
        assert {name: pack["state"] for name, pack in packs.items()} == {"good": "error", "mine": "error"}, packs
        return desk.diagnosed("builtin")

    def warm(desk):
        server = StdioServer(desk)
        before = {pack["name"]: pack for pack in server.call("pluginPack:list").document}
        assert before["good"]["scope"] == "builtin" and before["mine"]["state"] == "active", before
        spoilt(desk)
        server.call("host:rescan")
        packs = {pack["name"]: pack for pack in server.call("pluginPack:list").document}
        assert "good" not in packs or packs["good"]["scope"] == "builtin", packs
        told = next(told for told in server.call("host:status").document["diagnostics"] if told["path"] == str(desk.builtin))
        return Told(told["code"], told["message"], told)

    yield Case(AREA, "the winner's tier can't be read, at a cold start", cold, "tier-unreadable", '"{root}/builtin" is no directory',
               lambda desk: (arrange(desk), spoilt(desk)))
    yield Case(AREA, "the winner's tier can't be read any more", warm, "tier-unreadable", '"{root}/builtin" is no directory',
               arrange, unchanged=False)


def links():
    def linked_directory(desk):
        desk.pack("builtin", "good")
        desk.write("work/outside/cowork.plugin.json", valid_pack("bad"))
        (desk.user / "bad").symlink_to(desk.work / "outside")

    def within(desk):
        desk.pack("builtin", "good")
        desk.write("home/extensions/.hidden/cowork.plugin.json", valid_pack("bad"))
        (desk.user / "bad").symlink_to(".hidden")

    def dangling(desk):
        desk.pack("builtin", "good")
        (desk.user / "bad").symlink_to("nowhere")

    def library(desk):
        desk.pack("builtin", "good")
        desk.pack("user", "bad", valid_pack("bad", main="lib/x.so"))
        desk.write("work/x.so", b"\x7fELF")
        (desk.user / "bad" / "lib").mkdir()
        (desk.user / "bad" / "lib" / "x.so").symlink_to(desk.work / "x.so")

    def library_directory(desk):
        desk.pack("builtin", "good")
        desk.pack("user", "bad", valid_pack("bad", main="lib/x.so"))
        desk.write("work/lib/x.so", b"\x7fELF")
        (desk.user / "bad" / "lib").symlink_to(desk.work / "lib")

    def skill(desk):
        desk.pack("builtin", "good")
        desk.pack("user", "bad", valid_pack("bad", skillDirectories=[{"id": "d", "path": "skills/d"}]))
        (desk.user / "bad" / "skills").mkdir()
        desk.write("work/d/SKILL.md", "---\nname: d\n---\nsecret")
        (desk.user / "bad" / "skills" / "d").symlink_to(desk.work / "d")

    for what, arrange in (("a linked directory", linked_directory), ("a linked directory of the same tier", within),
                          ("a dangling link", dangling), ("a linked library", library),
                          ("a library in a linked directory", library_directory), ("a linked directory of a skill", skill)):
        yield Case(AREA, what, still_there("user"), "link-refused", NO_LINK, arrange)


MAINS = [("../../x.so", 'main must stay inside the pack, found "../../x.so"'),
         ("lib/../../x.so", 'main must stay inside the pack, found "lib/../../x.so"'),
         ("/lib/x86_64-linux-gnu/libc.so.6", "main must be relative, found "),
         ("..\\..\\x.dll", 'main must be separated by "/", not by a backslash, found '),
         ("./x.so", 'main must have no empty step and no "." step, found "./x.so"'),
         ("", "main must not be empty"),
         ("x\x1b[2J.so", r'main must hold no control characters, found "x\x1b[2J.so"')]


def mains():
    for main, begins in MAINS:
        yield Case(AREA, f"main: {main!r}", still_there("user"), "invalid-manifest", begins,
                   lambda desk, main=main: (desk.pack("builtin", "good"), desk.pack("user", "bad", valid_pack("bad", main=main))))


# Names of directories that a terminal could not show. A user pack in one is out.
DIRECTORIES = [("an ANSI escape", "a\x1b[31m"), ("a zero-width space", "ev\u200bil"), ("a bidi override", "a\u202eb"),
               ("a line feed", "a\n"), ("bytes that are not UTF-8", b"a\xff")]


def directories():
    for what, name in DIRECTORIES:
        def arrange(desk, name=name):
            desk.pack("builtin", "good")
            where = os.path.join(os.fsencode(desk.user), os.fsencode(name))
            os.mkdir(where)
            with open(os.path.join(where, b"cowork.plugin.json"), "w") as manifest:
                json.dump(valid_pack("bad"), manifest)

        def act(desk):
            packs, diagnostics = desk.packs()
            assert list(packs) == ["good"], packs
            told = [told for told in diagnostics if told["path"].startswith(str(desk.user))]
            assert len(told) == 1, diagnostics
            return Told(told[0]["code"], told[0]["message"], told[0])

        yield Case(AREA, f"directory's name: {what}", act, "invalid-name",
                   "a name must be UTF-8 without control and invisible characters", arrange)


def installs_over():
    """A pack that is installed under an id of a higher tier would never be seen: nothing is left behind."""
    def arrange(desk):
        desk.pack("builtin", "engineering", valid_pack("good"))
        for name in ("good", "engineering"):
            desk.write(f"work/{name}/cowork.plugin.json", valid_pack(name))

    for what, name in (("name", "good"), ("alias", "engineering")):
        begins = f'the name "{name}" belongs to a builtin or organization pack'
        yield Case(AREA, f"install of a builtin pack's {what}",
                   lambda desk, name=name: desk.run("pack", "install", desk.work / name), "conflict", begins, arrange)
        yield Case(AREA, f"pack new with a builtin pack's {what}", lambda desk, name=name: desk.run("pack", "new", name),
                   "conflict", begins, arrange)


def cases():
    return [*bad_names(), *bad_versions(), *shadowed(), *unreadable_tiers(), *links(), *mains(), *directories(),
            *installs_over()]
