"""Addresses of the web: other spellings of this machine, redirects to it, names that change, and bodies without end."""
import json

import leftovers
from archives import Entry, gzip, tar
from desk import Told, valid_pack
from frame import Case, CoveredBy
from network import NAME, PRIVATE, PUBLIC, network, public_obstacle
from repositories import Repository
from serving import StdioServer

AREA = "url"
MANIFEST = json.dumps(valid_pack("tea")).encode()


def archive():
    return gzip(tar(Entry("tea/cowork.plugin.json", MANIFEST), Entry("tea/notes", bytes(range(256)) * 40)))


def allowed(desk):
    offered(desk)
    network().allow(desk)


def offered(desk):
    """A manifest and an archive on the server, which is not among the hosts that are allowed."""
    network().offer("tea.json", MANIFEST)
    network().offer("tea.tar.gz", archive())
    network().forbid(desk)


def without_port(told):
    """The message without what is the run's own: the port of the server."""
    return Told(told.code, told.message.replace(f":{network().port}", ":PORT"), told.document)


def asked_by(desk, act):
    """What `act` says, and the (address, path) of what it asked the server."""
    before = len(network().requests())
    told = without_port(act(desk))
    return told, network().requests()[before:]


def install(url, **options):
    arguments = ["call", "pluginPack:installUrl", json.dumps([url, options])]
    return lambda desk: desk.run(*arguments)


def refused_unasked(name, url, code, message, operation="pluginPack:installUrl", arrange=offered):
    """A row: refused, and the server was not asked. PORT in `url` stands for its port."""
    def act(desk):
        arguments = json.dumps([url.replace("PORT", str(network().port))])
        told, asked = asked_by(desk, lambda desk: desk.run("call", operation, arguments))
        assert not asked, f"the server was asked {asked}"
        return told
    return Case(AREA, name, act, code, message, arrange=arrange)


# This machine and its neighbours, in every spelling.
SPELLINGS = {
    "127.0.0.1": PRIVATE, "127.1": PRIVATE, "0x7f.1": PRIVATE, "0x7f000001": PRIVATE, "2130706433": PRIVATE,
    "017700000001": PRIVATE,
    "0177.0.0.1": PRIVATE, "127.0.0.2": "127.0.0.2", "0.0.0.0": "0.0.0.0", "0": "0.0.0.0", "localhost": "", "LOCALHOST": "",
    "[::1]": "::1", "[::]": "::", "[::ffff:127.0.0.1]": "::ffff:127.0.0.1", "[::ffff:7f00:1]": "::ffff:127.0.0.1",
    "[0:0:0:0:0:ffff:7f00:1]": "::ffff:127.0.0.1", "[::127.0.0.1]": "::127.0.0.1", "[64:ff9b::7f00:1]": "64:ff9b::7f00:1",
    "[2002:7f00:1::]": "2002:7f00:1::", "[fe80::1]": "fe80::1", "[fd00::1]": "fd00::1", "[ff02::1]": "ff02::1",
    "169.254.169.254": "169.254.169.254", "0xa9fea9fe": "169.254.169.254", "[::ffff:169.254.169.254]": "::ffff:169.254.169.254",
    "10.0.0.1": "10.0.0.1", "172.16.0.1": "172.16.0.1", "192.168.0.1": "192.168.0.1", "100.64.0.1": "100.64.0.1",
    "224.0.0.1": "224.0.0.1", "255.255.255.255": "255.255.255.255", "192.0.2.1": "192.0.2.1",
}
NO_ADDRESS = ["127.0.0.1.", "localhost.", "127.0.0.1%00.example.org", "\u2460\u2461\u2466.0.0.1",
              "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3",
              "127\u30020\u30020\u30021", "[::1%25lo]", "[fe80::1%25eth0]", "[127.0.0.1]", "-localhost", ".localhost"]


