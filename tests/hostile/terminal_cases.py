"""Terminal: whatever stands in manifests, policies, settings, records, file names, arguments and answers of a server, what is
written has no byte that a terminal would act on, or show as nothing; through pipes and on a real pseudo-terminal."""
import json
import os
import pty
import re
import select
import socket
import subprocess
import termios
import threading
import time

from desk import Crash, Told, crash_of, valid_pack
from frame import Case

AREA = "terminal"
# Clear the screen, set the title, ring, go back, overwrite, C1's CSI, delete. Most texts are refused for them.
CONTROLS = ("\x1b[2J", "\x1b]0;title\x07", "\x07", "\b\b", "\r", "\x9b2J", "\x7f", "\v", "\f")
# Bidi, zero-width, separators of lines, soft hyphen, tags: texts may have them, so they get as far as the table.
INVISIBLES = ("\u202e", "\u2066", "\u061c", "\u200b", "\u200f", "\u2060", "\ufeff", "\u2028", "\u2029", "\u00ad", "\U000e0041")
TEXTS = {"controls": "mark" + "m".join(CONTROLS) + "end", "invisible": "mark" + "m".join(INVISIBLES) + "end"}
TEXT = "TEXT"  # stands for one of them in what is made and run
OWN = re.compile(r"\x1b\[[0-9;]*m|\r\x1b\[K")  # colours and the line of progress, where there is a terminal; no text has one
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
                       "\ufff9-\ufffb\U000e0000-\U000e007f]")


def check_text(data, what, own_colours):
    text = data.decode("utf-8")  # bytes that are no UTF-8 are a fault too
    if own_colours:
        text = OWN.sub("", text)
    if found := FORBIDDEN.search(text):
        begin = max(0, found.start() - 60)
        raise AssertionError(f"{what} wrote {found.group()!r}: …{text[begin:found.end() + 40]!r}")
    return text


def by_pipe(desk, arguments):
    status, out, err = desk.words(*arguments)
    return check_text(out, f"stdout of {arguments}", False) + check_text(err, f"stderr of {arguments}", False)


def by_json(desk, arguments):
    status, out, err = desk.words("--json", *arguments)
    json.loads(out)
    # A document is data: it holds every text as it is, escaped as JSON has it. Control characters are never raw in it.
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", out), f"stdout of {arguments}: {out[:400]!r}"
    return out.decode() + check_text(err, f"stderr of {arguments}", False)


def by_terminal(desk, arguments):
    """Runs the program on a pseudo-terminal of its own, that changes nothing of what is written."""
    master, slave = pty.openpty()
    modes = termios.tcgetattr(slave)
    modes[1] &= ~termios.OPOST
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(slave, termios.TCSANOW, modes)
    environment = desk.environment(TERM="xterm-256color")
    del environment["NO_COLOR"]
    ran = subprocess.Popen([desk.program, *map(os.fsencode, arguments)], stdin=slave, stdout=slave, stderr=slave, cwd=desk.work,
                           env=environment, start_new_session=True)
    os.close(slave)
    os.write(master, b"n\n")  # whatever is asked
    received, deadline = b"", time.monotonic() + 30
    try:
        while time.monotonic() < deadline:
            if not select.select([master], [], [], 1)[0]:
                continue
            part = os.read(master, 1 << 16)
            if not part:
                break
            received += part
    except OSError:  # nobody has the other end any more
        pass
    finally:
        os.close(master)
        if time.monotonic() >= deadline:
            ran.kill()
        status = ran.wait()
    assert time.monotonic() < deadline, f"cowork {arguments} did not end on a terminal"
    if crash := crash_of(status, received):
        raise Crash(f"cowork {arguments}: {crash}")
    return check_text(received, f"{arguments} on a terminal", True)


MEDIA = {"pipe": by_pipe, "terminal": by_terminal, "json": by_json}


# Where hostile text stands, and what shows it.
def filled(value, text):
    """`value` with `text` wherever TEXT stands, in keys too."""
    if isinstance(value, dict):
        return {filled(key, text): filled(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, text) for inner in value]
    return value.replace(TEXT, text) if isinstance(value, str) else value


def manifest_field(field):
    def arrange(desk, text):
        pack = valid_pack("bad")
        if field in ("keywords", "tryAsking", "recommendedConnectors"):
            pack[field] = [TEXT]
        elif field.startswith("skills."):
            pack["skills"][0][field.removeprefix("skills.")] = TEXT
        elif field.startswith("connectors."):
            pack["connectors"] = [{"name": "n", "description": "d", "inputSchema": {}, "type": "http", "http": {},
                                   field.removeprefix("connectors."): TEXT}]
        elif field == "a member's name":
            pack[TEXT] = 1
        else:
            pack[field] = TEXT
        desk.pack("builtin", "good")
        desk.pack("user", "bad", filled(pack, text))
    return arrange


