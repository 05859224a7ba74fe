#!/usr/bin/env python3
"""An HTTPS server on loopback for tests, which can misbehave. It ends when its stdin does.

Usage: https_server.py ROOT STATE [--plain]

Files of ROOT/files are served as /files/…, bare git repositories of ROOT/git as /git/… by `git http-backend`. STATE gets
the certificate it makes (ca.pem, key.pem) and one line of JSON for each request (requests.jsonl: method, path,
authorization). When it is ready it prints one line of JSON: {"port":…, "ca":…}. --plain is http without a certificate.

    /files/NAME                     the file, with its length
    /status/CODE[/…]                that status
    /redirect/N/PATH                N redirects within this server, then PATH
    /redirect-to/?ADDRESS           one redirect to ADDRESS
    /short/NAME  /long/NAME         the file, with a length that is too long or too short for it
    /chunked/NAME                   the file in chunks, without a length
    /drip/NAME                      the file, one byte in 50 ms
    /stall/NAME                     half of the file, then nothing
    /endless                        zeros without end
    /headers                        headers without end
    /named/NAME                     the file, with a Content-Disposition that names another place
    /encoded/NAME                   the file, said to be packed by gzip
    /token/PATH                     401 without an Authorization header; with one as PATH
"""
import http.server
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import threading

GIT_BACKEND_TIMEOUT_S = 60


def make_certificate(state):
    names = "subjectAltName=DNS:localhost,DNS:pack.test,IP:127.0.0.1,IP:::1"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=cowork test", "-addext", names, "-keyout", str(state / "key.pem"), "-out", str(state / "ca.pem")],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    root = state = None
    lock = threading.Lock()
    over = threading.Event()

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        line = {"method": self.command, "path": self.path, "authorization": self.headers.get("Authorization", "")}
        with self.lock, open(self.state / "requests.jsonl", "a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        self.close_connection = True
        try:
            self.route(self.path)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass

    def route(self, path):
        kind, _, rest = path.lstrip("/").partition("/")
        action = getattr(self, "serve_" + kind.replace("-", "_"), None)
        return action(rest) if action else self.head(404, 0)

    def head(self, status, length, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        self.end_headers()

    def content(self, name):
        path = (self.root / "files" / name.partition("?")[0]).resolve()
        return path.read_bytes() if path.is_relative_to(self.root) and path.is_file() else None

    def serve_content(self, name, length, body, *headers):
        """The length and the body are made of the file's content."""
        content = self.content(name)
        if content is None:
            return self.head(404, 0)
        self.head(200, length(content), *headers)
        for part in body(content):
            self.wfile.write(part)
            self.wfile.flush()
        return None

    def serve_files(self, name):
        self.serve_content(name, len, lambda content: [content])

    def serve_named(self, name):
        self.serve_content(name, len, lambda content: [content],
                           ("Content-Disposition", 'attachment; filename="../../escaped"'))

    def serve_encoded(self, name):
        self.serve_content(name, len, lambda content: [content], ("Content-Encoding", "gzip"))

    def serve_short(self, name):
        self.serve_content(name, lambda content: len(content) + 1000, lambda content: [content])

    def serve_long(self, name):
        self.serve_content(name, lambda content: len(content) // 2, lambda content: [content])

    def serve_drip(self, name):
        def drops(content):
            for byte in content:
                if self.over.wait(0.05):
                    return
                yield bytes([byte])
        self.serve_content(name, len, drops)

    def serve_stall(self, name):
        def half(content):
            yield content[:len(content) // 2]
            self.over.wait()
        self.serve_content(name, len, half)

    def serve_chunked(self, name):
        def chunks(content):
            for begin in range(0, len(content), 1000):
                part = content[begin:begin + 1000]
                yield b"%x\r\n%s\r\n" % (len(part), part)
            yield b"0\r\n\r\n"
        self.serve_content(name, lambda content: None, chunks, ("Transfer-Encoding", "chunked"))

    def serve_endless(self, _):
        self.head(200, None)
        while not self.over.is_set():
            self.wfile.write(bytes(65536))

    def serve_headers(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.over.is_set():
            self.wfile.write(b"X-More: " + b"x" * 1000 + b"\r\n")

    def serve_status(self, code):
        # git asks for /status/CODE/info/refs?…
        self.head(int(re.match(r"\d+", code)[0]), 0)

    def serve_redirect(self, rest):
        count, _, target = rest.partition("/")
        left = int(count) - 1
        self.head(302, 0, ("Location", f"/redirect/{left}/{target}" if left > 0 else f"/{target}"))

    def serve_redirect_to(self, rest):
        self.head(302, 0, ("Location", rest.partition("?")[2]))

    def serve_token(self, rest):
        if not self.headers.get("Authorization"):
            return self.head(401, 0, ("WWW-Authenticate", 'Basic realm="test"'))
        return self.route("/" + rest)

    def git_environment(self, path, query, body):
        return {
            "PATH": "/usr/bin:/bin", "HOME": "", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_PROJECT_ROOT": str(self.root / "git"), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": "/" + path,
            "QUERY_STRING": query, "REQUEST_METHOD": self.command, "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            # The test made the repositories, whoever it runs as.
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        }

    def serve_git(self, rest):
        path, _, query = rest.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        done = subprocess.run(["git", "http-backend"], input=body, env=self.git_environment(path, query, body),
                              capture_output=True, check=False, timeout=GIT_BACKEND_TIMEOUT_S)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = [line.partition(": ")[::2] for line in head.decode().split("\r\n") if line]
        status = next((int(re.match(r"\d+", value)[0]) for name, value in headers if name == "Status"), 200)
        self.head(status, len(content), *[(name, value) for name, value in headers if name != "Status"])
        self.wfile.write(content)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    context = None

    def finish_request(self, request, client_address):
        # In the request's own thread: a client that does not shake hands holds up nobody.
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        try:
            self.RequestHandlerClass(request, client_address, self)
        finally:
            try:
                request.close()
            except OSError:
                pass

    def handle_error(self, request, client_address):
        pass


def main(arguments):
    plain = "--plain" in arguments
    root, state = (pathlib.Path(argument).resolve() for argument in arguments if argument != "--plain")
    Handler.root, Handler.state = root, state
    server = Server(("127.0.0.1", 0), Handler)
    if not plain:
        make_certificate(state)
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(state / "ca.pem", state / "key.pem")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_port, "ca": "" if plain else str(state / "ca.pem")}), flush=True)
    sys.stdin.buffer.read()
    Handler.over.set()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
