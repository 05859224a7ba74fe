"""Policy: files that can't be used, what they block, what lower layers and users can't do, and one verdict at every entry."""
import shutil

import machine_layer
import policy_bytes
import policy_edits
import policy_entries
import policy_machine
from desk import valid_pack
from frame import Case, CoveredBy
from policy_desk import MUTATIONS, UNAVAILABLE, call, nothing_works, tiers, with_policy

AREA = "policy"
UNUSABLE = {  # what: (the text, how its fault begins)
    "no JSON": ("{", "expected a key in quotation marks or '}'"),
    "empty": ("", "the document is empty"),
    "null": ("null", "the policy must be an object, not null"),
    "an array": ("[]", "the policy must be an object, not an array"),
    '"false"': ('{"general": {"allowGitInstall": "false"}}',
                'general.allowGitInstall must be true or false, not the string "false"'),
    "packs: []": ('{"packs": []}', "packs must be an object, not an array"),
    "an unknown key": ('{"pakcs": {}}', 'unknown member "pakcs", did you mean "packs"?'),
    "an unknown key in packs": ('{"packs": {"denied": []}}', 'unknown member "denied"; known are allowed, blocked, required'),
    "packs: null": ('{"packs": null}', "packs must be an object, not null"),
    "blocked: null": ('{"packs": {"blocked": null}}', "packs.blocked must be an array of strings, not null"),
    "version 3": ('{"version": 3}', "version must be 1 or 2, not 3"),
    "too low a frequency": ('{"agents": {"maxHeartbeatFrequencySec": 59}}',
                            "agents.maxHeartbeatFrequencySec must be a number of at least 60, not 59"),
    "no agents": ('{"agents": {"maxConcurrentAgents": 0}}', "agents.maxConcurrentAgents must be an integer of at least 1, not 0"),
    "a relative directory": ('{"general": {"orgPluginDir": "plugins"}}', "general.orgPluginDir must be an absolute path"),
    "a parent step": ('{"general": {"orgPluginDir": "/a/../b"}}', 'general.orgPluginDir must be a path without ".."'),
    "required and blocked": ('{"packs": {"required": ["a"], "blocked": ["a"]}}',
                             'packs.required has "a", which packs.blocked has too'),
    "required and not allowed": ('{"packs": {"required": ["a"], "allowed": ["b"]}}',
                                 'packs.required has "a", which packs.allowed does not have'),
    "an empty id": ('{"packs": {"blocked": [""]}}', "each entry of packs.blocked must be a non-empty string"),
    "version 2's sections": ('{"version": 1, "runtime": {}}', 'runtime needs "version": 2'),
}
# In a merge patch null takes a member out; what is no object is no patch.
NO_PATCH = {"null": "invalid-argument", "an array": "invalid-argument", "packs: null": None, "blocked: null": None}


def cold_starts():
    for what, (text, fault) in UNUSABLE.items():
        def check(desk, told, fault=fault):
            nothing_works(desk, told)
            assert f"can't be used: {fault}" in told.document["data"]["why"], told.document

        yield Case(AREA, f"cold start, {what}", MUTATIONS["enable"], "policy-unavailable", UNAVAILABLE,
                   with_policy(text, warm=False), check=check)
    for what, act in MUTATIONS.items():
        yield Case(AREA, f"cold start, corrupt: {what}", act, "policy-unavailable", UNAVAILABLE, with_policy("{", warm=False))
    yield Case(AREA, "cold start, corrupt: use a connector", call("connector:use", "crm"), "policy-unavailable",
               'Connector "crm" is blocked while the admin policy is unavailable', with_policy("{", warm=False))
    yield Case(AREA, "cold start, corrupt: call a tool", call("tool:call", "mine", "t", {}), "policy-unavailable",
               'Pack "mine" is blocked while the admin policy is unavailable', with_policy("{", warm=False))


def last_good():
    """The last valid content stays in force, from one process to the next."""
    def spoilt(text):
        def arrange(desk):
            with_policy({"packs": {"blocked": ["beta"]}})(desk)
            desk.policy(text)
        return arrange

    def only_beta(desk, told):
        packs, _ = desk.packs()
        assert {name: pack.get("policyReason") for name, pack in packs.items()} == {
            "alpha": None, "beta": "blocked", "mine": None}, packs

    for what, (text, _) in UNUSABLE.items():
        yield Case(AREA, f"last good, then {what}", call("pluginPack:toggle", "beta", True), "policy-denied",
                   'Pack "beta" is blocked by admin policy', spoilt(text), check=only_beta)


