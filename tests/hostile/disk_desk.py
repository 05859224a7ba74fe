"""What the rows of disks share: what stands on the desk, and what is asked of it."""
import json

from desk import valid_pack

AREA = "disk"
UNAVAILABLE = "Nothing can be changed while the admin policy is unavailable"
NO_TRAIL = "the audit trail cannot be written, so nothing was changed: "


def set_out(desk):
    """A builtin pack that is on, one that the user switched off, one that the policy blocks, and one to install."""
    for name in ("tea", "off", "evil"):
        desk.pack("builtin", name)
    desk.write("work/source/cowork.plugin.json", valid_pack("fresh"))
    assert desk.run("pack", "disable", "off").code is None
    assert desk.run("policy", "set", "packs.blocked+=evil").code is None


OPERATIONS = {
    "toggle": lambda desk: ["pack", "disable", "tea"],
    "policy": lambda desk: ["policy", "set", "packs.blocked+=tea"],
    "install": lambda desk: ["pack", "install", str(desk.work / "source")],
    "new": lambda desk: ["pack", "new", "made"],
    "agent": lambda desk: ["call", "agent:start", json.dumps([{"workspace": "w", "agentId": "a"}])],
}


def run(desk, operation, **options):
    return desk.run(*OPERATIONS[operation](desk), **options)


def states(desk, **options):
    document = desk.run("pack", "list", **options).document
    return {pack["name"]: pack["state"] for pack in document["packs"]}, document["diagnostics"]