def spelling_rows():
    rows = []
    for host, address in SPELLINGS.items():
        for operation, path in (("pluginPack:installUrl", "files/tea.json"), ("pluginPack:installGit", "git/tea.git")):
            row = refused_unasked(f"{host} by {operation}", f"https://{host}:PORT/{path}", "network", "", operation)
            row.check = lambda desk, told, address=address: check_not_public(told, address)
            row.message_begins = '"https://'
            rows.append(row)
    return rows + [refused_unasked(f"the host {ascii(host)}", f"https://{host}:PORT/files/tea.json", "invalid-argument",
                                   '"https://')
                   for host in NO_ADDRESS]


def check_not_public(told, address):
    before, _, found = told.message.partition('" leads to ')
    found = found.removesuffix(", which is no public address")
    assert found == address or (not address and found in ("127.0.0.1", "::1")), told.message


# What is no address for packs.
def scheme_rows():
    not_https, no_user = "url must begin with https://", "url must hold no user name or password"
    table = [("http without a hash", "http://localhost:PORT/files/tea.json", not_https),
             ("file", "file:///etc/passwd", not_https),
             ("ftp", "ftp://localhost/x", not_https), ("gopher", "gopher://localhost:PORT/_GET", not_https),
             ("data", "data:application/json,{}", not_https), ("javascript", "javascript:alert(1)", not_https),
             ("dict", "dict://localhost:PORT/x", not_https), ("no scheme", "//localhost:PORT/files/tea.json", not_https),
             ("one slash", "https:/localhost:PORT/files/tea.json", not_https),
             ("user and password", "https://user:secret@localhost:PORT/x", no_user),
             ("a user", "https://user@localhost:PORT/x", no_user),
             ("a public host as user", "https://example.org@localhost:PORT/x", no_user),
             ("a public host as user, spelt", "https://example.org%40localhost:PORT/x", '"https://example.org%40localhost'),
             ("a backslash before the host", "https://example.org\\@localhost:PORT/x", no_user),
             ("CR LF in the path", "https://localhost:PORT/x\r\nHost: evil", "url holds a control character"),
             ("a NUL", "https://localhost:PORT/x\0y", "NUL is not allowed")]
    return [refused_unasked(f"scheme: {name}", url, "invalid-argument", message, arrange=allowed) for name, url,
            message in table]


# Redirects.
def redirect_to(target):
    return network().url("redirect-to/?" + target)


def redirect_rows():
    def act(target):
        """The first server alone is asked, once."""
        def install_it(desk):
            told, asked = asked_by(desk, install(redirect_to(target.replace("PORT", str(network().port)))))
            assert len(asked) == 1, asked
            return told
        return install_it

    def four_hops(desk):
        told, asked = asked_by(desk, install(network().url("redirect/4/files/tea.json")))
        assert len(asked) == 4, asked
        return told

    def three_hops(desk):
        told, asked = asked_by(desk, install(network().url("redirect/3/files/tea.json")))
        assert len(asked) == 4, asked
        return told
    first = '"https://localhost:PORT/redirect-to/?***" redirects'
    targets = [("to http", "http://localhost:PORT/files/tea.json", " from https to http"),
               ("to 127.0.0.1", "https://127.0.0.1:PORT/files/tea.json",
                ': "https://127.0.0.1:PORT/files/tea.json" leads to 127.0.0.1'),
               ("to the machine's own data", "https://169.254.169.254/latest",
                ': "https://169.254.169.254/latest" leads to 169.254.169.254'),
               ("to [::ffff:127.0.0.1]", "https://[::ffff:127.0.0.1]:PORT/x",
                ': "https://[::ffff:127.0.0.1]:PORT/x" leads to ::ffff:127'),
               ("to file", "file:///etc/passwd", " to what is no address to fetch from"),
               ("to a user and password", "https://user:secret%40localhost:PORT/files/tea.json",
                " to what is no address to fetch from")]
    return [Case(AREA, f"redirect {name}", act(target), "network", first + message, arrange=allowed)
            for name, target, message in targets] + [
        Case(AREA, "four redirects", four_hops, "network",
             '"https://localhost:PORT/redirect/4/files/tea.json" redirects more than 3 times', arrange=allowed),
        Case(AREA, "three redirects are followed", three_hops, arrange=allowed, unchanged=False),
        Case(AREA, "redirects without end", lambda desk: without_port(install(network().url("redirect/1000000/x"))(desk)),
             "network",
             '"https://localhost:PORT/redirect/1000000/x" redirects more than 3 times', arrange=allowed),
    ]


