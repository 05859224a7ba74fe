"""What the host must answer, worked out again from the specification alone: nothing of this was taken from the host.

A world is packs in tiers and two layers of policy. `expect(world, question)` is a dictionary of what the answer must hold:
`outcome` is `ok` or an error code, `begins` how the message begins, everything else a member of the answer. A tuple stands for
"one of these": there the specification leaves it open, and every such place says so.
"""
from dataclasses import replace

from layers import DENIED, SWITCHES, UNAVAILABLE, Pack, effective_agents, judge, pack_of, rule, switched


# --- Refusals -------------------------------------------------------------------------------------------------------------

def refused_for(pack, reason):
    if reason == UNAVAILABLE:
        return {"outcome": UNAVAILABLE}
    if reason == "custom":
        return {"outcome": DENIED}  # the text for a pack copied by hand is left open
    text = {"blocked": "is blocked by admin policy", "not-allowed": "is not in the list of allowed packs"}[reason]
    return {"outcome": DENIED, "begins": f'Pack "{pack.name}" {text}'}


def refused_required(pack, what):
    return {"outcome": DENIED, "begins": f'Pack "{pack.name}" is required by admin policy and cannot be {what}'}


DISABLED = {"outcome": DENIED, "begins": "Installation disabled by admin policy"}
OK = {"outcome": "ok"}


# --- Operations -----------------------------------------------------------------------------------------------------------

def flags(world, pack):
    judgement = judge(world, pack)
    shown = {"outcome": "ok", "name": pack.name, "scope": pack.tier, "policyBlocked": not judgement.permitted,
             "policyRequired": judgement.required, "policyReason": judgement.reason or None}
    if judgement.reason == "custom":
        shown["policyReason"] = ("blocked", "not-allowed")  # three reasons are named, none of them for this: open
    on = judgement.permitted and (judgement.required or pack.switched_on)
    shown["enabled"] = rule("blocked-shows-disabled", on)
    shown["state"] = "active" if on else "disabled"
    return shown


def is_active(world, pack):
    shown = flags(world, pack)
    return shown["enabled"]


def get(world, question):
    pack = pack_of(world, question["id"])
    return {"outcome": "ok", "null": True} if pack.tier == "none" else flags(world, pack)


def context(world, question):
    pack = pack_of(world, question["id"])
    active = is_active(world, pack)
    return {"outcome": "ok", "skill": active, "connector": active}


def toggle(world, question):
    if world.broken:
        return {"outcome": UNAVAILABLE}
    pack, on = pack_of(world, question["id"]), question["on"]
    judgement = judge(world, pack)
    if on and not judgement.permitted:
        return refused_for(pack, judgement.reason)
    if not on and judgement.required and rule("required-stays-on", True):
        return refused_required(pack, "disabled")
    if pack.tier == "none":
        return {"outcome": "not-found"}
    return {"outcome": "ok", "name": pack.name, "enabled": on}


def install_new(world, identity, switch):
    """Scaffolding, and the end of every install: the switch of the source, then the new id."""
    if world.broken:
        return {"outcome": UNAVAILABLE}
    if not rule("switch-" + switch, switched(world, switch)):
        return DISABLED
    pack = Pack(identity, identity, "none")
    judgement = judge(world, pack)
    return OK if judgement.permitted else refused_for(pack, judgement.reason)


def scaffold(world, question):
    return install_new(world, question["id"], "allowCustomPacks")


def fetch(world, question):
    """Before any network only the switch counts; what follows in a test is a failure of the network or of the address."""
    if world.broken:
        return {"outcome": UNAVAILABLE}
    switch = {"git": "allowGitInstall", "url": "allowUrlInstall"}[question["kind"]]
    if not rule("switch-" + switch, switched(world, switch)):
        return DISABLED
    return OK if question.get("explain") else {"outcome": ("network", "invalid-argument")}


def update(world, question):
    """As the source it came from: in these worlds a directory of this machine."""
    if world.broken:
        return {"outcome": UNAVAILABLE}
    pack = pack_of(world, question["id"])
    if not switched(world, "allowCustomPacks"):
        return DISABLED
    judgement = judge(world, pack)
    return OK if judgement.permitted else refused_for(pack, judgement.reason)


def uninstall(world, question):
    if world.broken:
        return {"outcome": UNAVAILABLE}
    pack = pack_of(world, question["id"])
    if judge(world, pack).required and rule("required-stays", True):
        return refused_required(pack, "uninstalled")
    if pack.tier == "none":
        return {"outcome": "not-found"}
    if pack.tier != "user":
        return {"outcome": (DENIED, "invalid-argument", "not-found", "conflict")}  # "user tier only": the code is left open
    return OK


def skill_get(world, question):
    """Active packs only; whether a blocked pack's skill is "denied" or "not found" is left open."""
    if is_active(world, pack_of(world, question["id"])):
        return OK
    return {"outcome": (DENIED, UNAVAILABLE, "not-found")}


