#!/usr/bin/env python3
"""The tests' HTTPS server, which here also answers git with what never ends. It ends when its stdin does.

Usage: hostile_server.py ROOT STATE. As tests/support/https_server.py, but it listens at every address of the machine, and
addresses.jsonl of STATE tells for each request at which one. What is more:

    /git-endless/NAME       the repository; what a fetch gets is a pack without end
    /git-stall/NAME         … is the beginning of a pack, then nothing
    /git-many/NAME          … is a pack that says it has very many objects
    /git-progress/NAME      … is words on the progress without end
    /git-junk/NAME          … is no pack
    /git-refs/NAME          the repository has branches without end
    /git-advertisement/NAME what it says first has no end
    /redirect-to/?ADDRESS   one redirect; %40 stands for @
    /endless-chunks         zeros without end, in chunks
    /slow-headers           a header, and another one each second
"""
import io
import json
import os
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import https_server  # noqa: E402: found by the line before


def packet(content):
    return b"%04x" % (len(content) + 4) + content


def blob(content):
    """An object of a pack."""
    size, kind = len(content), 3
    header = bytearray([kind << 4 | size & 15 | (0x80 if size > 15 else 0)])
    size >>= 4
    while size:
        header.append(size & 127 | (0x80 if size > 127 else 0))
        size >>= 7
    return bytes(header) + zlib.compress(content, 0)


class Handler(https_server.Handler):
    def answer(self):
        with self.lock, open(self.state / "addresses.jsonl", "a", encoding="utf-8") as log:
            log.write(json.dumps({"address": self.connection.getsockname()[0], "path": self.path}) + "\n")
        super().answer()

    def endless(self, part):
        while not self.over.is_set():
            self.wfile.write(part())

    def instead(self, rest, command, answer):
        """As serve_git, but `answer` writes what the command of protocol 2 gets."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if b"command=" + command in body:
            self.head(200, None, ("Content-Type", "application/x-git-upload-pack-result"))
            return answer()
        self.rfile = io.BytesIO(body)
        return self.serve_git(rest)

    def begin_pack(self, objects, content=b""):
        self.wfile.write(packet(b"packfile\n") + packet(b"\1PACK" + struct.pack(">II", 2, objects) + content))

    def serve_git_endless(self, rest):
        def answer():
            self.begin_pack(100_000)
            self.endless(lambda: packet(b"\1" + blob(os.urandom(60_000))))
        return self.instead(rest, b"fetch", answer)

    def serve_git_many(self, rest):
        return self.instead(rest, b"fetch", lambda: self.begin_pack(0x7fffffff, blob(b"x")))

    def serve_git_stall(self, rest):
        def answer():
            self.begin_pack(2, blob(os.urandom(1000)))
            self.wfile.flush()
            self.over.wait()
        return self.instead(rest, b"fetch", answer)

    def serve_git_progress(self, rest):
        def answer():
            self.wfile.write(packet(b"packfile\n"))
            self.endless(lambda: packet(b"\2" + b"x" * 1000 + b"\n"))
        return self.instead(rest, b"fetch", answer)

    def serve_git_junk(self, rest):
        return self.instead(rest, b"fetch", lambda: self.wfile.write(packet(b"packfile\n") + packet(b"\1" + b"no pack") + b"0000"))

    def serve_git_refs(self, rest):
        number = iter(range(1 << 60))
        many = lambda: b"".join(packet(f"{next(number):040x} refs/heads/{'b' * 200}-{next(number)}\n".encode()) for _ in range(100))
        return self.instead(rest, b"ls-refs", lambda: self.endless(many))

    def serve_git_advertisement(self, _):
        self.head(200, None, ("Content-Type", "application/x-git-upload-pack-advertisement"))
        self.wfile.write(packet(b"# service=git-upload-pack\n") + b"0000" + packet(b"version 2\n"))
        self.endless(lambda: packet(b"x" * 200 + b"\n") * 100)

    def serve_endless_chunks(self, _):
        self.head(200, None, ("Transfer-Encoding", "chunked"))
        self.endless(lambda: b"10000\r\n" + bytes(65536) + b"\r\n")

    def serve_redirect_to(self, rest):
        self.head(302, 0, ("Location", rest.partition("?")[2].replace("%40", "@")))

    def serve_slow_headers(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.over.wait(1):
            self.wfile.write(b"X-More: x\r\n")
            self.wfile.flush()


class Server(https_server.Server):
    """At every address, whoever binds it to loopback."""

    def __init__(self, address, handler):
        super().__init__(("0.0.0.0", address[1]), handler)


if __name__ == "__main__":
    https_server.Handler, https_server.Server = Handler, Server
    https_server.main(sys.argv[1:])
