"""JSON: every document that comes from outside, with every text that the strict reader refuses, its bounds, and every field
of the wrong type. Each is refused in under a second, where it stands, and nothing changes."""
import json
import os

import wrong_types
from desk import Told
from frame import Case
from hostile_texts import TEXTS
from serving import StdioServer

AREA = "json"
SECOND = 1
MEBIBYTE = 1 << 20
NOTHING = ("nothing", "only white space")  # a line like that is no document on a stream


def desk_with_packs(desk):
    desk.pack("builtin", "good")
    desk.pack("user", "mine")


# What a document of each kind does: an act that says what was told of it. It stands already when the desk is compared.
def manifest_told(desk):
    told = desk.diagnosed("builtin/bad")
    packs, _ = desk.packs()
    assert packs["good"]["state"] == packs["mine"]["state"] == "active", packs
    assert "bad" not in packs
    return told


def validated(desk, *arguments):
    ran = desk.run(*arguments)
    assert ran.status == 8, f"status {ran.status} of {arguments}"
    first = ran.document["validation"]["diagnostics"][0]
    return Told(first["code"], first["message"], first)


def policy_told(desk):
    ran = desk.run("policy", "validate")
    assert ran.status == 8, ran.document
    fault = next(layer for layer in ran.document["status"]["layers"] if layer["layer"] == "user")["errors"][0]
    told = Told("invalid-policy", fault["message"], fault)
    packs, _ = desk.packs()
    for pack in packs.values():
        assert pack["policyBlocked"] and pack["policyReason"] == "policy-unavailable", pack
    refused = desk.run("pack", "enable", "good")
    assert refused.code == "policy-unavailable" and told.message in refused.document["error"]["why"], refused.document
    return told


def moved_aside(file, rest):
    """An act for a file of ours that is corrupt: it is moved aside as it was, reported, and `rest` of the host's packs are as
    they have to be without it."""
    def act(desk):
        content = (desk.home / file).read_bytes()
        packs, diagnostics = desk.packs()
        found = [told for told in diagnostics if told["code"] == "state-corrupt"]
        assert len(found) == 1, diagnostics
        asides = list(desk.home.glob(f"{file}.corrupt-*"))
        assert len(asides) == 1 and asides[0].read_bytes() == content, asides
        rest(packs)
        return Told("state-corrupt", found[0]["message"], found[0])
    return act


def user_packs_off(packs):
    assert packs["good"]["state"] == "active" and packs["mine"]["state"] == "disabled", packs


def packs_on(packs):
    assert packs["good"]["state"] == "active" and packs["mine"]["state"] == "active", packs


def settings_told(desk):
    told = desk.diagnosed("home/host.json")
    packs_on(desk.packs()[0])
    return told


def request_told(desk):
    server = StdioServer(desk)
    line = (desk.work / "document").read_bytes()
    reply = server.line(line)
    number = -32600 if len(line) > MEBIBYTE else -32700
    assert reply["error"]["code"] == number and reply["id"] is None, reply
    return Told(reply["error"]["data"]["code"], reply["error"]["message"], reply)


def from_stdin(*arguments):
    return lambda desk: desk.run(*arguments, stdin=(desk.work / "document").read_bytes())


KINDS = {  # kind: (where it stands, act, code, what stands before the reader's message, whether the desk stays as it was)
    "manifest": ("builtin/bad/cowork.plugin.json", manifest_told, "invalid-manifest", "", True),
    "policy": ("home/policies.json", policy_told, "invalid-policy", "", True),
    "toggles": ("home/pack-states.json", moved_aside("pack-states.json", user_packs_off), "state-corrupt",
                "pack-states.json is corrupt: ", False),
    "lock records": ("home/pack-lock.json", moved_aside("pack-lock.json", user_packs_off), "state-corrupt",
                     "pack-lock.json is corrupt: ", False),
    "settings": ("home/host.json", settings_told, "invalid-settings", "", True),
    "request": ("work/document", request_told, "invalid-argument", "", True),
    "candidate policy": ("work/document", from_stdin("policy", "set", "-"), "invalid-policy", "", True),
    "parameters": ("work/document", from_stdin("call", "pluginPack:get", "-"), "invalid-argument", "", True),
}


def document_case(kind, what, content, begins):
    where, act, code, before, unchanged = KINDS[kind]

    def arrange(desk):
        desk_with_packs(desk)
        desk.write(where, content)

    # Some kinds take several runs of the program to be told; each of them is quick.
    return Case(AREA, f"{kind}: {what}", act, code, before + begins, arrange, unchanged, within_seconds=3 * SECOND)


