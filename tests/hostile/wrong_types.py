"""Every field of manifest, policy and parameters with every type that it does not take, from tables written by SPEC §3, §6 and
§7. Each generator gives (what, [(document, …, the message)])."""
import copy

from desk import valid_pack

VALUES = {"a string": "x", "a number": 1, "a boolean": True, "null": None, "an array": [], "an object": {}}

ENTRIES = {
    "skills": {"id": "s", "name": "S", "description": "d", "prompt": "p"},
    "skillDirectories": {"id": "d", "path": "skills/d"},
    "slashCommands": {"name": "c", "description": "d", "skillId": "bad-s"},
    "agentRoles": {"name": "r", "displayName": "R", "icon": "i", "color": "#fff"},
    "connectors": {"name": "n", "description": "d", "inputSchema": {}, "type": "http", "http": {}},
}
# Field: what it takes, as messages say it.
MANIFEST = {
    "name": "a string", "displayName": "a string", "version": "a string", "description": "a string", "type": "a string",
    "main": "a string", "author": "a string", "license": "a string", "homepage": "a string", "coworkVersion": "a string",
    "icon": "a string", "category": "a string", "scope": "a string", "personaTemplateId": "a string",
    "keywords": "an array", "recommendedConnectors": "an array", "tryAsking": "an array", "bestFitWorkflows": "an array",
    "outcomeExamples": "an array", "skills": "an array", "skillDirectories": "an array", "slashCommands": "an array",
    "agentRoles": "an array", "connectors": "an array", "platform": "an object", "configSchema": "an object",
    "capabilities": "an object or an array", "dependencies": "an object or an array",
    "peerDependencies": "an object or an array",
}
MEMBERS = {
    "skills": {"id": "a string", "name": "a string", "description": "a string", "icon": "a string", "category": "a string",
               "prompt": "a string", "parameters": "an array", "enabled": "a boolean"},
    "skillDirectories": {"id": "a string", "path": "a string", "name": "a string", "description": "a string",
                         "icon": "a string", "category": "a string", "enabled": "a boolean"},
    "slashCommands": {"name": "a string", "description": "a string", "skillId": "a string"},
    "agentRoles": {"name": "a string", "displayName": "a string", "description": "a string", "icon": "a string",
                   "color": "a string", "capabilities": "an array", "systemPrompt": "a string"},
    "connectors": {"name": "a string", "description": "a string", "inputSchema": "an object", "type": "a string",
                   "http": "an object"},
}


def wrong_values(wanted):
    return [(found, value) for found, value in VALUES.items() if found not in wanted]


def manifests():
    for field, wanted in MANIFEST.items():
        yield field, [(valid_pack("bad") | {field: value}, f"/{field}", f"expected {wanted}, found {found}")
                      for found, value in wrong_values(wanted)]
    for field, members in MEMBERS.items():
        whole = [(valid_pack("bad") | {field: [value]}, f"/{field}/0", f"expected an object, found {found}")
                 for found, value in wrong_values("an object")]
        yield f"{field}, an entry", whole
        for member, wanted in members.items():
            yield f"{field}, {member}", [
                (valid_pack("bad") | {field: [ENTRIES[field] | {member: value}]}, f"/{field}/0/{member}",
                 f"expected {wanted}, found {found}") for found, value in wrong_values(wanted)]


def shown(value):
    """A value as the policy's messages show it."""
    for found, example in VALUES.items():
        if value is example or (type(value) is type(example) and value == example):
            return {"a string": 'the string "x"', "a number": "1", "a boolean": "true"}.get(found, found)
    raise ValueError(value)


