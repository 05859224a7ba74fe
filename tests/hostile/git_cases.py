"""Repositories, addresses and refs: what tries to be another protocol, an option, a program that runs, or without end."""
import fcntl
import json
import os
import pty
import signal
import subprocess
import termios

import leftovers
from desk import Told, wait_until
from frame import Case, CoveredBy
from git_trees import AREA, allowed, repository, tree_rows
from network import network
from repositories import FILE, PROGRAM, TREE
from serving import StdioServer


def asked_nothing(desk, act):
    """What `act` says, which asks no server anything."""
    before = len(network().requests())
    told = act(desk)
    asked = network().requests()[before:]
    assert not asked, f"the server was asked {asked}"
    return told


# Addresses and refs.
def refused_unasked(name, arguments, message, code="invalid-argument"):
    """A row: what these arguments ask for is refused before any server is asked, and no canary sings."""
    def act(desk):
        told = asked_nothing(desk, lambda desk: desk.run(*arguments(desk)))
        assert not (desk.work / "canary").exists(), "the canary sang"
        return told
    return Case(AREA, name, act, code, message, arrange=allowed)


def touch(desk):
    return f"touch {desk.work}/canary"


def good(desk):
    return network().url("git/" + repository().name)


def address_rows():
    """As the address of pluginPack:installGit."""
    not_https, no_user = "url must begin with https://", "url must hold no user name"
    control = "url holds a control character: "
    no_address = '"{}" is no address to fetch from'.format
    table = [
        ("ext::", lambda desk: "ext::sh -c " + touch(desk), not_https), ("ext:: alone", "ext::sh", not_https),
        ("fd::", "fd::17", not_https), ("fd:: of two", "fd::0,1/x", not_https),
        ("file://", lambda desk: f"file://{repository().path}", not_https),
        ("a local path", lambda desk: str(repository().path), not_https),
        ("host:path", lambda desk: f"localhost:{repository().path}", not_https),
        ("ssh://", "ssh://localhost/x.git", not_https),
        ("ssh:// whose host is an option", "ssh://-oProxyCommand=x/y", not_https),
        ("git://", "git://localhost/x.git", not_https), ("ftp://", "ftp://localhost/x.git", not_https),
        ("http://", lambda desk: good(desk).replace("https", "http"), not_https),
        ("--upload-pack=", lambda desk: "--upload-pack=" + touch(desk), not_https),
        ("-u", lambda desk: "-u" + touch(desk), not_https),
        ("--", "--", not_https), ("-c", "-ccore.sshCommand=x", not_https), ("nothing", "", "url must not be empty"),
        ("a space before it", lambda desk: " " + good(desk), not_https),
        ("https::", lambda desk: "https::" + good(desk), not_https), ("evil::", lambda desk: "evil::" + good(desk), not_https),
        ("CR LF", lambda desk: good(desk) + "\r\nX-Evil: y", control), ("LF", lambda desk: good(desk) + "\n", control),
        ("a tab", lambda desk: good(desk) + "\t", control), ("%0a in its host", "https://localhost%0a.evil/x.git",
                                                              no_address("https://localhost%0a.evil/x.git")),
        ("user info", lambda desk: good(desk).replace("//", "//user:secret@"), no_user),
        ("a user", lambda desk: good(desk).replace("//", "//user@"), no_user),
        ("a host that is an option", "https://-x/y.git", no_address("https://-x/y.git")),
        ("no host", "https:///x.git", "url names no host"),
        ("a port that is none", "https://localhost:99999/x.git", no_address("https://localhost:99999/x.git")),
        ("65,536 characters", "https://localhost/" + "x" * 65536, "url is longer than 4096 bytes"),
    ]

    def call(address):
        return lambda desk: ["call", "pluginPack:installGit", json.dumps([address(desk) if callable(address) else address])]
    return [refused_unasked(f"address: {name}", call(address), message) for name, address, message in table]


def source_rows():
    """As what `pack install` is given."""
    not_https, no_kind = "url must begin with https://", '"{}'.format
    no_github = '"{}" does not name a repository on GitHub'.format
    table = [("ext::", lambda desk: "ext::sh -c " + touch(desk), no_kind("ext::sh -c ")), ("fd::", "fd::17", no_kind("fd::17")),
             ("file://", lambda desk: f"file://{repository().path}", no_kind("file://")),
             ("host:path", lambda desk: f"localhost:{repository().path}", no_kind("localhost:/")),
             ("git@host:path", "git@localhost:x.git", no_kind("***@localhost:x.git")),
             ("git+ext::", lambda desk: "git+ext::sh -c " + touch(desk), not_https),
             ("git+file://", lambda desk: f"git+file://{repository().path}", not_https),
             ("git+ssh://", "git+ssh://-oProxyCommand=x/y", not_https),
             ("git+http://", "git+http://localhost/x.git", not_https),
             ("github: and ..", "github:../x", no_github("github:../x")),
             ("github: and an option", "github:-x/y", no_github("github:-x/y")),
             ("github: and three steps", "github:a/b/c", no_github("github:a/b/c")),
             ("a local repository", lambda desk: str(repository().path), "no cowork.plugin.json in ", "invalid-manifest"),
             ("an option", lambda desk: "--upload-pack=" + touch(desk), 'cannot open "{root}/work/--upload-pack=', "not-found")]

    def install(source):
        return lambda desk: ["pack", "install", "--", source(desk) if callable(source) else source]
    return [refused_unasked(f"source: {name}", install(source), *told) for name, source, *told in table]


