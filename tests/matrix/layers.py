"""The oracle's half on policy: what two layers say of a pack. Written from the specification; where that is silent or open the
comment says so, and there the reading is the one that the host was seen to have.

`FLIPPED` holds names of rules that are turned round, for the test that the matrix can fail.
"""
from dataclasses import dataclass, field

FLIPPED = set()
UNAVAILABLE = "policy-unavailable"
DENIED = "policy-denied"
SWITCHES = ("allowCustomPacks", "allowGitInstall", "allowUrlInstall")


def rule(name, value):
    return not value if name in FLIPPED else value


@dataclass(frozen=True)
class Pack:
    name: str
    alias: str
    tier: str                # builtin, organization, user; `none`: nothing of that name is there
    trusted: bool = True     # its tier is a trusted directory
    recorded: bool = True    # an install recorded it; matters in the user tier
    switched_on: bool = True  # what pack-states.json says
    skill: str = ""
    connector: str = ""


@dataclass(frozen=True)
class Layer:
    name: str                # machine, user
    state: str               # absent, valid, last-good, broken
    blocked: tuple = ()
    allowed: tuple = ()
    required: tuple = ()
    connectors: tuple = ()
    switches: dict = field(default_factory=dict)
    agents: dict = field(default_factory=dict)

    @property
    def in_force(self):
        return self.state in ("valid", "last-good")


@dataclass(frozen=True)
class World:
    packs: tuple
    machine: Layer
    user: Layer

    @property
    def layers(self):
        return (self.machine, self.user)

    @property
    def broken(self):
        return any(layer.state == "broken" for layer in self.layers)


@dataclass(frozen=True)
class Judgement:
    permitted: bool
    required: bool = False
    reason: str = ""         # blocked, not-allowed, policy-unavailable, custom


# --- Matching ids ---------------------------------------------------------------------------------------------------------

def listed(entries, pack, kind, layer):
    """An entry matches by name; by alias: `blocked` in every tier, the others in the tiers above the user's, and entries of the
    machine layer only where that tier is trusted (`blocked` only ever tightens: it needs no trust)."""
    if pack.name in entries:
        return True
    if not pack.alias or pack.alias not in entries:
        return False
    if kind == "blocked":
        return rule("blocked-by-alias", True)
    above = rule("alias-in-user-tier", pack.tier in ("builtin", "organization"))
    return above and (layer.name != "machine" or pack.trusted)


def pack_of(world, identity):
    """The pack that an operation means: by name, or by an alias of the builtin or organization tier; else nothing known."""
    for pack in world.packs:
        if pack.name == identity:
            return pack
    for pack in world.packs:
        if pack.alias == identity and pack.tier in ("builtin", "organization"):
            return pack
    return Pack(identity, "", "none")


# --- Layers ---------------------------------------------------------------------------------------------------------------

def judge(world, pack):
    """Higher layers first: a pack that one requires and permits is out of reach of those below, broken or not. Of what is left
    an unreadable layer is told before the rest. Which of two refusals is told is left open by the specification; here: the
    higher layer's, in a layer blocked before not allowed, and last that a pack is custom. All refuse alike."""
    faults, requires = [], False
    for place, layer in enumerate(world.layers):
        if layer.state == "broken":
            faults.append((0, 0, 0, UNAVAILABLE))
            continue
        if not layer.in_force:
            continue
        required = listed(layer.required, pack, "required", layer)
        found = [(1, place, *fault) for fault in faults_of(layer, pack)]
        # That a layer wants no custom packs does not speak of one that it requires itself: the specification is silent.
        if not required and not layer.switches.get("allowCustomPacks", True) and is_custom(pack, layer):
            found.append((2, place, 0, "custom"))
        faults += found
        requires = requires or required
        if required and not faults and rule("higher-required-protects", True):
            break
    if faults:
        return Judgement(False, False, min(faults)[3])
    return Judgement(True, requires)


def faults_of(layer, pack):
    found = []
    if listed(layer.blocked, pack, "blocked", layer):
        found.append((1, "blocked"))
    if layer.allowed and not listed(layer.allowed, pack, "allowed", layer):
        found.append((2, "not-allowed"))
    return found


def is_custom(pack, layer):
    """A user pack that no install recorded. The machine layer holds against the user's files (section 11), and takes neither a
    record that the user could have written (of a source that the same switch governs) nor an organization's directory that
    the user could have filled for more than that."""
    if pack.tier == "user" and not pack.recorded:
        return True
    return layer.name == "machine" and (pack.tier == "user" or (pack.tier == "organization" and not pack.trusted))


def switched(world, switch):
    return all(layer.switches.get(switch, True) for layer in world.layers if layer.in_force)


def effective_agents(world):
    sets = [layer.agents for layer in world.layers if layer.in_force]
    frequency = max([60] + [a["maxHeartbeatFrequencySec"] for a in sets if "maxHeartbeatFrequencySec" in a])
    most = min([a.get("maxConcurrentAgents", 10) for a in sets] + [10])
    return frequency, most