PACK_COMMANDS = [["pack", "list"], ["pack", "info", "bad"], ["pack", "validate", "USER/bad"],
                 ["pack", "validate", "--strict", "USER/bad"], ["pack", "context"], ["skill", "show", "bad-s"], ["doctor"]]
FIELDS = ("name", "displayName", "version", "description", "type", "author", "license", "homepage", "icon", "category", "main",
          "coworkVersion", "personaTemplateId", "keywords", "tryAsking", "recommendedConnectors", "skills.id", "skills.name",
          "skills.description", "skills.prompt", "connectors.name", "connectors.description", "connectors.type", "a member's name")


def directory_name(desk, text):
    desk.pack("builtin", "good")
    where = desk.user / text
    where.mkdir()
    (where / "cowork.plugin.json").write_text(json.dumps(valid_pack("bad")))


def raw_bytes_name(desk, text):
    where = os.fsencode(desk.user) + b"/a\xff\xfe\x1b[2Jb"
    os.mkdir(where)


def skill_md(desk, text):
    desk.pack("user", "bad", valid_pack("bad", skillDirectories=[{"id": "d", "path": "d"}]))
    escaped = "".join(f"\\u{ord(letter):04x}" if ord(letter) < 1 << 16 else letter for letter in text)
    desk.write("home/extensions/bad/d/SKILL.md", f'---\nname: "{escaped}"\ndescription: d\n---\n{text}')


def policy(document):
    def arrange(desk, text):
        desk.pack("builtin", "good")
        desk.policy(filled(document, text))
    return arrange


def audit(desk, text):
    desk.pack("builtin", "good")
    desk.run("pack", "disable", "good")
    desk.run("pack", "enable", text)
    trail = desk.home / "audit.jsonl"
    line = json.loads(trail.read_text().strip("\n").split("\n")[-1])
    trail.write_text(trail.read_text() + json.dumps(line | {"subject": text, "operation": text, "actor": text}) + "\n")


def lock_record(desk, text):
    desk.pack("user", "bad")
    desk.write("home/pack-lock.json", {"version": 1, "packs": {"bad": {
        "version": "1.0.0", "source": {"kind": "git", "location": "https://127.0.0.1:1/" + text, "ref": text},
        "treeSha256": "0" * 64, "installedAt": "2025-01-15T12:00:00Z"}}})


def toggles(desk, text):
    desk.pack("user", "bad")
    desk.write("home/pack-states.json", {"updatedAt": 1, "packs": {text: True, "bad": text}})


def settings(desk, text):
    desk.pack("user", "bad")
    desk.write("home/host.json", {text: 1, "logLevel": text, "registry": {"url": text}})


def registry(desk, text):
    entry = {"name": "acme", "id": "acme", "displayName": text, "version": "1.0.0", "description": text, "author": text,
             "category": text, "downloadUrl": "https://127.0.0.1:1/x.zip", "tags": [text]}
    desk.write("work/registry/pack-catalog.json", {"version": 1, "updatedAt": text, "packs": [entry]})
    desk.write("home/host.json", {"registry": {"url": str(desk.work / "registry")}})


def nothing(desk, text):
    desk.pack("builtin", "good")


BLOCKED = [["pack", "list"], ["pack", "enable", "good"], ["policy", "show"], ["policy", "get", "packs.blocked"], ["policy", "validate"],
           ["policy", "explain", "pluginPack:toggle", "good", "true"], ["policy", "check", "good"], ["doctor"],
           ["policy", "simulate", "packs.blocked-=good"]]
ARGUMENTS = [["pack", "info", TEXT], ["pack", "enable", TEXT], ["pack", "new", TEXT], ["pack", "install", TEXT],
             ["pack", "install", "https://127.0.0.1:1/" + TEXT], ["pack", "install", "git+https://127.0.0.1:1/" + TEXT],
             ["pack", "validate", TEXT], ["pack", "remove", TEXT],
             ["pack", "search", TEXT], ["skill", "show", TEXT], ["policy", "validate", TEXT], ["policy", "set", TEXT],
             ["policy", "set", TEXT + "=1"], ["policy", "set", "packs.blocked=" + TEXT], ["policy", "get", TEXT],
             ["policy", "check", TEXT], ["policy", "explain", TEXT], ["policy", "simulate", TEXT], ["call", TEXT],
             ["call", "pluginPack:get", TEXT], ["call", "pluginPack:get", f'["{TEXT}"]'], ["chain", TEXT],
             ["audit", "--operation", TEXT], ["completion", TEXT], ["paths", "--home", TEXT],
             ["pack", "list", "--builtin", TEXT], ["pack", "list", "--color", TEXT], ["--connect", TEXT, "pack", "list"],
             [TEXT], ["pack", TEXT], ["pack", "list", "--" + TEXT], ["help", TEXT], ["serve", "--port", TEXT]]
# What can't print a document: usage that is wrong before --json is known, and completion.
WORDS_ONLY = (["completion", TEXT], ["help", TEXT])

