"""An independent reading of a policy file's bytes, by SPEC §3 and §6: the oracle for files that were cut or flipped."""
import json

DEFAULTS = {
    "packs": {"allowed": [], "blocked": [], "required": []},
    "connectors": {"blocked": []},
    "agents": {"maxHeartbeatFrequencySec": 60, "maxConcurrentAgents": 10},
    "general": {"allowCustomPacks": True, "allowGitInstall": True, "allowUrlInstall": True},
}
OPTIONAL = {"orgName", "orgPluginDir"}
UNENFORCED = {"everydayAgent", "runtime"}


class Invalid(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Invalid(what)


def unique(pairs):
    keys = [key for key, _ in pairs]
    require(len(set(keys)) == len(keys), "a key twice")
    return dict(pairs)


def number(text):
    value = float(text)
    require(value not in (float("inf"), float("-inf")), "a number out of range")
    exponent = text.lower().partition("e")[2].lstrip("+-")
    require(len(text) <= 512 and len(exponent) <= 4, "a number too long")
    return value


def strings(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


def document(data):
    """The JSON value of the bytes, or Invalid. Python's reader is laxer than SPEC §3; what it lets through is refused here."""
    try:
        text = data.decode("utf-8")
        require("\0" not in text and not text.startswith("\ufeff"), "NUL or a byte order mark")
        value = json.loads(text, object_pairs_hook=unique, parse_int=number, parse_float=number,
                           parse_constant=lambda what: require(False, what))
    except (ValueError, RecursionError) as wrong:
        raise Invalid(str(wrong)) from wrong
    for found in strings(value):
        require("\0" not in found and not any(0xD800 <= ord(letter) <= 0xDFFF for letter in found), "NUL or a lone surrogate")
    return value


def ids(value, what):
    require(isinstance(value, list) and all(isinstance(item, str) and item for item in value), what)
    return value


def is_number(value):
    return isinstance(value, float) and not isinstance(value, bool)


def check_general(general):
    for key, value in general.items():
        if key == "orgName":
            require(isinstance(value, str), key)
        elif key == "orgPluginDir":
            require(isinstance(value, str), key)
            require(value == "" or value.startswith("/") and ".." not in value.split("/"), key)
        else:
            require(isinstance(value, bool), key)


def check_agents(agents):
    seconds, most = agents.get("maxHeartbeatFrequencySec", 60.0), agents.get("maxConcurrentAgents", 1.0)
    require(is_number(seconds) and seconds >= 60, "maxHeartbeatFrequencySec")
    require(is_number(most) and most >= 1 and most == int(most), "maxConcurrentAgents")


def read(data):
    """What the bytes put in force, with every default: {packs, connectors, agents, general}. Invalid where they are no policy."""
    root = document(data)
    require(isinstance(root, dict), "no object")
    require(root.get("version", 1.0) in (1.0, 2.0) and not isinstance(root.get("version", 1.0), bool), "version")
    require(isinstance(root.get("updatedAt", ""), str), "updatedAt")
    known = set(DEFAULTS) | {"version", "updatedAt"} | (UNENFORCED if root.get("version") == 2.0 else set())
    require(set(root) <= known, "an unknown section")
    sections = {}
    for section, defaults in DEFAULTS.items():
        found = root.get(section, {})
        require(isinstance(found, dict), section)
        require(set(found) <= set(defaults) | (OPTIONAL if section == "general" else set()), f"unknown in {section}")
        sections[section] = found
    for section in ("packs", "connectors"):
        for key, value in sections[section].items():
            ids(value, f"{section}.{key}")
    check_agents(sections["agents"])
    check_general(sections["general"])
    result = {section: DEFAULTS[section] | found for section, found in sections.items()}
    packs = result["packs"]
    require(not set(packs["required"]) & set(packs["blocked"]), "required and blocked")
    require(not packs["allowed"] or set(packs["required"]) <= set(packs["allowed"]), "required and not allowed")
    result["general"] = {key: value for key, value in result["general"].items() if value != ""}
    return result
