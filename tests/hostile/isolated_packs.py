"""Rows of native packs that are run in a process of their own, and do harm there: the host stays up, and the call says so."""
import functools
import json
import os
import pathlib
import signal

import leftovers
import native_packs
from desk import Told, is_sanitized, wait_until
from frame import Case, CoveredBy, NotRun
from serving import SocketServer, StdioServer

AREA = "native"
FAILED = 'tool "{0}" of pack "tea" failed: its process '
MS = 1000  # of calls that do not come to an end


@functools.cache
def runs_isolated(program):
    return (program.parents[1] / "libexec" / "cowork" / "cowork-pack-runner").exists()


def laid(constructor="well"):
    """The pack `tea` in the user tier, switched on, and the harmless pack `good`."""
    def arrange(desk):
        assert runs_isolated(desk.program), "this build has no cowork-pack-runner"
        desk.pack("user", "good")
        native_packs.lay(desk, "user", native_packs.library(constructor))
        assert desk.run("pack", "enable", "tea").code is None
        desk.write("home/secret", "secret", 0o600)
    return arrange


def is_up(desk, host):
    """The host answers, knows its other pack, and nothing of home and tiers has changed."""
    packs = {pack["name"]: pack["state"] for pack in host.call("pluginPack:list").document}
    assert packs["good"] == "active" and "tea" in packs, packs
    assert host.process.poll() is None
    assert (desk.home / "secret").read_text() == "secret"


def own(name, act, code=None, message="", constructor="well", within_seconds=20):
    return Case(AREA, f"isolated: {name}", act, code, message, arrange=laid(constructor), unchanged=False,
                within_seconds=within_seconds,
                needs=native_packs.obstacle)


def call(tool, given="x", deadline_ms=None, again=True):
    """An act: one call of a tool, after which the host is up and the pack can be called again."""
    def act(desk):
        host = StdioServer(desk)
        params = ["tea", tool, given(desk) if callable(given) else given]
        # A served host starts the process ahead of calls: when that died, the first call may be told to come later.
        tries = []

        def answered():
            tries.append(host.call("tool:call", params, {"timeoutMs": deadline_ms} if deadline_ms else None))
            return tries[-1].code != "conflict" or "is started again in" not in tries[-1].message
        wait_until(answered, 10, "the call's turn")
        told = tries[-1]
        is_up(desk, host)
        if again:
            wait_until(lambda: host.call("tool:call", ["tea", "echo", "x"]).code is None, 5, "the next call")
        return told
    return act


def leak(desk):
    if is_sanitized(desk.program):
        raise NotRun("a sanitizer's address space can't be limited")
    return call("leak")(desk)


def crash_rows():
    rows = [own("a call that takes all memory", leak, "internal", FAILED.format("leak"))]
    rows += [own(f"a call that {what}", call(tool), "internal", FAILED.format(tool) + how) for what, tool, how in (
        ("crashes", "crash", "was killed by signal SIGSEGV"), ("aborts", "abort", "was killed by signal SIGABRT"),
        ("ends the process", "leave", "ended with status 0"))]
    rows += [own(f"a call that {what}", call(tool, deadline_ms=MS), "timeout", f'tool "{tool}" of pack "tea" did not answer')
             for what, tool in (("hangs", "hang"), ("works without end", "spin"))]
    did_not_start = 'pack "tea" did not start: its process '
    rows += [own(f"a constructor that {what}", call("echo", again=False), "internal", did_not_start + how, constructor)
             for what, constructor, how in (
                 ("aborts", "aborts", "was killed by signal SIGABRT"), ("throws", "throws", "was killed by signal SIGABRT"),
                 ("crashes", "crashes", "was killed by signal SIGSEGV"), ("ends the process", "leaves", "ended with status 0"))]
    return rows + [
        own("a constructor that hangs", call("echo", deadline_ms=MS, again=False), "timeout",
            'tool "echo" of pack "tea" did not answer', "hangs"),
        own("an answer without end", call("flood", deadline_ms=MS), "timeout", 'tool "flood" of pack "tea" did not answer'),
        own("an answer that is no JSON", call("nonsense"), "internal", 'tool "nonsense" of pack "tea" answered no JSON'),
        own("what is printed goes nowhere", call("print")),
    ]


def refused_by_kernel(tool, given="x"):
    """An act: what the tool tries is refused; its answer is the error's number."""
    def act(desk):
        told = call(tool, given, again=False)(desk)
        for host in desk.running:
            for found in host.call("host:status").document["diagnostics"]:
                if "this kernel has no" in found["message"]:
                    raise NotRun(found["message"])
        if told.code is None:
            assert told.document != 0, f"{tool} was let through"
            assert not (desk.work / "canary").exists(), "the canary sang"
        return told
    return act