def ref_rows():
    no_ref = '"{}" is no name of a branch, tag or commit'.format
    table = [("--upload-pack=touch canary", 'ref must not begin with "-"'), ("-x", 'ref must not begin with "-"'),
             ("a\nb", "ref holds a control character: "), ("a\r", "ref holds a control character: "),
             ("a\\b", no_ref("a\\\\b")), ("a" * 256, '"aaa')]
    table += [(ref, no_ref(ref)) for ref in ("+main", "a:b", "main:refs/heads/x", "^main", "a..b", "refs/*", "a b", "HEAD@{1}",
                                             "a?",
                                             "[a]", "a~1", "/main")]

    def call(ref):
        return lambda desk: ["call", "pluginPack:installGit", json.dumps([good(desk), {"ref": ref}])]
    return [refused_unasked(f"ref: {ref[:30]!r}", call(ref), message) for ref, message in table]


# Settings and environment.
def hostile_settings(desk):
    """Every way in which git's settings and environment could make it run something; what cowork is given of them."""
    touches = touch(desk)
    program = desk.write("work/evil/git-remote-https", f"#!/bin/sh\n{touches}\n", 0o755)
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman", "pre-auto-gc"):
        desk.write(f"work/hooks/{hook}", f"#!/bin/sh\n{touches}\n", 0o755)
        desk.write(f"work/template/hooks/{hook}", f"#!/bin/sh\n{touches}\n", 0o755)
    settings = f"""[core]
\tfsmonitor = {touches}
\tsshCommand = {touches}
\thooksPath = {desk.work}/hooks
\tgitProxy = {touches}
\taskPass = {touches}
\tattributesFile = {desk.work}/attributes
[init]
\ttemplateDir = {desk.work}/template
[filter "evil"]
\tsmudge = {touches}
\tprocess = {touches}
\trequired = true
[credential]
\thelper = !{touches}
[protocol "ext"]
\tallow = always
[url "ext::{touches} "]
\tinsteadOf = https://
"""
    for path in (".gitconfig", "git/config"):
        desk.write(path, settings)
    desk.write("work/attributes", "* filter=evil diff=evil merge=evil\n")
    return {
        "HOME": str(desk.root), "XDG_CONFIG_HOME": str(desk.root), "GIT_CONFIG_GLOBAL": str(desk.root / ".gitconfig"),
        "GIT_CONFIG_SYSTEM": str(desk.root / ".gitconfig"), "GIT_SSH_COMMAND": touches, "GIT_SSH": str(program),
        "GIT_PROXY_COMMAND": touches, "GIT_ASKPASS": str(program), "SSH_ASKPASS": str(program),
        "GIT_EXEC_PATH": str(program.parent),
        "GIT_TEMPLATE_DIR": str(desk.work / "template"), "GIT_DIR": str(desk.work), "GIT_ALLOW_PROTOCOL": "ext:https:file",
        "GIT_TRACE": str(desk.work / "canary"), "GIT_TRACE2_EVENT": str(desk.work / "canary"), "GIT_EXTERNAL_DIFF": touches,
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.hooksPath", "GIT_CONFIG_VALUE_0": str(desk.work / "hooks"),
        "GIT_CONFIG_PARAMETERS": f"'core.hooksPath'='{desk.work}/hooks'", "GIT_EDITOR": touches, "GIT_PAGER": touches,
        "https_proxy": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1",
        "GIT_SSL_NO_VERIFY": "1", "GIT_SSL_CAINFO": "/dev/null", "CURL_HOME": str(desk.root), "BASH_ENV": str(program),
        "ENV": str(program),
    }


def filtering(made):
    """What a checkout would run, and where it would go on to."""
    attributes = made.blob(b"* filter=evil diff=evil merge=evil\n")
    modules = made.blob(b'[submodule "x"]\n\tpath = x\n\turl = https://localhost/x\n\tupdate = none\n')
    hook = made.blob(b"#!/bin/sh\n")
    made.pack((FILE, b".gitattributes", attributes), (FILE, b".gitmodules", modules),
              (TREE, b"hooks", made.tree((PROGRAM, b"post-checkout", hook))))


