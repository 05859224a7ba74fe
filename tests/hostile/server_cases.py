"""Server: who may ask over HTTP and over the socket, in which form, how much, and how slowly."""
import json
import os
import pathlib
import signal
import socket
import threading
import time

import raw_http
import server_texts
from desk import Told
from frame import Case
from raw_http import BODY, exchange, request, told
from serving import SocketServer, told_of

AREA = "server"
HOST = (403, "forbidden", "the Host of a request must be 127.0.0.1:")
ORIGIN = (403, "forbidden", "requests of other origins are not answered")
TOKEN = (401, "unauthorized", "the request does not carry a valid token")
TYPE = (415, "unsupported-media-type", "the body of a request must be application/json")
NOWHERE = (404, "not-found", "there is nothing at this address")
BODY_LIMIT = "the body of a request may have 1048576 bytes"
SUBPROTOCOL = (401, "unauthorized", "the subprotocol cowork.token.<TOKEN> does not carry a valid token")
NOBODY = 65534

# (what, headers and the like of the request, the answer)
REQUESTS = [
    *[(f"Host: {value!r}", {"Host": value}, HOST) for value in (
        None, "", "evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1:{port}.", "127.0.0.1.:{port}",
        "127.0.0.2:{port}", "0.0.0.0:{port}", "[::1]:{port}", "localhost", "localhost.:{port}", "localhost.evil.example:{port}",
        "127.0.0.1:{port}@evil.example", "127.0.0.1:{port}, evil.example", "127.1:{port}", "2130706433:{port}")],
    ("Host twice", {"extra": ["Host: evil.example"]}, HOST),
    *[(f"Origin: {value}", {"Origin": value}, ORIGIN) for value in (
        "null", "https://evil.example", "http://evil.example:{port}", "http://127.0.0.1", "http://127.0.0.1:1",
        "https://127.0.0.1:{port}", "http://127.0.0.1:{port}/", "http://127.0.0.1:{port}.evil.example", "http://localhost:{port}",
        "file://", "", "http://127.0.0.1:{port} https://evil.example")],
    ("Origin twice", {"Origin": "http://127.0.0.1:{port}", "extra": ["Origin: https://evil.example"]}, ORIGIN),
    *[(f"token: {what}", {"Authorization": value}, TOKEN) for what, value in {
        "none": None, "empty": "Bearer ", "no scheme": "{token}", "another scheme": "Basic {token}", "wrong": "Bearer " + "0" * 64,
        "cut": "Bearer 0", "longer": "Bearer {token}0", "with a space": "Bearer {token} x", "twice in one": "Bearer {token},{token}",
    }.items()],
    ("token: in the query", {"Authorization": None, "path": "/rpc?token={token}"}, TOKEN),
    ("token: in a cookie", {"Authorization": None, "Cookie": "token={token}"}, TOKEN),
    ("token: two of them", {"extra": ["Authorization: Bearer 0"]}, TOKEN),
    *[(f"Content-Type: {value!r}", {"Content_Type": value}, TYPE) for value in (
        None, "text/plain", "text/plain; x=application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/jsonx", "application/json-patch+json", "text/json", "application/json, text/plain")],
    *[(f"{method} /rpc", {"method": method, "body": b""}, (405, "method-not-allowed", "this address takes POST only"))
      for method in ("GET", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")],
    *[(f"path: {path}", {"method": "GET", "path": path, "body": b"", "Content_Length": None}, NOWHERE) for path in (
        "/public/../", "/public/../../secret.txt", "/public/%2e%2e/secret.txt", "/public/%252e%252e/secret.txt", "/pages/../secret.txt",
        "/pages/%2e%2e/secret.txt", "/pages/%2e%2e%2fsecret.txt", "/pages/%252e%252e%252fsecret.txt", "/pages/public/..%2f..%2fsecret.txt",
        "/pages/..%5csecret.txt", "/pages/..\\secret.txt", "/pages/public/../../secret.txt", "/pages//secret.txt",
        "/pages/public/./index.html", "/pages/%00", "/pages/public/index.html%00.txt", "/pages/linked.txt", "/pages/.hidden",
        "/pages/%c0%ae%c0%ae/secret.txt", "/pages/public%2findex.html/../../../secret.txt", "//pages/../secret.txt",
        "/rpc/../pages/../secret.txt", "/etc/passwd", "/pages/" + "../" * 20 + "etc/passwd")],
]


def served(desk, **options):
    desk.pack("builtin", "alpha")
    desk.write("work/pages/public/index.html", "<p>page</p>")
    desk.write("work/pages/.hidden", "secret")
    desk.write("work/secret.txt", "secret")
    (desk.work / "pages" / "linked.txt").symlink_to(desk.work / "secret.txt")
    desk.server = SocketServer(desk, "--pages", str(desk.work / "pages"), http=True, **options)


def still_answers(desk, _=None):
    """After whatever was sent the server does what it is there for."""
    ok = told(exchange(desk.server.address, request(desk.server, body=b'{"jsonrpc":"2.0","id":1,"method":"pluginPack:list"}')), 200)
    assert json.loads(ok.document.body)["result"][0]["enabled"] is True, ok.document.body


def requests():
    for what, parts, (status, code, begins) in REQUESTS:
        def act(desk, parts=parts, status=status):
            answer = told(exchange(desk.server.address, request(desk.server, **parts)), status)
            assert b"secret" not in answer.document.body
            return answer

        yield Case(AREA, what, act, code, begins, served, check=still_answers)


# Requests that are none, or too much. (what, bytes made for a server, status, code, beginning)
def head(server, *lines):
    port = server.address[1]
    return "\r\n".join(["POST /rpc HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {server.token}",
                        "Content-Type: application/json", *lines]).encode("latin-1") + b"\r\n\r\n"


SMUGGLED = b"0\r\n\r\nPOST /rpc HTTP/1.1\r\n"
MALFORMED = [
    ("a length and chunks", lambda s: head(s, "Content-Length: 5", "Transfer-Encoding: chunked") + SMUGGLED),
    ("two lengths", lambda s: head(s, "Content-Length: 5", "Content-Length: 80") + BODY),
    ("a negative length", lambda s: head(s, "Content-Length: -1") + BODY),
    ("a length with a sign", lambda s: head(s, "Content-Length: +80") + BODY),
    ("a length beyond 64 bits", lambda s: head(s, "Content-Length: 99999999999999999999999") + BODY),
    ("a chunk of no length", lambda s: head(s, "Transfer-Encoding: chunked") + b"zz\r\n"),
    ("a chunk beyond 64 bits", lambda s: head(s, "Transfer-Encoding: chunked") + b"fffffffffffffffff\r\n"),
    ("a space in a field's name", lambda s: head(s, "Content-Length : 80") + BODY),
    ("NUL in a field", lambda s: head(s, "X: a\0b", f"Content-Length: {len(BODY)}") + BODY),
    ("no version", lambda s: b"POST /rpc\r\n\r\n"),
    ("another protocol", lambda s: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("TLS", lambda s: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 600),
    ("a line of no request", lambda s: BODY + b"\n\n"),
]
TOO_MUCH = [
    ("100,000 header fields", lambda s: head(s, *[f"X-{i}: y" for i in range(100_000)]), 431, "request-header-fields-too-large",
     "the request line and the header fields may have 16384 bytes each"),
    ("a header field of a mebibyte", lambda s: head(s, "X: " + "y" * (1 << 20)), 431, "request-header-fields-too-large",
     "the request line and the header fields may have 16384 bytes each"),
    ("an address of a mebibyte", lambda s: request(s, method="GET", path="/" + "x" * (1 << 20), body=b""), 431,
     "request-header-fields-too-large", "the request line and the header fields may have 16384 bytes each"),
    ("a length of a gibibyte", lambda s: head(s, "Content-Length: 1073741824") + b"x" * (1 << 16), 413, "payload-too-large",
     BODY_LIMIT),
]


def malformed():
    for what, make in MALFORMED:
        yield Case(AREA, f"malformed: {what}", lambda desk, make=make: told(exchange(desk.server.address, make(desk.server)), 400),
                   "bad-request", "the request is not HTTP/1.1", served, check=still_answers)
    for what, make, status, code, begins in TOO_MUCH:
        yield Case(AREA, f"too much: {what}",
                   lambda desk, make=make, status=status: told(exchange(desk.server.address, make(desk.server)), status),
                   code, begins, served, check=still_answers)


def resident_kib(server):
    for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


def gibibyte_in_chunks(desk):
    before, sent = resident_kib(desk.server), 0
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with socket.create_connection(desk.server.address, 30) as connection:
        connection.sendall(head(desk.server, "Transfer-Encoding: chunked"))
        try:
            while sent < 1 << 30:
                connection.sendall(chunk)
                sent += 0x10000
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = raw_http.read_all(connection)
    assert sent < 64 << 20, f"{sent} bytes were taken"
    assert resident_kib(desk.server) < before + (64 << 10), "the body was kept"
    # A peer that goes on sending may lose the answer to the reset.
    return told(answer, 413) if answer else Told("payload-too-large", BODY_LIMIT)


def slow(desk):
    """Who is slow in any way is ended at the limit, and nobody else waits meanwhile."""
    server = desk.server
    whole = request(server)
    pieces = {"nothing": b"", "half a head": whole[:60], "a head without its end": whole.partition(b"\r\n\r\n")[0],
              "half a body": whole[:-10]}
    begin, connections = time.monotonic(), {}
    for what, data in pieces.items():
        connections[what] = socket.create_connection(server.address, 30)
        connections[what].sendall(data)
    dripping = socket.create_connection(server.address, 30)
    stop = threading.Event()

    def drip():
        for byte in whole:
            try:
                dripping.sendall(bytes([byte]))
            except OSError:
                return
            if stop.wait(0.2):
                return

    thread = threading.Thread(target=drip)
    thread.start()
    still_answers(desk)
    answers = {what: raw_http.read_all(connection) for what, connection in connections.items()}
    answers["a byte now and then"] = raw_http.read_all(dripping)
    took = time.monotonic() - begin
    stop.set()
    thread.join()
    for connection in (*connections.values(), dripping):
        connection.close()
    assert 5 < took < 20, f"ended after {took:.1f} s"
    for what, answer in answers.items():
        if answer:  # who never began a request may be left without an answer
            assert raw_http.parsed(answer).status == 408, f"{what}: {answer[:200]!r}"
        else:
            assert what == "nothing", f"{what}: no answer"
    return told(answers["half a head"], 408)


def batches():
    call = {"jsonrpc": "2.0", "id": 1, "method": "pluginPack:toggle", "params": ["alpha", False]}
    rows = {"a batch of 1,001": ([call | {"id": n} for n in range(1001)], "a batch of 1001 requests is more than 1000"),
            "an empty batch": ([], "a batch must not be empty"),
            "a batch in a batch": ([[call]], "a request must be an object, not an array")}
    for what, (document, begins) in rows.items():
        def refused(reply):
            return told_of(reply[0] if isinstance(reply, list) else reply)

        def over_socket(desk, document=document):
            return refused(desk.server.line(json.dumps(document).encode()))

        def over_http(desk, document=document):
            answer = told(exchange(desk.server.address, request(desk.server, body=json.dumps(document).encode())), 200)
            return refused(json.loads(answer.document.body))

        yield Case(AREA, f"socket: {what}", over_socket, "invalid-argument", begins, served, check=still_answers)
        yield Case(AREA, f"HTTP: {what}", over_http, "invalid-argument", begins, served, check=still_answers)


def events():
    """The WebSocket: the same rules before the upgrade."""
    upgrade = {"method": "GET", "path": "/events", "body": b"", "Content_Length": None, "Content_Type": None, "Connection": "Upgrade",
               "Upgrade": "websocket", "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    rows = {"without a token": ({"Authorization": None}, SUBPROTOCOL),
            "with the token as a header only, of another origin": ({"Origin": "https://evil.example"}, ORIGIN),
            "with a wrong token": ({"Authorization": None, "Sec_WebSocket_Protocol": "cowork.events, cowork.token." + "0" * 64}, SUBPROTOCOL),
            "of another host": ({"Host": "evil.example:{port}", "Sec_WebSocket_Protocol": "cowork.events, cowork.token.{token}"}, HOST),
            "of no origin": ({"Origin": "null", "Sec_WebSocket_Protocol": "cowork.events, cowork.token.{token}"}, ORIGIN)}
    for what, (parts, (status, code, begins)) in rows.items():
        yield Case(AREA, f"WebSocket {what}",
                   lambda desk, parts=parts, status=status: told(raw_http.ask(desk.server.address, request(desk.server, **upgrade | parts)),
                                                                 status), code, begins, served, check=still_answers)


# Another user of this machine.
def needs_root():
    return "" if os.geteuid() == 0 else "needs root: becomes another user"


def as_nobody(work):
    """What `work` told (a short text) in a process of another user."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            signal.alarm(20)
            os.write(writer, work().encode())
        except BaseException as fault:  # the child must not go on in the parent's place
            os.write(writer, f"{type(fault).__name__}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as said:
        return said.read().decode()


def ask_socket(path):
    def work():
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(10)
        connection.connect(os.fspath(path))
        try:
            connection.sendall(b'{"jsonrpc":"2.0","id":1,"method":"pluginPack:list"}\n')
            return "answered" if connection.recv(1) else "closed"
        except OSError:
            return "closed"
    return work


def another_user():
    def opened(desk):
        served(desk)
        for path in (desk.root, desk.work):
            path.chmod(0o755)

    def by_mode(desk):
        return Told(as_nobody(ask_socket(desk.server.path)), "socket")

    def by_peer(desk):
        desk.server.path.chmod(0o666)
        return Told(as_nobody(ask_socket(desk.server.path)), "socket")

    def token(desk):
        return Told(as_nobody(lambda: (desk.work / "token").read_text()), "token")

    def with_http(desk):
        data = request(desk.server, Authorization=None)
        return Told(as_nobody(lambda: str(raw_http.parsed(exchange(desk.server.address, data)).status)), "HTTP")

    rows = [("the socket's mode", by_mode, "PermissionError", "socket"), ("the socket, were its mode open", by_peer, "closed", "socket"),
            ("the token's file", token, "PermissionError", "token"), ("HTTP without the token", with_http, "401", "HTTP")]
    for what, act, code, begins in rows:
        yield Case(AREA, f"another user: {what}", act, code, begins, opened, check=still_answers, needs=needs_root)


def cases():
    return [*requests(), *malformed(),
            Case(AREA, "a gibibyte in chunks", gibibyte_in_chunks, "payload-too-large", BODY_LIMIT, served, check=still_answers),
            Case(AREA, "slow headers, slow bodies, a byte now and then", slow, "request-timeout", "the request was not complete in time", served,
                 within_seconds=25, check=still_answers, probes=5),
            *batches(), *events(), *another_user(), *server_texts.cases()]