POLICY = {
    "version": ("1 or 2", ["a string", "a boolean", "null", "an array", "an object"]),
    "packs": ("an object", ["a string", "a number", "a boolean", "null", "an array"]),
    "connectors": ("an object", ["a string", "a number", "a boolean", "null", "an array"]),
    "agents": ("an object", ["a string", "a number", "a boolean", "null", "an array"]),
    "general": ("an object", ["a string", "a number", "a boolean", "null", "an array"]),
    "updatedAt": ("a string", ["a number", "a boolean", "null", "an array", "an object"]),
    "packs.allowed": ("an array of strings", ["a string", "a number", "a boolean", "null", "an object"]),
    "packs.blocked": ("an array of strings", ["a string", "a number", "a boolean", "null", "an object"]),
    "packs.required": ("an array of strings", ["a string", "a number", "a boolean", "null", "an object"]),
    "connectors.blocked": ("an array of strings", ["a string", "a number", "a boolean", "null", "an object"]),
    "agents.maxHeartbeatFrequencySec": ("a number of at least 60", list(VALUES)),
    "agents.maxConcurrentAgents": ("an integer of at least 1", ["a string", "a boolean", "null", "an array", "an object"]),
    "general.allowCustomPacks": ("true or false", ["a string", "a number", "null", "an array", "an object"]),
    "general.allowGitInstall": ("true or false", ["a string", "a number", "null", "an array", "an object"]),
    "general.allowUrlInstall": ("true or false", ["a string", "a number", "null", "an array", "an object"]),
    "general.orgName": ("a string", ["a number", "a boolean", "null", "an array", "an object"]),
    "general.orgPluginDir": ("a string", ["a number", "a boolean", "null", "an array", "an object"]),
}
LISTS = ("packs.allowed", "packs.blocked", "packs.required", "connectors.blocked")


def policy_with(path, value):
    for step in reversed(path.split(".")):
        value = {step: value}
    return value


def policies():
    for path, (wanted, kinds) in POLICY.items():
        pointer = "/" + path.replace(".", "/")
        yield path, [(policy_with(path, VALUES[kind]), pointer, f"{path} must be {wanted}, not {shown(VALUES[kind])}")
                     for kind in kinds]
    for path in LISTS:
        pointer = "/" + path.replace(".", "/") + "/1"
        kinds = [kind for kind in VALUES if kind != "a string"]
        yield f"each entry of {path}", [
            (policy_with(path, ["a", VALUES[kind]]), pointer,
             f"each entry of {path} must be a non-empty string, not {shown(VALUES[kind])}") for kind in kinds]


TEXT, FLAG, OBJECT, NUMBER = ("a string", "x"), ("a boolean", True), ("an object", {}), ("an integer", 1)
# Operation: its parameters that are always there, and members of its options where it has some.
OPERATIONS = {
    "pluginPack:get": {"name": TEXT}, "pluginPack:toggle": {"name": TEXT, "enabled": FLAG},
    "pluginPack:toggleSkill": {"packName": TEXT, "skillId": TEXT, "enabled": FLAG},
    "skill:get": {"skillId": TEXT}, "skill:render": {"skillId": TEXT, "values": OBJECT},
    "agentRole:get": {"name": TEXT}, "connector:get": {"name": TEXT}, "connector:use": {"connectorId": TEXT},
    "pluginPack:scaffold": {"options": OBJECT}, "pluginPack:install": {"path": TEXT, "options": OBJECT},
    "pluginPack:installGit": {"url": TEXT, "options": OBJECT}, "pluginPack:installUrl": {"url": TEXT, "options": OBJECT},
    "pluginPack:update": {"packName": TEXT, "options": OBJECT}, "pluginPack:uninstall": {"packName": TEXT, "options": OBJECT},
    "pluginPack:registrySearch": {"query": TEXT, "options": OBJECT}, "pluginPack:registryDetails": {"packId": TEXT},
    "tool:call": {"packName": TEXT, "tool": TEXT}, "admin:policiesUpdate": {"updates": OBJECT, "options": OBJECT},
    "admin:policiesGet": {"options": OBJECT}, "admin:checkPack": {"packId": TEXT}, "admin:explain": {"operation": TEXT},
    "admin:simulate": {"candidate": OBJECT}, "agent:start": {"options": OBJECT}, "agent:heartbeat": {"options": OBJECT},
    "agent:stop": {"options": OBJECT}, "host:chain": {"operation": TEXT}, "audit:query": {"options": OBJECT},
}
# Whether null stands for "not given": parameters that may be left out, and nothing else.
OPTIONAL = {("admin:policiesGet", "options"), ("host:chain", "operation"), ("audit:query", "options"),
            ("skill:render", "values")}


def requests():
    for operation, parameters in OPERATIONS.items():
        wrong = []
        for name, (wanted, _) in parameters.items():
            for found, value in wrong_values(wanted):
                if found == "null" and ((operation, name) in OPTIONAL or name == "options" and len(parameters) > 1):
                    continue
                params = {other: copy.copy(example) for other, (_, example) in parameters.items()} | {name: value}
                wrong.append((params, f'parameter "{name}" must be {wanted}, found {found}'))
        yield operation, wrong
