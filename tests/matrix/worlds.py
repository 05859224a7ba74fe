"""The worlds of the matrix: four packs in three tiers, every state and listing of two layers, and what is asked in each."""
import json
import os
import random
import shutil
from dataclasses import dataclass, replace

from layers import SWITCHES, Layer, Pack, World

ENGINEERING = Pack("engineering-pack", "engineering", "builtin", skill="engineering-pack-s", connector="tracker")
SALES = Pack("sales-suite", "company-sales", "organization", skill="sales-suite-s", connector="crm")
NOTES = Pack("field-notes", "my-notes", "user", recorded=False, skill="field-notes-s", connector="pad")
SHELF = Pack("shelf", "shelf", "user", skill="shelf-s", connector="books")
PACKS = (ENGINEERING, SALES, NOTES, SHELF)
GHOST, NEW = "ghost-pack", "new-pack"
NAMES = [pack.name for pack in PACKS]
ALIASES = ["engineering", "company-sales", "my-notes"]
LISTED_NAMES, LISTED_ALIASES = tuple(NAMES + [GHOST, NEW]), tuple(ALIASES + ["shelf"])

# How a layer lists the packs; every pack of the world the same way.
LISTINGS = {
    "not-listed": {},
    "empty-lists": {"blocked": (), "allowed": (), "required": ()},
    "blocked-by-name": {"blocked": LISTED_NAMES},
    "blocked-by-alias": {"blocked": LISTED_ALIASES},
    "required-by-name": {"required": LISTED_NAMES},
    "required-by-alias": {"required": LISTED_ALIASES},
    "allowed-by-name": {"allowed": LISTED_NAMES},
    "allowed-by-alias": {"allowed": LISTED_ALIASES},
    "others-allowed": {"allowed": ("something-else",)},
    "required-and-allowed": {"required": LISTED_NAMES, "allowed": LISTED_NAMES},
    "required-by-name-blocked-by-alias": {"required": tuple(NAMES[:3]), "blocked": tuple(ALIASES)},
}
LAYER_STATES = [("absent", "not-listed"), ("broken", "not-listed")] + [
    (state, listing) for state in ("valid", "last-good") for listing in LISTINGS]
NOT_A_POLICY = '{"packs": {"blocked": [1]}}\n'


@dataclass(frozen=True)
class Setting:
    """A world with the names of what was chosen for it; the same number gives the same world."""
    number: int
    machine: str
    user: str
    world: World

    @property
    def name(self):
        return f"{self.number} machine={self.machine} user={self.user}"


def layer(name, state, listing, dice):
    if state in ("absent", "broken"):
        return Layer(name, state)
    switches = {dice.choice(SWITCHES): False} if dice.random() < 0.5 else {}
    connectors = tuple(sorted({dice.choice([pack.connector for pack in PACKS])})) if dice.random() < 0.4 else ()
    agents = dice.choice([{}, {}, {"maxConcurrentAgents": 1}, {"maxHeartbeatFrequencySec": 120},
                          {"maxConcurrentAgents": 2, "maxHeartbeatFrequencySec": 300}])
    return Layer(name, state, connectors=connectors, switches=switches, agents=agents, **LISTINGS[listing])


def settings():
    for number, (machine, user) in enumerate((m, u) for m in LAYER_STATES for u in LAYER_STATES):
        dice = random.Random(number)
        trusted = dice.random() < 0.8
        packs = tuple(replace(pack, switched_on=dice.random() < 0.75, trusted=trusted or pack.tier != "organization")
                      for pack in PACKS)
        world = World(packs, layer("machine", *machine, dice), layer("user", *user, dice))
        yield Setting(number, ":".join(machine), ":".join(user), world)


def document(layer_of_world, listing):
    """The layer as a policy file; what it does not say is left out."""
    lists = LISTINGS[listing]
    policy = {"version": 1}
    for key, section in (("packs", {key: list(entries) for key, entries in lists.items()}),
                         ("agents", layer_of_world.agents), ("general", layer_of_world.switches)):
        if section:
            policy[key] = section
    if layer_of_world.connectors:
        policy["connectors"] = {"blocked": list(layer_of_world.connectors)}
    return json.dumps(policy) + "\n"


# --- On disk --------------------------------------------------------------------------------------------------------------

def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def write_pack(directory, pack):
    connector = {"name": pack.connector, "description": "d", "inputSchema": {}, "type": "http",
                 "http": {"url": "https://example.com"}}
    manifest = {"name": pack.name, "displayName": pack.name, "version": "1.0.0", "description": "d", "type": "pack",
                "skills": [{"id": pack.name + "-s", "name": "S", "description": "d", "prompt": "p"}],
                "connectors": [connector] if pack.connector else []}
    write(os.path.join(directory, "cowork.plugin.json"), json.dumps(manifest))


def write_template(root, install):
    """All but policies and toggles. `install(home, source)` has `shelf` recorded as installed."""
    write_pack(os.path.join(root, "builtin", ENGINEERING.alias), ENGINEERING)
    write_pack(os.path.join(root, "home", "org-plugins", SALES.alias), SALES)
    write_pack(os.path.join(root, "home", "extensions", NOTES.alias), NOTES)
    write_pack(os.path.join(root, "sources", SHELF.name), SHELF)
    write_pack(os.path.join(root, "sources", NEW), Pack(NEW, NEW, "user"))
    install(os.path.join(root, "home"), os.path.join(root, "sources", SHELF.name))


