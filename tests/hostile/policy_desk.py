"""What the tables about policies have in common: tiers, one call as an act, and the operations that change something."""
from desk import valid_pack
from serving import StdioServer

UNAVAILABLE = "Nothing can be changed while the admin policy is unavailable"


def tiers(desk):
    desk.pack("builtin", "alpha")
    desk.pack("builtin", "beta")
    desk.pack("user", "mine")
    desk.write("work/fresh/cowork.plugin.json", valid_pack("fresh"))


def with_policy(policy, warm=True):
    """An arrange: the tiers and the user's policy, whose last good copy is there when it is valid and `warm`."""
    def arrange(desk):
        tiers(desk)
        desk.policy(policy)
        if warm:
            desk.packs()
    return arrange


def call(operation, *params):
    """An act: one JSON-RPC call; "{work}" in a parameter is the desk's own directory."""
    def act(desk):
        filled = [value.replace("{work}", str(desk.work)) if isinstance(value, str) else value for value in params]
        return StdioServer(desk).call(operation, filled)
    return act


AGENT = {"workspace": "w", "agentId": "a"}
MUTATIONS = {
    "enable": call("pluginPack:toggle", "alpha", True), "disable": call("pluginPack:toggle", "alpha", False),
    "switch a skill": call("pluginPack:toggleSkill", "alpha", "alpha-s", False),
    "make a pack": call("pluginPack:scaffold", {"name": "fresh", "displayName": "Fresh"}),
    "install a directory": call("pluginPack:install", "{work}/fresh"),
    "install from git": call("pluginPack:installGit", "https://127.0.0.1:1/fresh.git"),
    "install from a URL": call("pluginPack:installUrl", "https://127.0.0.1:1/fresh.tar"),
    "update": call("pluginPack:update", "mine"), "uninstall": call("pluginPack:uninstall", "mine"),
    "start an agent": call("agent:start", AGENT), "an agent's heartbeat": call("agent:heartbeat", AGENT),
}


def nothing_works(desk, told):
    """What a policy that can't be used has to leave: every pack out, no contribution, nothing activated."""
    packs, _ = desk.packs()
    assert packs, "no pack is listed"
    for pack in packs.values():
        assert pack["policyBlocked"] and pack["policyReason"] == "policy-unavailable" and not pack["enabled"], pack
    assert not desk.run("pack", "context").document["context"]["skills"]
    assert desk.run("policy", "validate").status == 8
