"""HTTP requests written byte by byte, and what came back."""
import dataclasses
import json
import re
import socket

from desk import Told

BODY = b'{"jsonrpc":"2.0","id":1,"method":"pluginPack:toggle","params":["alpha",false]}'


@dataclasses.dataclass
class Reply:
    status: int
    headers: dict
    body: bytes


def exchange(address, data, within_seconds=30):
    """Writes `data`, which may be refused halfway, and reads to the end of the connection."""
    with socket.create_connection(address, within_seconds) as connection:
        try:
            connection.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return read_all(connection)


def ask(address, data, within_seconds=30):
    """Writes `data` and reads one whole answer, of a connection that stays open."""
    with socket.create_connection(address, within_seconds) as connection:
        connection.sendall(data)
        received = b""
        while not is_whole(received):
            part = connection.recv(1 << 16)
            assert part, f"closed after {received[:300]!r}"
            received += part
        return received


def is_whole(received):
    head, end, body = received.partition(b"\r\n\r\n")
    return bool(end) and len(body) >= int(parsed(received).headers.get("content-length", 0))


def read_all(connection):
    received = b""
    try:
        while part := connection.recv(1 << 16):
            received += part
    except ConnectionResetError:
        pass
    return received


def parsed(received):
    head, _, body = received.partition(b"\r\n\r\n")
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
    assert match, f"no answer of HTTP: {received[:300]!r}"
    headers = {}
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return Reply(int(match.group(1)), headers, body)


def told(received, status):
    """The error of an answer, which has to have this status."""
    if not received:
        return Told("closed", "the connection was closed without an answer")
    reply = parsed(received)
    assert reply.status == status, f"status {reply.status} instead of {status}: {reply.body[:300]!r}"
    if status == 200:
        return Told(None, "", reply)
    error = json.loads(reply.body)["error"]
    return Told(error["code"], error["message"], reply)


def request(server, *, method="POST", path="/rpc", body=BODY, without=(), extra=(), **headers):
    """A request as the server wants it, but for what is named: headers as keywords (`Content_Type`), None takes one out;
    `extra` are lines put in as they are."""
    standard = {"Host": f"127.0.0.1:{server.address[1]}", "Authorization": f"Bearer {server.token}",
                "Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
    standard |= {name.replace("_", "-"): value for name, value in headers.items()}
    port = str(server.address[1])
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in standard.items() if value is not None and name not in without]
    lines += extra
    return "\r\n".join(lines).replace("{port}", port).replace("{token}", server.token).encode("latin-1") + b"\r\n\r\n" + body