# Names whose addresses change: the server listens at both, and says at which it was asked.
def named(path):
    return network().url(path, NAME)


def at_addresses(answers, act, addresses):
    """An act: NAME leads to `answers`, one question after the other; the server is asked at `addresses` only."""
    def checked(desk):
        network().names.set(*answers)
        told, asked = asked_by(desk, act)
        assert {address for address, _ in asked} == set(addresses), asked
        return told
    return checked


def install_git(desk):
    return desk.run("call", "pluginPack:installGit", json.dumps([named("git/named.git")]))


def named_repository(desk):
    offered(desk)
    if not (network().root / "git" / "named.git").exists():
        Repository(network(), "named.git").pack()


def name_rows():
    def row(name, answers, act, addresses, code=None, message="", arrange=named_repository):
        return Case(AREA, f"name: {name}", at_addresses(answers, act, addresses), code, message, arrange=arrange,
                    unchanged=code is not None,
                    needs=public_obstacle)

    def from_public(path):
        return lambda desk: desk.run("call", "pluginPack:installUrl", json.dumps([named(path)]))

    def to_private(desk):
        return from_public("redirect-to/?" + f"https://{PRIVATE}:{network().port}/files/tea.json")(desk)

    def to_itself(desk):
        return from_public("redirect/1/files/tea.json")(desk)
    private = f'"https://{NAME}:PORT/'
    return [
        row("public", [[PUBLIC]], from_public("files/tea.json"), [PUBLIC]),
        row("private", [[PRIVATE]], from_public("files/tea.json"), [], "network", private),
        row("private, by git", [[PRIVATE]], install_git, [], "network", private),
        row("public, then private: a redirect to itself asks nobody private", [[PUBLIC], [PRIVATE]], to_itself, [PUBLIC],
            "network",
            private + 'files/tea.json" leads to 127.0.0.1'),
        row("public, then private: git asks whom was checked", [[PUBLIC], [PRIVATE]], install_git, [PUBLIC]),
        row("private, then public", [[PRIVATE], [PUBLIC]], from_public("files/tea.json"), [], "network", private),
        row("public and private: a download asks the public one", [[PUBLIC, PRIVATE]], from_public("files/tea.json"), [PUBLIC]),
        row("private and public: a download asks the public one", [[PRIVATE, PUBLIC]], from_public("files/tea.json"), [PUBLIC]),
        row("public and private: git is refused", [[PUBLIC, PRIVATE]], install_git, [], "network", private),
        row("public: a redirect to a private address", [[PUBLIC]], to_private, [PUBLIC], "network",
            private + 'redirect-to/?***" redirects: "https://127.0.0.1:PORT/files/tea.json" leads to 127.0.0.1'),
    ]


# Bodies and headers.
def served(path, code, message, within_seconds=10, **options):
    def act(desk):
        return without_port(desk.run("call", "pluginPack:installUrl", json.dumps([network().url(path), options])))
    return Case(AREA, f"body: {path}", act, code, message, arrange=allowed, within_seconds=within_seconds,
                unchanged=code is not None)


def under_deadline(path, milliseconds=1500):
    def act(desk):
        host = StdioServer(desk)
        return without_port(host.call("pluginPack:installUrl", [network().url(path)], {"timeoutMs": milliseconds}))
    return Case(AREA, f"body: {path} under a deadline", act, "timeout",
                f'fetching "https://localhost:PORT/{path}" did not end before the deadline',
                arrange=allowed, within_seconds=milliseconds / 1000 + 5)


