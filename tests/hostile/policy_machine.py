"""The machine's policy: files that can't be trusted, and what users do against one that holds. Needs the machine's own files."""
import os

import machine_layer
from desk import Told, valid_pack
from frame import Case, command
from policy_desk import MUTATIONS, UNAVAILABLE, call, nothing_works, tiers

AREA = "policy"
REQUIRED = {"packs": {"required": ["alpha"]}}
NOBODY = 65534


def machine_files():
    """A machine's file that can't be trusted or read."""
    valid = {"packs": {"required": ["alpha"]}}

    def linked(desk):
        desk.machine(valid)
        place = machine_layer.DIRECTORY / "policies.json"
        place.unlink()
        place.symlink_to(desk.write("work/linked.json", valid))

    def directory(desk):
        desk.machine(valid).unlink()
        (machine_layer.DIRECTORY / "policies.json").mkdir()

    rows = {
        "empty": lambda desk: desk.machine(""), "no JSON": lambda desk: desk.machine("{"),
        "of another owner": lambda desk: os.chown(desk.machine(valid), NOBODY, NOBODY),
        "writable by everybody": lambda desk: desk.machine(valid, 0o666),
        "writable by its group": lambda desk: (os.chown(desk.machine(valid, 0o664), 0, NOBODY)),
        "linked": linked, "a directory": directory,
        "a FIFO": lambda desk: (desk.machine(valid).unlink(), os.mkfifo(machine_layer.DIRECTORY / "policies.json")),
        "in a directory of another owner": lambda desk: (desk.machine(valid), os.chown(machine_layer.DIRECTORY, NOBODY, NOBODY)),
        "in a directory that others write": lambda desk: (desk.machine(valid), os.chmod(machine_layer.DIRECTORY, 0o777)),
        "unreadable sections": lambda desk: desk.machine({"packs": {"blocked": "alpha"}}),
    }
    for what, make in rows.items():
        for mutation in ("enable", "make a pack"):
            yield Case(AREA, f"the machine's file is {what}: {mutation}", MUTATIONS[mutation], "policy-unavailable", UNAVAILABLE,
                       lambda desk, make=make: (tiers(desk), make(desk)), check=nothing_works, needs=machine_layer.obstacle)


def below_the_machine():
    """What the user does against a pack that the machine requires, or a switch that it closes."""
    users = {"blocks it": {"packs": {"blocked": ["alpha"]}}, "does not allow it": {"packs": {"allowed": ["beta"]}},
             "is broken": "{", "is empty": "", "is a directory": None}

    def required_by_machine(user):
        def arrange(desk):
            tiers(desk)
            desk.machine(REQUIRED)
            if user is None:
                (desk.home / "policies.json").mkdir()
            else:
                desk.policy(user)
                desk.packs()
        return arrange

    def stays(desk, told):
        pack = desk.packs()[0]["alpha"]
        assert pack["state"] == "active" and pack["policyRequired"] and not pack["policyBlocked"], pack

    for what, user in users.items():
        broken = what.startswith("is ")
        yield Case(AREA, f"the machine requires, the user's layer {what}", call("pluginPack:toggle", "alpha", False),
                   "policy-unavailable" if broken else "policy-denied",
                   UNAVAILABLE if broken else 'Pack "alpha" is required by admin policy', required_by_machine(user), check=stays,
                   needs=machine_layer.obstacle)
    for what, patch, locked in (("unblock", {"packs": {"blocked": []}}, '"beta" in packs.blocked'),
                                ("open git", {"general": {"allowGitInstall": True}}, "general.allowGitInstall"),
                                ("more agents", {"agents": {"maxConcurrentAgents": 99}}, "agents.maxConcurrentAgents")):
        yield Case(AREA, f"the machine closes, the user's update: {what}", call("admin:policiesUpdate", patch), "policy-denied",
                   f"{locked} is locked by the machine policy",
                   lambda desk: (tiers(desk), desk.machine({"packs": {"blocked": ["beta"]}, "general": {"allowGitInstall": False},
                                                            "agents": {"maxConcurrentAgents": 2}})),
                   needs=machine_layer.obstacle)
    yield from directories_of_the_user()


def directories_of_the_user():
    """Directories of packs that the user chose, and records that he forged, under a machine policy."""
    def organization(desk):
        tiers(desk)
        desk.machine({"packs": {"required": ["theirs"]}, "general": {"orgPluginDir": "/nonexistent-organization"}})
        desk.policy({"general": {"orgPluginDir": str(desk.work / "org")}})
        desk.write("work/org/theirs/cowork.plugin.json", valid_pack("theirs"))
        desk.packs()

    def no_theirs(desk, told):
        assert "theirs" not in desk.packs()[0]

    def builtin(desk):
        tiers(desk)
        desk.machine(REQUIRED)
        os.chown(desk.builtin, NOBODY, NOBODY)

    def no_builtin(desk):
        packs, diagnostics = desk.packs()
        assert not [pack for pack in packs.values() if pack["path"].startswith(str(desk.builtin))], packs
        told = next(told for told in diagnostics if told["path"] == str(desk.builtin))
        return Told(told["code"], told["message"], told)

    def forged(kind):
        def arrange(desk):
            tiers(desk)
            desk.machine({"general": {"allowCustomPacks": False, "allowGitInstall": False, "allowUrlInstall": False}})
            desk.write("home/pack-lock.json", {"version": 1, "packs": {"mine": {
                "version": "1.0.0", "source": {"kind": kind, "location": "https://acme.example/mine"}, "treeSha256": "0" * 64,
                "installedAt": "2025-01-15T12:00:00Z"}}})
        return arrange

    needs = machine_layer.obstacle
    yield Case(AREA, "the user's orgPluginDir under the machine's", lambda desk: desk.diagnosed("/nonexistent-organization"),
               "tier-missing", "the configured directory of the organization tier does not exist", organization, check=no_theirs,
               needs=needs)
    yield Case(AREA, "a builtin directory that is not root's", no_builtin, "untrusted-builtin",
               "the builtin directory that was asked for is not used: under a machine policy it must be trusted", builtin, needs=needs)
    for kind in ("directory", "archive", "git", "url"):
        yield Case(AREA, f"a forged lock record: {kind}", call("pluginPack:toggle", "mine", True), "policy-denied",
                   "Installation disabled by admin policy", forged(kind), needs=needs)


def flags():
    """Flags, variables and settings by which a user would wish the machine's policy away."""
    def arrange(desk):
        tiers(desk)
        desk.machine(REQUIRED)
        desk.write("work/elsewhere.json", {})
        desk.write("home/host.json", {"machinePolicy": str(desk.work / "elsewhere.json")})

    denied = ("policy-denied", 'Pack "alpha" is required by admin policy and cannot be disabled')
    for what, act in {
        "variables": command("pack", "disable", "alpha", environment={"COWORK_MACHINE_POLICY": "/dev/null",
                                                                       "COWORK_NO_POLICY": "1", "COWORK_POLICY": "/dev/null"}),
        "--yes": command("pack", "disable", "alpha", "--yes"),
        "another home": command("pack", "disable", "alpha", "--home", "{root}/work/home"),
        "settings": command("pack", "disable", "alpha"),
    }.items():
        yield Case(AREA, f"the machine's policy against {what}", act, *denied, arrange=arrange, needs=machine_layer.obstacle)


def cases():
    return [*machine_files(), *below_the_machine(), *flags()]