def repairs():
    """Updates on top of a corrupt file."""
    patch = {"packs": {"blocked": ["beta"]}}
    needs_start = "The user policy is invalid: an update has to say what it starts from"
    corrupt = with_policy("{", warm=False)

    def corrupt_after_good(desk):
        with_policy({"packs": {"blocked": ["alpha"]}})(desk)
        desk.policy("{")

    def blocked(*names):
        def check(desk, told):
            packs, _ = desk.packs()
            assert {name for name, pack in packs.items() if pack["policyBlocked"]} == set(names), packs
            assert desk.run("policy", "validate").status == 0
        return check

    yield Case(AREA, "update on top of a corrupt file", call("admin:policiesUpdate", patch), "policy-unavailable", needs_start,
               corrupt)
    yield Case(AREA, "update on top of a corrupt file, with a last good", call("admin:policiesUpdate", patch),
               "policy-unavailable", needs_start, corrupt_after_good)
    yield Case(AREA, "update from the last good, and there is none",
               call("admin:policiesUpdate", patch, {"startFrom": "last-good"}), "not-found",
               "the user policy has no last good content to start from", corrupt)
    yield Case(AREA, "update from a start that is none", call("admin:policiesUpdate", patch, {"startFrom": "nothing"}),
               "invalid-argument", 'startFrom must be "last-good" or "defaults"', corrupt)
    yield Case(AREA, "update from defaults", call("admin:policiesUpdate", patch, {"startFrom": "defaults"}), arrange=corrupt,
               unchanged=False, check=blocked("beta"))
    yield Case(AREA, "update from the last good", call("admin:policiesUpdate", {"packs": {"required": ["mine"]}},
                                                      {"startFrom": "last-good"}),
               arrange=corrupt_after_good, unchanged=False, check=blocked("alpha"))
    yield Case(AREA, "update with a revision that is past", call("admin:policiesUpdate", patch, {"ifRevision": "0" * 16}),
               "conflict", "the user policy has changed: its revision is ", with_policy({"packs": {"blocked": ["alpha"]}}))
    for what, (text, fault) in UNUSABLE.items():
        code = NO_PATCH.get(what, "invalid-policy")
        if code:
            begins = fault if code == "invalid-policy" else 'parameter "updates" must be an object, found '
            yield Case(AREA, f"policy set of {what}", lambda desk, text=text: desk.run("policy", "set", "-", stdin=text.encode()),
                       code, begins, with_policy({"packs": {"blocked": ["beta"]}}))


def sources():
    """A blocked id through each source."""
    blocked, denied = {"packs": {"blocked": ["fresh"]}}, 'Pack "fresh" is blocked by admin policy'
    unlisted = {"packs": {"allowed": ["alpha"]}}
    closed = {"general": {"allowCustomPacks": False, "allowGitInstall": False, "allowUrlInstall": False}}
    for what in ("make a pack", "install a directory"):
        yield Case(AREA, f"a blocked id: {what}", MUTATIONS[what], "policy-denied", denied, with_policy(blocked))
        yield Case(AREA, f"an id that is not allowed: {what}", MUTATIONS[what], "policy-denied",
                   'Pack "fresh" is not in the list of allowed packs', with_policy(unlisted))
    for what in ("make a pack", "install a directory", "install from git", "install from a URL"):
        yield Case(AREA, f"installation disabled: {what}", MUTATIONS[what], "policy-denied",
                   "Installation disabled by admin policy", with_policy(closed))

    def copied(policy):
        def arrange(desk):
            with_policy(policy)(desk)
            shutil.copytree(desk.work / "fresh", desk.user / "fresh")
        return arrange

    def not_active(reason):
        def check(desk, told):
            pack = desk.packs()[0]["fresh"]
            assert pack["state"] == "disabled" and pack["policyBlocked"] and pack["policyReason"] == reason, pack
            assert not [skill for skill in desk.run("pack", "context").document["context"]["skills"]
                        if skill["packName"] == "fresh"]
        return check

    enable = call("pluginPack:toggle", "fresh", True)
    yield Case(AREA, "a blocked id: copied by hand", enable, "policy-denied", denied, copied(blocked),
               check=not_active("blocked"))
    yield Case(AREA, "an id that is not allowed: copied by hand", enable, "policy-denied", 'Pack "fresh" is not in the list of',
               copied(unlisted), check=not_active("not-allowed"))
    yield Case(AREA, "installation disabled: copied by hand", enable, "policy-denied", "Installation disabled by admin policy",
               copied(closed), check=not_active("not-allowed"))
    for what, case in (("a blocked id: archive, git, URL, update", "a blocked id is refused through every way in, and nothing "
                        "becomes visible"), ("an id that is not allowed: archive, git, URL, update",
                        "an id that is not in the list of allowed packs is refused through every way in")):
        yield CoveredBy(AREA, what, "flow_installs", case)


