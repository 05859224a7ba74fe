"""Running hosts to ask: `cowork serve` over its standard streams, over its socket, and over HTTP."""
import json
import os
import re
import signal
import socket
import subprocess
import threading

from desk import Told, crash_of

DEADLINE = 30  # seconds for any one answer; a server that is later than that is ended, and the case fails


def told_of(reply):
    """A JSON-RPC response as what was told: `document` is the result, or the whole error."""
    if "result" in reply:
        return Told(None, "", reply["result"])
    error = reply["error"]
    return Told(error.get("data", {}).get("code", str(error["code"])), error["message"], error)


class Server:
    """One `cowork serve`, ended with the desk. Its own end has to be clean."""

    def __init__(self, desk, *arguments, environment=None):
        self.desk, self.number, self.stopped = desk, 0, False
        self.log = open(desk.work / f"serve-{len(desk.running)}.err", "w+b")
        self.process = subprocess.Popen([desk.program, "serve", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.log, cwd=desk.work, env=desk.environment(**(environment or {})))
        desk.running.append(self)

    def errors(self):
        """What it has written to stderr."""
        self.log.flush()
        with open(self.log.name, "rb") as log:
            return log.read()

    def request(self, method, params=None, options=None):
        self.number += 1
        request = {"jsonrpc": "2.0", "id": self.number, "method": method}
        request |= {"params": params} if params is not None else {}
        return request | ({"options": options} if options else {})

    def stop(self):
        """Ends it as a service manager does. What was wrong with its end, as a list."""
        if self.stopped:
            return []
        self.stopped = True
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            return [f"cowork serve did not end within {DEADLINE} s"]
        err = self.errors()
        self.log.close()
        if crash := crash_of(self.process.returncode, err):
            return [f"cowork serve: {crash}"]
        return [] if self.process.returncode == 0 else [f"cowork serve ended with {self.process.returncode}: {err[-1000:]!r}"]


class StdioServer(Server):
    """A host at the other end of two pipes. For one thread."""

    def __init__(self, desk, *arguments, environment=None):
        super().__init__(desk, "--stdio", *arguments, environment=environment)

    def line(self, data):
        """Writes one line of bytes and reads one back as JSON."""
        late = threading.Timer(DEADLINE, self.process.kill)
        late.start()
        try:
            self.process.stdin.write(data + b"\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        finally:
            late.cancel()
        assert answer, f"no answer to {data[:200]!r}: {self.errors()[-2000:].decode(errors='replace')}"
        return json.loads(answer)

    def call(self, method, params=None, options=None):
        return told_of(self.line(json.dumps(self.request(method, params, options)).encode()))


class SocketServer(Server):
    """A host at a Unix socket, and at HTTP where `http` is true: then `address` is (host, port), `token` what it wants."""

    def __init__(self, desk, *arguments, http=False, environment=None):
        self.path = desk.work / "s"
        token_file = desk.work / "token"
        http_arguments = ["--http", "--token-file", str(token_file)] if http else ["--no-http"]
        super().__init__(desk, "--json", "--socket", str(self.path), *http_arguments, *arguments, environment=environment)
        described = self._described()
        if http:
            self.address = ("127.0.0.1", int(re.search(r":(\d+)", described["http"]).group(1)))
            self.token = token_file.read_text().strip()

    def _described(self):
        late = threading.Timer(DEADLINE, self.process.kill)
        late.start()
        text = b""
        try:
            while line := self.process.stdout.readline():
                text += line
                try:
                    return json.loads(text)["server"]
                except ValueError:
                    continue
        finally:
            late.cancel()
        raise AssertionError(f"cowork serve does not listen: {text!r} {self.errors()[-2000:]!r}")

    def connect(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(DEADLINE)
        connection.connect(os.fspath(self.path))
        return connection

    def line(self, data):
        """One line on a connection of its own, and the one that answers."""
        with self.connect() as connection, connection.makefile("rb") as answers:
            connection.sendall(data + b"\n")
            return json.loads(answers.readline())

    def call(self, method, params=None, options=None):
        return told_of(self.line(json.dumps(self.request(method, params, options)).encode()))
