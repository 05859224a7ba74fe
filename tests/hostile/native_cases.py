"""Native code: libraries that are not what they should be, and packs that do harm once they run.

In the host itself run packs of trusted directories alone; what their constructors do it can't survive, but not twice. All
others run in a process of their own.
"""
import json
import os
import signal
import struct
import subprocess

import isolated_packs
import leftovers
import native_packs
from desk import Crash, Told, wait_until
from frame import Case, CoveredBy
from serving import SocketServer, StdioServer

AREA = "native"
NO_LIBRARY = "pack \"tea\" could not be activated: \"lib/libtea.so\" is no library of a pack for this host: "
NO_PACK = "pack \"tea\" could not be activated: \"lib/tea\" is no library of a pack for this host: "
NO_MAIN = "main is no native library for this platform: \"lib/libtea.so\": "
NOT_LOADED = "pack \"tea\" could not be activated: the library of the pack can't be loaded: "
NOT_AGAIN = 'the library of pack "tea" is not loaded any more: the host died 2 times while it was'


def canary(desk):
    return {"COWORK_TEST_CANARY": str(desk.work / "canary")}


def has_sung(desk):
    return (desk.work / "canary").exists()


def listed(desk):
    """The diagnostic of the pack `tea`; the pack `good` beside it is active."""
    document = desk.run("pack", "list", environment=canary(desk)).document
    states = {pack["name"]: pack["state"] for pack in document["packs"]}
    assert states.get("good") == "active", states
    assert "tea" in states and states["tea"] != "active", states
    told = [found for found in document["diagnostics"] if "tea" in found["message"] + found["path"]]
    assert told, document
    return Told(told[0]["code"], told[0]["message"], document)


# Libraries that are none, or none for this host.
def refused_library(name, make, code, message, *, runs=False):
    """A row for a builtin pack whose library is `make(desk)`, the code of which never runs."""
    def arrange(desk):
        desk.pack("builtin", "good")
        native_packs.lay(desk, "builtin", make(desk))

    def act(desk):
        told = listed(desk)
        assert has_sung(desk) == runs, "the library's code has run" if not runs else "the library's code has not run"
        called = desk.run("call", "tool:call", json.dumps(["tea", "echo", {}]))
        assert called.code == "not-found", called
        return told
    return Case(AREA, name, act, code, message, arrange=arrange, needs=native_packs.obstacle)


def changed(offset, content):
    """The good library with other bytes at an offset."""
    def make(_):
        library = bytearray(native_packs.library())
        library[offset:offset + len(content)] = content
        return bytes(library)
    return make


def fixture(name):
    def make(desk):
        content = native_packs.fixture(desk, name)
        assert content is not None, f"this build has no library {name} of tests/loaders/native"
        return content
    return make


def library_rows():
    table = [
        ("another C ABI", fixture("other-abi"), NO_PACK + 'it is built for the C ABI "other_le"'),
        ("another version of the ABI", fixture("other-version"), NO_PACK + "it is built for version 2 of the pack API"),
        ("no tag", fixture("no-tag"), NO_PACK + "it has no tag of a pack"),
        ("two tags", fixture("two-tags"), NO_PACK + "it has more than one tag"),
        ("RPATH", fixture("rpath"), NO_LIBRARY + "it brings a search path for libraries"),
        ("RUNPATH", fixture("runpath"), NO_LIBRARY + "it brings a search path for libraries"),
        ("an executable stack", fixture("executable-stack"), NO_LIBRARY + "it asks for an executable stack"),
        ("a library that is nowhere", fixture("needs-library"), NOT_LOADED),
        ("a symbol that is nowhere", fixture("missing-symbol"), NOT_LOADED),
    ]
    rows = [refused_library(f"library: {name}", make, "activation-failed", message) for name, make, message in table]
    rows.append(refused_library("library: a start that throws", fixture("start-throws"), "activation-failed",
                                'pack "tea" could not be activated: pack "tea" did not start: ', runs=True))
    table = [("another architecture", changed(18, struct.pack("<H", 183)), "it is made for another machine"),
             ("32 bits", changed(4, b"\1"), "it is not made for 64 bits"),
             ("the other byte order", changed(5, b"\2"), "its byte order is not this machine's"),
             ("a program", changed(16, struct.pack("<H", 2)), "it is an ELF file, but no shared library"),
             ("no ELF", lambda desk: b"#!/bin/sh\ntouch canary\n", "it does not begin with an ELF header"),
             ("nothing", lambda desk: b"", "it does not begin with an ELF header")]
    return rows + [refused_library(f"library: {name}", make, "invalid-main", NO_MAIN + message) for name, make,
                   message in table]