def types():
    """All types of manifest are governed."""
    for kind in ("tool", "channel", "provider", "integration"):
        def arrange(desk, kind=kind):
            tiers(desk)
            desk.pack("builtin", "odd", valid_pack("odd", type=kind))
            desk.policy({"packs": {"blocked": ["odd"]}})
            assert desk.packs()[0]["odd"]["state"] == "disabled"

        yield Case(AREA, f"a blocked manifest of type {kind}", call("pluginPack:toggle", "odd", True), "policy-denied",
                   'Pack "odd" is blocked by admin policy', arrange)


def required():
    """A required pack can't be disabled, uninstalled, or shadowed; in the user's layer and in the machine's."""
    policy = {"packs": {"required": ["alpha", "mine"]}}

    def machine(desk):
        tiers(desk)
        desk.machine(policy)

    rows = [("disable", call("pluginPack:toggle", "alpha", False), 'Pack "alpha" is required by admin policy and cannot be disabled'),
            ("disable its skill", call("pluginPack:toggleSkill", "alpha", "alpha-s", False),
             'Pack "alpha" is required by admin policy and cannot be disabled'),
            ("uninstall", call("pluginPack:uninstall", "mine"), 'Pack "mine" is required by admin policy and cannot be uninstalled')]
    for layer, arrange, needs in (("user", with_policy(policy), None), ("machine", machine, machine_layer.obstacle)):
        for what, act, begins in rows:
            yield Case(AREA, f"required by the {layer} layer: {what}", act, "policy-denied", begins, arrange, needs=needs)

        def shadow(desk, arrange=arrange):
            arrange(desk)
            desk.pack("user", "alpha", valid_pack("alpha", version="9.0.0"))
            desk.write("home/pack-states.json", {"updatedAt": 1, "packs": {"alpha": False}, "skills": {"alpha": {"alpha-s": False}}})

        def builtin_stays(desk, told):
            pack = desk.packs()[0]["alpha"]
            assert (pack["scope"], pack["version"], pack["state"]) == ("builtin", "1.0.0", "active"), pack
            assert pack["skills"][0]["enabled"], pack

        yield Case(AREA, f"required by the {layer} layer: shadow it, and switch it off by hand",
                   lambda desk: desk.diagnosed("home/extensions/alpha"), "shadowed", 'pack "alpha" in directory "alpha" is shadowed',
                   shadow, check=builtin_stays, needs=needs)


def covered():
    throws, late = "flow_interceptors", "A call that is cancelled or late changes nothing"
    return [
        CoveredBy(AREA, "policy changed between check and commit", throws,
                  "A mutation that was approved under an older policy is judged again before it is committed"),
        CoveredBy(AREA, "policy changed between entry and commit, in the chain", "chain",
                  "rule 3: a policy that changed between entry and commit refuses at the commit point"),
        CoveredBy(AREA, "an interceptor throws", throws, "An interceptor that throws makes the operation fail with its name"),
        CoveredBy(AREA, "an interceptor throws in a nested operation", throws,
                  "An interceptor that throws in a nested operation keeps a pack from becoming visible"),
        CoveredBy(AREA, "an interceptor answers in the policy's stead", throws,
                  "An interceptor that answers in the policy's stead does not succeed"),
        CoveredBy(AREA, "an interceptor hangs: timeout once it returns", throws, late),
        CoveredBy(AREA, "an interceptor hangs: the watchdog names it before", "host",
                  "watchdog: an interceptor that holds a call too long is named while it does"),
        CoveredBy(AREA, "the policy phase is empty", "host",
                  "rule 2: an empty policy phase fails start(), unless it was asked for by name"),
        CoveredBy(AREA, "one verdict through C++, a request and a batch", "serve_command",
                  "the same question gets the same verdict through C++, one request and a batch"),
        CoveredBy(AREA, "a blocked native pack is not loaded", "flow_native",
                  "a blocked native pack is not loaded, and its tools are refused by policy"),
    ]


def cases():
    return [*policy_bytes.cases(), *cold_starts(), *last_good(), *repairs(), *sources(), *types(), *required(), *policy_machine.cases(),
            *policy_entries.cases(), *policy_edits.cases(), *covered()]