PLACES = {  # place: (arrange, commands)
    **{f"a manifest's {field}": (manifest_field(field), PACK_COMMANDS) for field in FIELDS},
    "a directory's name": (directory_name, [["pack", "list"], ["doctor"]]),
    "bytes that are no UTF-8 as a directory's name": (raw_bytes_name, [["pack", "list"], ["doctor"]]),
    "SKILL.md": (skill_md, PACK_COMMANDS),
    "blocked ids": (policy({"packs": {"blocked": [TEXT, "good"]}, "general": {"orgName": TEXT}}), BLOCKED),
    "orgName": (policy({"packs": {"required": ["good"]}, "general": {"orgName": TEXT}}), [["pack", "disable", "good"], ["policy", "show"]]),
    "orgPluginDir": (policy({"general": {"orgPluginDir": "/" + TEXT}}), [["pack", "list"], ["doctor"], ["policy", "show"], ["paths"]]),
    "a policy's unknown member": (policy({TEXT: 1}), BLOCKED),
    "a policy's wrong value": (policy({"general": {"allowGitInstall": TEXT}}), BLOCKED),
    "a policy's updatedAt": (policy({"updatedAt": TEXT}), [["policy", "show"], ["policy", "validate"]]),
    "the audit trail": (audit, [["audit"], ["audit", "--verify"]]),
    "lock records": (lock_record, [["pack", "list"], ["pack", "info", "bad"], ["pack", "verify", "--all"], ["pack", "update", "bad"]]),
    "toggles": (toggles, [["pack", "list"], ["doctor"], ["pack", "enable", "bad"]]),
    "settings": (settings, [["pack", "list"], ["doctor"], ["pack", "search", "x"], ["paths"]]),
    "the registry's catalog": (registry, [["pack", "search", "acme"], ["pack", "install", "acme"], ["doctor"]]),
    "arguments": (nothing, ARGUMENTS),
}


# What says no word of the text, on a terminal or anywhere: nothing but that it is corrupt, or not at all.
SAYS_NOTHING = {(place, kind) for kind in TEXTS for place in ("toggles", "a policy's updatedAt", "SKILL.md",
                                                              "the registry's catalog")}
SAYS_NOTHING |= {(f"a manifest's {field}", "invisible") for field in ("license", "homepage", "icon", "keywords")}


def places():
    for place, (arrange, commands) in PLACES.items():
        for kind, text in TEXTS.items():
            for medium, run in MEDIA.items():
                yield Case(AREA, f"{place}, {kind}, {medium}", shows(commands, text, medium, run),
                           arrange=lambda desk, arrange=arrange, text=text: arrange(desk, text), unchanged=False,
                           within_seconds=60, probes=0, check=None if (place, kind) in SAYS_NOTHING else check_shown)


def shows(commands, text, medium, run):
    def act(desk):
        shown = ""
        for words in commands:
            if medium == "json" and words in WORDS_ONLY:
                continue
            shown += run(desk, [filled(word, text).replace("USER", str(desk.user)) for word in words])
            desk.probes += 1
        return Told(None, "shown" if re.search(r"mark|\\x1b|\\u", shown) else "")
    return act


def check_shown(desk, told):
    assert told.message == "shown", "the text was shown nowhere: nothing was tried"


class HostileServer:
    """Answers each line at a Unix socket with what a case wants."""

    def __init__(self, path, answer):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.fspath(path))
        self.listener.listen()
        self.answer = answer
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                for line in lines:
                    connection.sendall(json.dumps({"jsonrpc": "2.0", "id": json.loads(line).get("id")} | self.answer).encode() + b"\n")

    def stop(self):
        self.listener.close()
        return []


SERVERS = {
    "an error's words": {"error": {"code": -32000, "message": TEXT, "data": {"code": "policy-denied", "why": TEXT, "try": TEXT}}},
    "an error's code": {"error": {"code": -32000, "message": TEXT, "data": {"code": TEXT}}},
    "packs": {"result": [valid_pack("bad") | {
        "displayName": TEXT, "version": TEXT, "scope": TEXT, "path": TEXT, "alias": TEXT, "state": TEXT,
        "enabled": True, "policyBlocked": True, "policyRequired": False, "policyReason": TEXT, "error": TEXT}]},
    "warnings": {"result": {"success": True, "name": TEXT, "enabled": True}, "warnings": [TEXT]},
}


def servers():
    for what, answer in SERVERS.items():
        for medium in ("pipe", "terminal"):
            def act(desk, answer=answer, medium=medium):
                desk.running.append(HostileServer(desk.work / "s", filled(answer, "".join(TEXTS.values()))))
                for arguments in (["pack", "list"], ["pack", "info", "bad"], ["pack", "enable", "bad"], ["doctor"], ["policy", "show"]):
                    MEDIA[medium](desk, ["--connect", str(desk.work / "s"), *arguments])
                    desk.probes += 1
                return Told(None)

            yield Case(AREA, f"a server's answer: {what}, {medium}", act, unchanged=False, within_seconds=60, probes=0)


def cases():
    return [*places(), *servers()]