def cut_everywhere(desk):
    """At every size it is refused, and its code does not run."""
    desk.pack("builtin", "good")
    whole = native_packs.library()
    where = native_packs.lay(desk, "builtin", b"")
    desk.probes = 0
    for size in [*range(0, 64, 7), *range(64, len(whole), len(whole) // 60), len(whole) - 1]:
        where.write_bytes(whole[:size])
        told = listed(desk)
        assert told.code in ("invalid-main", "activation-failed"), f"cut at {size}: {told}"
        assert not has_sung(desk), f"cut at {size} its code has run"
        desk.probes += 1
    where.write_bytes(whole)
    packs, _ = desk.packs()
    assert packs["tea"]["state"] == "active", packs["tea"]
    return told


# What constructors do in the host.
def dies_of(desk):
    """Whether the program dies while it lists the packs."""
    try:
        desk.words("pack", "list", environment=canary(desk))
    except Crash:
        return True
    return False


def ends_silently(desk):
    _, out, _ = desk.words("pack", "list", "--json", environment=canary(desk))
    return not out


def hangs(desk):
    """Nobody but the user can end that."""
    program = subprocess.Popen([desk.program, "pack", "list"], env=desk.environment(**canary(desk)), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    wait_until(lambda: has_sung(desk), 20, "the constructor")
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    return True


def constructor_rows():
    def row(name, constructor, dies):
        def arrange(desk):
            desk.pack("builtin", "good")
            native_packs.lay(desk, "builtin", native_packs.library(constructor))

        def act(desk):
            for _ in range(2):
                assert dies(desk), "the host has survived that"
                assert has_sung(desk)
                (desk.work / "canary").unlink()
            told = listed(desk)
            assert not has_sung(desk), "it was loaded for the third time"
            assert desk.run("pack", "disable", "tea").code is None
            return told
        return Case(AREA, f"in the host: a constructor that {name}, twice", act, "pack-set-aside",
                    NOT_AGAIN,
                    arrange=arrange, unchanged=False, within_seconds=30, needs=native_packs.obstacle)
    return [row("aborts", "aborts", dies_of), row("throws", "throws", dies_of), row("crashes", "crashes", dies_of),
            row("ends the process", "leaves", ends_silently), row("hangs", "hangs", hangs)]


# Libraries that change, and code that runs while its pack goes.
def exchanged_after_install(desk):
    """Its hash is in the lock record."""
    assert desk.words("pack", "verify", "tea", environment=canary(desk))[0] == 5
    packs, _ = desk.packs()
    code, _, message = packs["tea"]["error"].partition(": ")
    assert packs["tea"]["state"] == "error", packs["tea"]
    called = desk.run("call", "tool:call", json.dumps(["tea", "echo", {}]), environment=canary(desk))
    assert called.code == "not-found" and not has_sung(desk), called
    return Told(code, message)


def installed(desk):
    source = desk.work / "source"
    (source / "lib").mkdir(parents=True)
    (source / "cowork.plugin.json").write_text(json.dumps(native_packs.manifest()))
    (source / "lib" / "libtea.so").write_bytes(native_packs.library())
    told = desk.run("pack", "install", source)
    assert told.code is None, told
    assert desk.run("pack", "enable", "tea").code is None


def exchanged(desk):
    installed(desk)
    (desk.user / "tea" / "lib" / "libtea.so").write_bytes(native_packs.library("aborts"))


def overwritten_while_it_runs(desk):
    """What runs is a copy that nobody can change."""
    where = native_packs.lay(desk, "builtin", native_packs.library())
    host = StdioServer(desk)
    assert host.call("tool:call", ["tea", "echo", {}]).code is None
    with open(where, "r+b") as library:
        library.write(b"\xcc" * os.path.getsize(where))
    assert host.call("tool:call", ["tea", "echo", {}]).code is None
    where.unlink()
    return host.call("tool:call", ["tea", "thread", {}])


def thread_in_it(desk):
    """A thread of the pack's own runs on while the pack goes and comes."""
    native_packs.lay(desk, "builtin", native_packs.library())
    host = StdioServer(desk)
    assert host.call("tool:call", ["tea", "thread", {}]).code is None
    for enabled in (False, True) * 3:
        assert host.call("pluginPack:toggle", ["tea", enabled]).code is None
        told = host.call("tool:call", ["tea", "thread", {}])
        assert told.code == (None if enabled else "not-found"), told
    return told


def call_in_it(desk):
    """It is switched off, and its directory taken away, while one of its tools runs."""
    native_packs.lay(desk, "builtin", native_packs.library())
    host = SocketServer(desk)
    slow, quick = host.connect().makefile("rwb"), host.connect().makefile("rwb")

    def ask(stream, method, params, **options):
        stream.write(json.dumps(host.request(method, params, options)).encode() + b"\n")
        stream.flush()

    def answer(stream):
        reply = json.loads(stream.readline())
        return Told(reply.get("error", {}).get("data", {}).get("code"), reply.get("error", {}).get("message", ""), reply)
    begun = desk.work / "begun"
    ask(slow, "tool:call", ["tea", "wait", str(begun)], timeoutMs=1500)
    wait_until(begun.exists, 10, "the tool's beginning")
    ask(quick, "pluginPack:toggle", ["tea", False])
    assert answer(quick).code is None
    ask(quick, "tool:call", ["tea", "echo", {}])
    assert answer(quick).code == "not-found"
    told = answer(slow)
    ask(quick, "pluginPack:toggle", ["tea", True])
    assert answer(quick).code is None
    ask(quick, "tool:call", ["tea", "echo", {}])
    assert answer(quick).code is None
    return told


def own(name, act, code=None, message="", **options):
    return Case(AREA, name, act, code, message, needs=native_packs.obstacle,
                **({"unchanged": False, "within_seconds": 30} | options))


def cases():
    rows = [
        own("library: cut", cut_everywhere, "activation-failed", NO_LIBRARY, within_seconds=60),
        own("library: exchanged after its hash was taken", exchanged_after_install, "integrity",
            'pack "tea" was changed after it was installed',
            arrange=exchanged, unchanged=True),
        own("library: overwritten while it runs", overwritten_while_it_runs),
        own("unload: a thread runs in it", thread_in_it),
        own("unload: a call runs in it", call_in_it),
        CoveredBy(AREA, "a library that is put back before the tree is hashed", "loader_native",
                  "a library that is put back before the tree is hashed is an integrity error all the same"),
        CoveredBy(AREA, "loaded and called by many threads", "native_concurrency"),
    ]
    return [leftovers.checked(case) for case in library_rows() + constructor_rows() + rows + isolated_packs.rows()]