def install_named(desk):
    """Where the server says the file is to be put counts for nothing."""
    told = without_port(desk.run("call", "pluginPack:installUrl", json.dumps([network().url("named/tea.tar.gz")])))
    escaped = [str(path) for path in desk.root.rglob("*escaped*")]
    assert not escaped, escaped
    return told


def with_token(desk):
    """The token is for the allowed host: a redirect to another one does not take it along."""
    desk.write("work/token", "s3cret-token", 0o600)
    network().allow(desk, f"localhost:{network().port}", f"127.0.0.1:{network().port}", tokenFile=str(desk.work / "token"))
    log = network().state / "requests.jsonl"
    network().names.set([PUBLIC])
    before = len(log.read_text().splitlines()) if log.exists() else 0
    told = without_port(install(redirect_to(named("files/tea.json")))(desk))
    seen = [json.loads(line)["authorization"] for line in log.read_text().splitlines()[before:]]
    assert seen == ["Bearer s3cret-token", ""], seen
    return told


def through_a_proxy_of_the_environment(desk):
    proxy = {name: f"http://{PRIVATE}:1" for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")}
    return desk.run("pack", "install", network().url("files/tea.json"), environment=proxy | {"SSL_CERT_FILE": "/dev/null"})


def unknown_certificate(desk):
    desk.write("home/host.json", {"fetch": {"allowHosts": [f"localhost:{network().port}"]}})
    told, asked = asked_by(desk, install(network().url("files/tea.json")))
    assert not asked, asked
    return told


def wrong_hash(desk):
    return without_port(install(network().url("files/tea.tar.gz"), sha256="0" * 64)(desk))


def body_rows():
    return [
        served("endless", "invalid-argument", '"https://localhost:PORT/endless": it is larger than 67108864 bytes', 60),
        served("endless-chunks", "invalid-argument",
               '"https://localhost:PORT/endless-chunks": it is larger than 67108864 bytes', 60),
        served("headers", "network", 'cannot fetch "https://localhost:PORT/headers"'),
        served("short/tea.tar.gz", "network", 'cannot fetch "https://localhost:PORT/short/tea.tar.gz"'),
        served("long/tea.tar.gz", "invalid-argument", '"https://localhost:PORT/long/tea.tar.gz": it is no archive'),
        served("encoded/tea.tar.gz", None, ""),
        served("status/500", "network", '"https://localhost:PORT/status/500" answers with status 500'),
        served("status/200", "invalid-argument", '"https://localhost:PORT/status/200": it is no archive'),
        served("status/404", "not-found", "there is nothing at "),
        served("stall/tea.tar.gz", "network", 'nothing came from "https://localhost:PORT/stall/tea.tar.gz" for 30000 ms', 45),
        under_deadline("stall/tea.tar.gz"), under_deadline("drip/tea.tar.gz"), under_deadline("slow-headers"),
    ]


def cases():
    rows = [
        Case(AREA, "Content-Disposition: ../../escaped", install_named, arrange=allowed, unchanged=False),
        Case(AREA, "the token does not go along to another host", with_token, arrange=offered, unchanged=False,
             needs=public_obstacle),
        Case(AREA, "a proxy and certificates of the environment", through_a_proxy_of_the_environment, arrange=allowed,
             unchanged=False),
        Case(AREA, "a certificate that nobody has signed", unknown_certificate, "network",
             'cannot fetch "https://localhost:PORT/', arrange=offered,
             unchanged=False),
        Case(AREA, "another hash than was asked for", wrong_hash, "integrity", "what came from ", arrange=allowed),
        CoveredBy(AREA, "one byte a second, to the limit of a whole fetch", "fetch_program", "a download ends at its limits"),
        CoveredBy(AREA, "which addresses are public", "fetch_rules", "which addresses are public"),
    ]
    return [leftovers.checked(case) for case in
            spelling_rows() + scheme_rows() + redirect_rows() + name_rows() + body_rows() + rows]