def connector_use(world, question):
    """The table asks for the connector's id only, so a connector of a pack that is off is no other case; while a layer's list
    can't be read, that of a pack which a higher layer requires is left open."""
    pack = pack_of(world, question["id"])
    if any(pack.connector in layer.connectors for layer in world.layers if layer.in_force):
        return {"outcome": (UNAVAILABLE, DENIED) if world.broken else DENIED}
    if world.broken:
        return {"outcome": ("ok", UNAVAILABLE) if is_active(world, pack) else UNAVAILABLE}
    return OK


def tool_call(world, question):
    """These packs have no tools: the answer is what policy says first, and then that there is none."""
    pack = pack_of(world, question["id"])
    judgement = judge(world, pack)
    if not judgement.permitted:
        return refused_for(pack, judgement.reason)
    return {"outcome": ("not-found", UNAVAILABLE) if world.broken else "not-found"}


def check_pack(world, question):
    pack = pack_of(world, question["id"])
    judgement = judge(world, pack)
    return {"outcome": "ok", "packId": question["id"], "allowed": judgement.permitted, "required": judgement.required}


def agents(world, question):
    """Starts agents one after the other until one is refused (or `upto` are running), then a heartbeat at once."""
    if world.broken:
        return {"outcome": UNAVAILABLE, "started": 0}
    frequency, most = effective_agents(world)
    started = min(question["upto"], rule("agents", False) and 99 or most)
    outcome = "ok" if started == question["upto"] else DENIED
    return {"outcome": outcome, "started": started, "intervalSec": frequency, "heartbeat": DENIED, "retryAfterSec": True}


def policies_update(world, question):
    """A patch of one array or one switch; a user file that is invalid takes no update without being told where to start."""
    if world.machine.state == "broken":
        return {"outcome": UNAVAILABLE}  # a mutation, and the user's layer is not what it would repair
    if world.user.state in ("broken", "last-good") and "startFrom" not in question:
        return {"outcome": ("invalid-policy", "conflict", UNAVAILABLE)}  # refused: the code is left open
    member = question["member"]
    machine = world.machine
    if member in SWITCHES:
        locked = machine.in_force and not machine.switches.get(member, True) and question["value"]
    else:
        imposed = getattr(machine, member) if machine.in_force else ()
        locked = bool(set(imposed) - set(question["value"]))
    locked = rule("machine-locks", locked)
    return {"outcome": DENIED} if locked else OK


OPERATIONS = {
    "pluginPack:list": get, "pluginPack:get": get, "pluginPack:getContext": context, "pluginPack:toggle": toggle,
    "pluginPack:toggleSkill": toggle, "pluginPack:scaffold": scaffold, "pluginPack:install": scaffold,
    "pluginPack:installGit": fetch, "pluginPack:installUrl": fetch, "pluginPack:update": update,
    "pluginPack:uninstall": uninstall, "skill:get": skill_get, "connector:use": connector_use, "tool:call": tool_call,
    "admin:checkPack": check_pack, "agent:start": agents, "admin:policiesUpdate": policies_update,
}


def explain(world, question):
    """The verdict on another question: what that one would be refused for, if it would; null where that is left open."""
    inner = dict(question["of"], explain=True)
    answer = expect(world, inner)
    if isinstance(answer["outcome"], tuple):
        denied = [code in (DENIED, UNAVAILABLE) for code in answer["outcome"]]
        return {"outcome": "ok"} if any(denied) else {"outcome": "ok", "allowed": True}
    if answer["outcome"] not in (DENIED, UNAVAILABLE):
        return {"outcome": "ok", "allowed": True}
    return {"outcome": "ok", "allowed": False, "code": answer["outcome"], "begins": answer.get("begins", "")}


def after(world, mutation):
    """The world that a mutation leaves, when it succeeds."""
    if expect(world, mutation)["outcome"] != "ok":
        return world
    pack = pack_of(world, mutation["id"])
    others = tuple(other for other in world.packs if other != pack)
    if mutation["operation"] == "pluginPack:toggle":
        return replace(world, packs=others + (replace(pack, switched_on=mutation["on"]),))
    if mutation["operation"] == "pluginPack:scaffold":  # no install recorded it
        return replace(world, packs=others + (Pack(pack.name, pack.name, "user", recorded=False),))
    return replace(world, packs=others)


def expect(world, question):
    for mutation in question.get("after", ()):
        world = after(world, mutation)
    if question["operation"] == "admin:explain":
        return explain(world, question)
    answer = dict(OPERATIONS[question["operation"]](world, question))
    if question["operation"] == "pluginPack:toggleSkill" and answer["outcome"] == "ok":
        answer = {"outcome": "ok", "packName": answer["name"], "enabled": answer["enabled"]}
    return answer