def confinement_rows():
    """What the code may not do, where the kernel has Landlock and seccomp."""
    table = [("write beside its data", "write", lambda desk: str(desk.work / "canary")),
             ("write into the home", "write", lambda desk: str(desk.home / "secret")),
             ("write into its own directory", "write", lambda desk: str(desk.user / "tea" / "x")),
             ("write into the policy", "write", lambda desk: str(desk.home / "policies.json")),
             ("read the home", "read", lambda desk: str(desk.home / "secret")),
             ("run a program", "exec", lambda desk: str(desk.work / "canary")), ("fork", "fork", "x"),
             ("open a socket", "socket", "x"), ("kill the host", "kill-host", "x")]
    return [own(f"it may not {name}", refused_by_kernel(tool, given)) for name, tool, given in table]


def few_descriptors(desk):
    if is_sanitized(desk.program):
        raise NotRun("a sanitizer needs descriptors of its own")
    told = call("descriptors", again=False)(desk)
    assert told.code is not None or told.document < 1000, told
    return told


def crashes_in_turn(desk):
    """Five processes of hosts that come and go; then the pack is set aside for all, until somebody forgives."""
    for _ in range(5):
        told = desk.run("call", "tool:call", json.dumps(["tea", "crash", "x"]))
        assert told.code == "internal", told
    aside = desk.run("call", "tool:call", json.dumps(["tea", "echo", "x"]))
    packs, _ = desk.packs()
    assert packs["good"]["state"] == "active" and packs["tea"]["state"] != "active", packs
    assert 'pack "tea" is set aside' in packs["tea"]["error"], packs["tea"]
    assert desk.run("pack", "enable", "tea").code is None
    assert desk.run("call", "tool:call", json.dumps(["tea", "echo", "x"])).code is None
    return aside


def rests_after_crash(desk):
    """The next call at once is told to come later."""
    host = StdioServer(desk)
    for _ in range(3):
        wait_until(lambda: host.call("tool:call", ["tea", "crash", "x"]).code == "internal", 5, "the next crash")
    told = host.call("tool:call", ["tea", "echo", "x"])
    is_up(desk, host)
    return told


def host_is_killed(desk):
    """Its process goes with it, whatever it does."""
    host = SocketServer(desk)
    connection = host.connect()
    connection.sendall(json.dumps(host.request("tool:call", ["tea", "spin", "x"])).encode() + b"\n")
    wait_until(lambda: runners(host.process.pid), 10, "the pack's process")
    os.kill(host.process.pid, signal.SIGKILL)
    host.process.wait()
    host.stopped = True
    leftovers.wait_for_none(desk)
    return Told(None)


def runners(host):
    """Children of the host."""
    with open(f"/proc/{host}/task/{host}/children") as own_thread:
        found = own_thread.read().split()
    for thread in os.listdir(f"/proc/{host}/task"):
        with open(f"/proc/{host}/task/{thread}/children") as children:
            found += children.read().split()
    return found


def works(process):
    """Whether it has used a tenth of a second of processor time: it spins, it is not only being started."""
    try:
        stat = pathlib.Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    user, system = stat.rpartition(")")[2].split()[11:13]
    return int(user) + int(system) >= os.sysconf("SC_CLK_TCK") / 10


def goes_while_it_runs(desk):
    """It is removed while one of its tools runs on: the call ends at its deadline, and the process with it."""
    host = SocketServer(desk)
    slow, quick = host.connect().makefile("rwb"), host.connect().makefile("rwb")

    def ask(stream, method, params, **options):
        stream.write(json.dumps(host.request(method, params, options)).encode() + b"\n")
        stream.flush()
    ask(slow, "tool:call", ["tea", "spin", "x"], timeoutMs=1500)
    wait_until(lambda: any(works(process) for process in runners(host.process.pid)), 10, "the tool's work")
    ask(quick, "pluginPack:uninstall", ["tea"])
    assert "result" in json.loads(quick.readline())
    reply = json.loads(slow.readline())
    wait_until(lambda: not runners(host.process.pid), 10, "the end of the pack's process")
    is_up_without(host)
    return Told(reply["error"]["data"]["code"], reply["error"]["message"])


def is_up_without(host):
    packs = {pack["name"] for pack in host.call("pluginPack:list").document}
    assert packs == {"good"}, packs


def reads_start_nothing(desk):
    """A list of packs runs no foreign code."""
    environment = {"COWORK_TEST_CANARY": str(desk.work / "canary")}
    told = desk.run("pack", "list", environment=environment)
    assert not (desk.work / "canary").exists(), "its code has run"
    return told


def rows():
    return crash_rows() + confinement_rows() + [
        own("descriptors are few", few_descriptors),
        own("five crashes set it aside", crashes_in_turn, "not-found", 'pack "tea" is not active'),
        own("a call right after crashes", rests_after_crash, "conflict", 'pack "tea" is started again in '),
        own("no orphan: the host is killed", host_is_killed),
        own("it is removed while it runs", goes_while_it_runs, "timeout", 'tool "spin" of pack "tea" did not answer'),
        own("a list starts nothing", reads_start_nothing, constructor="hangs"),
        CoveredBy(AREA, "isolated: frames that are not of the protocol", "loader_isolated",
                  "frames that are not of the protocol end the process"),
    ]