def install_under_hostile_settings(desk):
    """It installs, and nothing of them has run; the same settings make git itself sing."""
    made = repository(filtering)
    environment = hostile_settings(desk)
    url = network().url("git/" + made.name)
    told = desk.run("pack", "install", url, environment=environment)
    assert not (desk.work / "canary").exists(), "the canary sang"
    if told.code is None:
        assert sorted(path.name for path in (desk.user / "tea").iterdir()) == [
            ".gitattributes", ".gitmodules", "cowork.plugin.json", "hooks"]
    control = {name: environment[name] for name in ("HOME", "GIT_CONFIG_GLOBAL")}
    subprocess.run(["git", "ls-remote", url], env={"PATH": "/usr/bin:/bin"} | control, stdin=subprocess.DEVNULL,
                   capture_output=True,
                   check=False, timeout=30)
    assert (desk.work / "canary").exists(), "the settings do nothing to git either, so the case shows nothing"
    return told


# What has no end.
def under_deadline(name, path, milliseconds=1500):
    """A row: a call with a deadline ends at it."""
    def act(desk):
        host = StdioServer(desk)
        url = network().url(f"{path}/{repository().name}")
        # The host read its settings before the repository was there.
        told = host.call("pluginPack:installGit", [url], {"timeoutMs": milliseconds})
        return Told(told.code, told.message.replace(url, "URL"), told.document)
    return Case(AREA, f"endless: {name}", act, "timeout", 'fetching "URL" did not end before the deadline',
                arrange=allowed, within_seconds=milliseconds / 1000 + 5)


def at_the_limit(name, path, code, message, within_seconds):
    def act(desk):
        url = network().url(f"{path}/{repository().name}")
        told = desk.run("pack", "install", "git+" + url)
        return Told(told.code, told.message.replace(url, "URL"), told.document)
    return Case(AREA, f"endless: {name}", act, code, message, within_seconds=within_seconds,
                arrange=allowed)


def killed_while_it_waits(signal_number):
    """The program is ended while git waits for a server that has fallen silent."""
    def act(desk):
        made = repository()
        url = network().url("git-stall/" + made.name)
        program = subprocess.Popen([desk.program, "pack", "install", "git+" + url, "--json"], cwd=desk.work,
                                   env=desk.environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
        wait_until(lambda: sum(made.name in path for _, path in network().requests()) >= 3, 10, "git's third request")
        program.send_signal(signal_number)
        out, _ = program.communicate(timeout=10)
        leftovers.wait_for_none(desk)
        if signal_number == signal.SIGKILL:
            # What it left is swept by the next one that installs.
            told = desk.run("pack", "install", network().url("git/" + made.name))
            assert told.code is None, told.message
            assert desk.run("pack", "remove", "tea", "--yes").code is None
            return told
        error = json.loads(out)["error"]
        return Told(error["code"], error["message"].replace(url, "URL"))
    if signal_number == signal.SIGKILL:
        return Case(AREA, "no orphan: the program is killed while git waits", act, arrange=allowed, unchanged=False)
    return Case(AREA, f"no orphan: {signal.Signals(signal_number).name} while git waits", act, "cancelled",
                'fetching "URL" was cancelled', arrange=allowed)


def asks_for_password(desk):
    """At a terminal of its own: nothing is asked there."""
    url = network().url("token/git/" + repository().name)
    master, slave = pty.openpty()
    told = desk.run("pack", "install", "git+" + url,
                    preexec_fn=lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0), pass_fds=[slave])
    os.close(slave)
    os.set_blocking(master, False)
    try:
        shown = os.read(master, 4096)
    except OSError:
        shown = b""
    os.close(master)
    assert not shown, f"the terminal was told {shown!r}"
    return Told(told.code, told.message.replace(url, "URL"), told.document)


def redirected(desk):
    url = network().url("redirect/1/git/" + repository().name)
    told = desk.run("pack", "install", "git+" + url)
    return Told(told.code, told.message.replace(url, "URL"), told.document)


def cases():
    rows = [
        Case(AREA, "hooks, filters, hostile GIT_* and insteadOf: the canary is silent", install_under_hostile_settings,
             arrange=allowed,
             unchanged=False, within_seconds=20),
        Case(AREA, "a password prompt", asks_for_password, "network", '"URL" asks for a password',
             arrange=allowed),
        Case(AREA, "a redirect", redirected, "network", '"URL" answers with status 302', arrange=allowed),
        at_the_limit("a pack without end", "git-endless", "invalid-argument", '"URL" is larger than 67108864 bytes', 60),
        at_the_limit("a server that falls silent", "git-stall", "network", 'nothing came from "URL" for 30000 ms', 45),
        at_the_limit("a pack that is none", "git-junk", "network", 'cannot fetch "URL"', 10),
        at_the_limit("a pack of 2,147,483,647 objects", "git-many", "network", 'cannot fetch "URL"', 10),
        under_deadline("a server that falls silent, under a deadline", "git-stall"),
        under_deadline("progress without end", "git-progress"),
        under_deadline("branches without end", "git-refs"),
        under_deadline("an advertisement without end", "git-advertisement"),
        killed_while_it_waits(signal.SIGINT), killed_while_it_waits(signal.SIGTERM), killed_while_it_waits(signal.SIGKILL),
        CoveredBy(AREA, "which settings and arguments git is given", "fetch_rules"),
    ]
    return [leftovers.checked(case) for case in tree_rows() + address_rows() + source_rows() + ref_rows() + rows]
