"""A policy file that was cut at every byte, or had any one bit flipped, against the independent reading of those bytes."""
import json

import machine_layer
import policy_reading
from desk import Told
from frame import Case
from serving import StdioServer

AREA = "policy"
PACKS = ("alpha", "beta", "gamma", "mine")
POLICY = json.dumps({
    "version": 1, "packs": {"allowed": ["alpha", "beta", "mine"], "blocked": ["beta"], "required": ["alpha"]},
    "connectors": {"blocked": ["crm"]}, "agents": {"maxHeartbeatFrequencySec": 300, "maxConcurrentAgents": 2},
    "general": {"allowCustomPacks": False, "allowGitInstall": False, "allowUrlInstall": True, "orgName": "Acme"}}).encode()


def reading(data):
    try:
        return policy_reading.read(data)
    except policy_reading.Invalid:
        return None


def packs_of(policy):
    """Which packs are blocked and which required, by the policy in force; None stands for one that can't be used."""
    if policy is None:
        return {name: (True, False) for name in PACKS}
    packs = policy["packs"]
    return {name: (name in packs["blocked"] or bool(packs["allowed"]) and name not in packs["allowed"], name in packs["required"])
            for name in PACKS}


def tiers(desk):
    for name in ("alpha", "beta", "gamma"):
        desk.pack("builtin", name)
    desk.pack("user", "mine")
    desk.write("home/pack-lock.json", {"version": 1, "packs": {"mine": {
        "version": "1.0.0", "source": {"kind": "url", "location": "https://acme.example/mine"}, "treeSha256": "0" * 64,
        "installedAt": "2025-01-15T12:00:00Z"}}})


def in_force(server):
    """What the running host says is in force. A dry run of a change looks at the file first, as every change does."""
    server.call("pluginPack:toggle", ["beta", False], {"dryRun": True})
    shown = server.call("admin:policiesGet").document
    return {section: shown[section] for section in policy_reading.DEFAULTS}


def shown_packs(packs):
    return {pack["name"]: (pack["policyBlocked"], pack["policyRequired"]) for pack in packs}


def running(variants, write):
    """An act: each variant takes the good file's place under one running host. What is in force is what its bytes say, or,
    where they are no policy, what was in force before."""
    def act(desk):
        server = StdioServer(desk)
        invalid = 0
        for what, data in variants:
            write(desk, POLICY)
            good = in_force(server)
            assert good == policy_reading.read(POLICY), good
            write(desk, data)
            expected = reading(data)
            invalid += expected is None
            shown = in_force(server)
            assert shown == (expected or good), f"{what}: {data!r}: {shown}"
            packs = shown_packs(server.call("pluginPack:list").document)
            wanted = packs_of(expected or good)
            if "mine" in packs and not (expected or good)["general"]["allowCustomPacks"]:
                wanted["mine"] = packs["mine"]  # whether it counts as custom is another table's question
            assert packs == {name: wanted[name] for name in packs}, f"{what}: {data!r}: {packs}"
            desk.probes += 1
        assert 0 < invalid, "no variant was invalid: nothing was tried"
        return Told(None)
    return act


def cold(variants):
    """An act: each variant is all that a new process finds."""
    def act(desk):
        for what, data in variants:
            desk.policy(data)
            (desk.home / "policies.json.last-good").unlink(missing_ok=True)
            packs, _ = desk.packs()
            expected = reading(data)
            wanted = packs_of(expected)
            packs = shown_packs(packs.values())
            if expected:
                del wanted["mine"], packs["mine"]
            assert packs == wanted, f"{what}: {data!r}: {packs}"
            desk.probes += 1
        return Told(None)
    return act


def cut():
    return [(f"cut at {length}", POLICY[:length]) for length in range(len(POLICY))]


def flipped(bits=range(8), step=1):
    for at in range(0, len(POLICY), step):
        for bit in bits:
            data = bytearray(POLICY)
            data[at] ^= 1 << bit
            yield f"bit {bit} of byte {at}", bytes(data)


def user_file(desk, data):
    desk.policy(data)


def machine_file(desk, data):
    desk.machine(data)


def cases():
    common = {"arrange": tiers, "unchanged": False, "within_seconds": 120, "probes": 0}
    machine = common | {"needs": machine_layer.obstacle}
    return [
        Case(AREA, "cut at every byte, under a running host", running(cut(), user_file), **common),
        Case(AREA, "every single bit flipped, under a running host", running(list(flipped()), user_file), **common),
        Case(AREA, "cut at every byte, at a cold start", cold(cut()), **common),
        Case(AREA, "a bit of every byte flipped, at a cold start", cold(list(flipped([0]))), **common),
        Case(AREA, "the machine's file cut at every byte, under a running host", running(cut(), machine_file), **machine),
        Case(AREA, "the machine's file, a bit of every byte flipped, under a running host",
             running(list(flipped([1])), machine_file), **machine),
    ]
