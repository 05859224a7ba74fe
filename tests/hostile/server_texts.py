"""Markup in every text of a manifest: answers hold it as text, of a type that no browser runs, under a policy without inline
code; pages that are served have none of it."""
import json
import re

from desk import Told, valid_pack
from frame import Case
from raw_http import exchange, parsed, request, told
from serving import SocketServer

AREA = "server"
MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
SECURITY = {"content-type": "application/json", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
            "cross-origin-resource-policy": "same-origin", "cross-origin-opener-policy": "same-origin"}
ENTRIES = {
    "skills": {"id": "s", "name": "S", "description": "d", "icon": "i", "category": "c", "prompt": "p"},
    "slashCommands": {"name": "c", "description": "d", "skillId": "alpha-s"},
    "agentRoles": {"name": "r", "displayName": "R", "description": "d", "icon": "i", "color": "#fff", "systemPrompt": "p"},
    "connectors": {"name": "n", "description": "d", "inputSchema": {}, "type": "http", "http": {}},
}
TEXTS = ("displayName", "description", "author", "license", "homepage", "icon", "category", "personaTemplateId")
LISTS = ("keywords", "recommendedConnectors", "tryAsking", "bestFitWorkflows", "outcomeExamples")
QUESTIONS = [("pluginPack:list", []), ("pluginPack:get", ["alpha"]), ("pluginPack:getContext", []), ("host:status", []),
             ("skill:get", ["s"])]


def manifests():
    """(the field, a manifest with markup in it)"""
    for field in TEXTS:
        yield field, valid_pack("alpha", **{field: MARKUP})
    for field in LISTS:
        yield field, valid_pack("alpha", **{field: [MARKUP]})
    for field, entry in ENTRIES.items():
        for member, value in entry.items():
            if isinstance(value, str) and member not in ("type", "skillId"):
                whole = valid_pack("alpha")
                whole[field] = [*whole.get(field, []), entry | {member: MARKUP}]
                yield f"{field}, {member}", whole
    for field in ("name", "version", "type"):  # no such pack is taken: the markup stands in a diagnostic
        yield field, valid_pack("alpha") | {field: MARKUP}
    yield "an unknown member", valid_pack("alpha") | {MARKUP: MARKUP}


def texts_of(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *texts_of(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)
    elif isinstance(value, str):
        yield value


def check_policy(headers):
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy, policy
    assert headers["x-content-type-options"] == "nosniff"


def act(desk):
    desk.server = server = SocketServer(desk, http=True)
    seen = 0
    for operation, params in QUESTIONS:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": operation, "params": params}).encode()
        reply = parsed(exchange(server.address, request(server, body=body)))
        assert reply.status == 200
        check_policy(reply.headers)
        for name, value in SECURITY.items():
            assert reply.headers.get(name) == value, f"{name}: {reply.headers.get(name)}"
        texts = list(texts_of(json.loads(reply.body)))
        seen += sum(MARKUP in text or MARKUP[:40] in text for text in texts)
        assert not [text for text in texts if "&lt;" in text], "a text was changed"
    for path in ("/", "/assets/console.js"):
        page = parsed(exchange(server.address, request(server, method="GET", path=path, body=b"", Content_Length=None)))
        assert page.status == 200 and b"alert(" not in page.body
        check_policy(page.headers)
    return Told(None, str(seen))


def cases():
    for field, manifest in manifests():
        hidden = field in ("author", "license", "homepage", "keywords", "an unknown member") or field.startswith("agentRoles, system")

        def check(desk, told, hidden=hidden):
            assert hidden or told.message != "0", "the text was shown nowhere: nothing was tried"

        yield Case(AREA, f"markup in {field}", act, arrange=lambda desk, manifest=manifest: desk.pack("builtin", "alpha", manifest),
                   check=check)

    def console(desk):
        desk.server = SocketServer(desk, http=True)
        page = parsed(exchange(desk.server.address, request(desk.server, method="GET", path="/", body=b"", Content_Length=None)))
        check_policy(page.headers)
        assert not re.search(rb"<script(?![^>]* src=)|\son\w+=|javascript:|<style", page.body), page.body
        return Told(None)

    yield Case(AREA, "the console has no inline code", console)