def texts():
    for kind in KINDS:
        for what, content, begins in TEXTS:
            if kind != "request" or what not in NOTHING:
                yield document_case(kind, what, content, begins)


def bounds():
    """Documents that break nothing but the bounds of their kind."""
    values = b"[" + b"1," * 100_000 + b"1]"
    for kind in ("manifest", "request"):
        yield document_case(kind, "a mebibyte and one byte", b'"' + b"x" * (MEBIBYTE - 1) + b'"',
                            "the line is longer than 1048576 bytes" if kind == "request" else "larger than 1048576 bytes")
        yield document_case(kind, "more than 100,000 values", values, "more than 100000 values")
    for kind, begins in (("policy", '"{root}/home/policies.json" is '), ("toggles", '"{root}/home/pack-states.json" is ')):
        yield document_case(kind, "sixteen mebibytes and one byte", b'"' + b"x" * (16 * MEBIBYTE - 1) + b'"',
                            begins + "larger than 16777216 bytes")
        yield document_case(kind, "more than 1,000,000 values", b"[" + b"1," * 1_000_000 + b"1]", "more than 1000000 values")


# What is no file.
def fifo(path):
    os.mkfifo(path)


def directory(path):
    path.mkdir()


def link(path):
    target = path.parent / "target"
    target.write_text("{}")
    path.symlink_to(target)


def device(path):
    os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero: it would be read for ever


def needs_root():
    return "" if os.geteuid() == 0 else "needs root: makes a device"


SPECIAL = [("a FIFO", fifo, "invalid-manifest", "expected a regular file, found a special file"),
           ("a directory", directory, "invalid-manifest", "expected a regular file, found a directory"),
           ("a link", link, "link-refused", "link refused: nothing of a pack may be a link"),
           ("a device", device, "invalid-manifest", "expected a regular file, found a special file")]


def special_files():
    for what, make, code, begins in SPECIAL:
        needs = needs_root if make is device else None

        def manifest(desk, make=make):
            desk_with_packs(desk)
            (desk.builtin / "bad").mkdir()
            make(desk.builtin / "bad" / "cowork.plugin.json")

        yield Case(AREA, f"manifest: {what}", manifest_told, code, begins, manifest,
                   within_seconds=3 * SECOND, needs=needs)


def wrong_fields():
    for name, manifests in wrong_types.manifests():
        def arrange(desk, manifests=manifests):
            desk.pack("builtin", "good")
            for number, (document, _, _) in enumerate(manifests):
                desk.pack("builtin", f"bad{number}", document)

        def act(desk, manifests=manifests):
            packs, diagnostics = desk.packs()
            assert list(packs) == ["good"], list(packs)
            by_directory = {told["path"].split("/")[-2]: told for told in diagnostics}
            for number, (document, pointer, message) in enumerate(manifests):
                told = by_directory[f"bad{number}"]
                shown = (told["code"], told.get("pointer"), told["message"])
                assert shown == ("invalid-manifest", pointer, message), f"{shown} of {json.dumps(document)}"
            return Told(told["code"], told["message"], told)

        yield Case(AREA, f"wrong type: manifest, {name}", act, "invalid-manifest", "expected a", arrange,
                   within_seconds=SECOND, probes=len(manifests))
    yield from wrong_policies()
    yield from wrong_parameters()


def wrong_policies():
    for name, policies in wrong_types.policies():
        def act(desk, policies=policies):
            for document, pointer, message in policies:
                told = validated(desk, "policy", "validate", desk.write("work/p.json", document))
                shown = (told.document.get("pointer"), told.message)
                assert shown == (pointer, message), f"{shown} of {json.dumps(document)}"
            return told

        yield Case(AREA, f"wrong type: policy, {name}", act, "invalid-policy", name.split(",")[0], within_seconds=SECOND,
                   probes=len(policies))


def wrong_parameters():
    for operation, requests in wrong_types.requests():
        def arrange(desk):
            desk_with_packs(desk)
            desk.server = StdioServer(desk)

        def act(desk, operation=operation, requests=requests):
            for params, message in requests:
                told = desk.server.call(operation, params)
                assert (told.code, told.message) == ("invalid-argument", message), f"{told.message!r} of {params}"
            return told

        yield Case(AREA, f"wrong type: {operation}", act, "invalid-argument", "parameter", arrange, within_seconds=SECOND,
                   probes=len(requests))


def cases():
    return [*texts(), *bounds(), *special_files(), *wrong_fields()]