def furnish(template, root, setting):
    """A copy of the template with the toggles of this setting."""
    shutil.copytree(template, root, symlinks=True)
    world = setting.world
    if not next(pack.trusted for pack in world.packs if pack.tier == "organization"):
        os.chmod(os.path.join(root, "home", "org-plugins"), 0o777)
    off = {pack.name: False for pack in world.packs if not pack.switched_on}
    if off:
        write(os.path.join(root, "home", "pack-states.json"), json.dumps({"updatedAt": 1, "packs": off, "skills": {}}), 0o600)


def put_layers(paths, setting):
    """What is there before the host starts: of `last-good` the policy that it is to remember."""
    for path, layer_of_world, name in zip(paths, setting.world.layers, (setting.machine, setting.user)):
        if os.path.lexists(path):
            os.unlink(path)
        if layer_of_world.state == "broken":
            write(path, NOT_A_POLICY)
        elif layer_of_world.state != "absent":
            write(path, document(layer_of_world, name.partition(":")[2]))


def spoil_layers(paths, setting):
    """The files of `last-good` layers become invalid. False when there is none."""
    spoilt = [path for path, layer_of_world in zip(paths, setting.world.layers) if layer_of_world.state == "last-good"]
    for path in spoilt:
        write(path, NOT_A_POLICY)
    return bool(spoilt)


# --- Questions ------------------------------------------------------------------------------------------------------------

def questions(setting):
    """Everything that is asked of a world, as the oracle takes it."""
    identities = NAMES + ALIASES + [GHOST]
    asked = [{"operation": operation, "id": name} for operation in ("pluginPack:list", "pluginPack:getContext", "skill:get",
                                                                    "connector:use") for name in NAMES]
    asked += [{"operation": operation, "id": identity} for operation in ("pluginPack:get", "admin:checkPack")
              for identity in identities]
    asked += [{"operation": "pluginPack:toggle", "id": identity, "on": on} for identity in identities for on in (True, False)]
    asked += [{"operation": "pluginPack:toggleSkill", "id": name, "on": on} for name in NAMES for on in (True, False)]
    asked += [{"operation": operation, "id": NEW} for operation in ("pluginPack:scaffold", "pluginPack:install")]
    asked += [{"operation": "pluginPack:installGit", "kind": "git"}, {"operation": "pluginPack:installUrl", "kind": "url"}]
    asked += [{"operation": "pluginPack:update", "id": SHELF.name}]
    asked += [{"operation": "pluginPack:uninstall", "id": identity} for identity in NAMES + [GHOST]]
    asked += [{"operation": "tool:call", "id": identity} for identity in NAMES + [GHOST]]
    asked += [{"operation": "agent:start", "upto": 3}]
    asked += updates(setting.world)
    asked += [{"operation": "admin:explain", "of": question} for question in asked if may_explain(question)]
    return asked


def mutations(setting):
    """What is then done for good, each step followed by a look at the pack: refused, it is as it was."""
    steps = [{"operation": "pluginPack:toggle", "id": pack.name, "on": not pack.switched_on} for pack in setting.world.packs]
    steps += [{"operation": "pluginPack:scaffold", "id": NEW}, {"operation": "pluginPack:uninstall", "id": SHELF.name}]
    asked = []
    for number, step in enumerate(steps):
        asked.append(dict(step, real=True, after=steps[:number]))
        asked.append({"operation": "pluginPack:get", "id": step["id"], "after": steps[:number + 1]})
    return asked


def updates(world):
    imposed = {member: list(getattr(world.machine, member)) for member in ("blocked", "required")}
    asked = [{"operation": "admin:policiesUpdate", "member": member, "value": value}
             for member, entries in imposed.items() for value in ([], ["zzz"], entries + ["zzz"])]
    # An id both required and blocked, or required and not allowed, would make the document invalid.
    if any(getattr(layer_of_world, "allowed") for layer_of_world in world.layers):
        asked = [question for question in asked if question["member"] == "blocked" or question["value"] == []]
    asked += [{"operation": "admin:policiesUpdate", "member": switch, "value": value}
              for switch in SWITCHES for value in (True, False)]
    if world.user.state in ("broken", "last-good"):
        asked += [dict(question, startFrom="defaults") for question in asked if question["value"] in (True, False)]
    return asked


def may_explain(question):
    """What is counted, and the id of a pack that is still to be read, are not part of an explanation."""
    return question["operation"] in ("pluginPack:toggle", "pluginPack:toggleSkill", "pluginPack:scaffold",
                                     "pluginPack:installGit", "pluginPack:installUrl", "pluginPack:uninstall", "connector:use")


def parameters(question, root):
    """By position, as SPEC's table has them."""
    operation, identity = question["operation"], question.get("id", "")
    skill = f"{identity}-s"
    return {
        "pluginPack:list": lambda: [], "pluginPack:getContext": lambda: [],
        "pluginPack:toggle": lambda: [identity, question["on"]],
        "pluginPack:toggleSkill": lambda: [identity, skill, question["on"]],
        "pluginPack:scaffold": lambda: [{"name": identity, "displayName": "New"}],
        "pluginPack:install": lambda: [os.path.join(root, "sources", identity)],
        "pluginPack:installGit": lambda: ["https://127.0.0.1:1/a.git"],
        "pluginPack:installUrl": lambda: ["https://127.0.0.1:1/a.zip"],
        "skill:get": lambda: [skill],
        "connector:use": lambda: [next(pack.connector for pack in PACKS if pack.name == identity)],
        "tool:call": lambda: [identity, "no-such-tool", {}],
        "admin:policiesUpdate": lambda: [patch(question)] + [{key: question[key]} for key in ("startFrom",) if key in question],
        "admin:explain": lambda: [question["of"]["operation"], parameters(question["of"], root)],
    }.get(operation, lambda: [identity])()


def patch(question):
    section = "general" if question["member"] in SWITCHES else "packs"
    return {section: {question["member"]: question["value"]}}
