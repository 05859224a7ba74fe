"""A network of the suite's own: a server that misbehaves, and where the system allows it public addresses and a DNS server.

As root this process and what it starts get an empty network, in which loopback also has PUBLIC, an address that is public
by every rule; /etc/resolv.conf (of the view of /etc that machine_layer has) names a server of names whose answers a case
chooses. Otherwise there is loopback alone, and the cases that need more are not run.
"""
import atexit
import ctypes
import fcntl
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

import leftovers
import machine_layer

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK, IFF_UP, IFF_RUNNING = 0x8914, 0x8916, 0x891c, 1, 0x40
PUBLIC = "93.184.215.14"
PRIVATE = "127.0.0.1"
NAME = "pack.test"  # the server's certificate has it
_network = None


def set_up_loopback():
    """Up, and with PUBLIC as another address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP | IFF_RUNNING))
        for request, address in ((SIOCSIFADDR, PUBLIC), (SIOCSIFNETMASK, "255.255.255.255")):
            packed = struct.pack("16sHH4s8x", b"lo:0", socket.AF_INET, 0, socket.inet_aton(address))
            fcntl.ioctl(any_socket, request, packed)


class Names:
    """Answers questions for NAME: each one with the next of `answers` (lists of addresses), the last one for ever."""

    def __init__(self):
        self.answers, self.asked = [[]], 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def set(self, *answers):
        self.answers, self.asked = list(answers), 0

    def serve(self):
        while True:
            question, client = self.socket.recvfrom(4096)
            self.socket.sendto(self.answer(question), client)

    def answer(self, question):
        end = question.index(b"\0", 12) + 5
        name = question[12:end - 5]
        kind = struct.unpack(">H", question[end - 4:end - 2])[0]
        labels = b"".join(bytes([len(label)]) + label.encode() for label in NAME.split("."))
        if name.lower() != labels:
            return question[:2] + struct.pack(">HHHHH", 0x8183, 1, 0, 0, 0) + question[12:end]
        addresses = []
        if kind == 1:
            addresses = self.answers[min(self.asked, len(self.answers) - 1)]
            self.asked += 1
        records = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 0, 4) + socket.inet_aton(one) for one in addresses)
        return question[:2] + struct.pack(">HHHHH", 0x8180, 1, len(addresses), 0, 0) + question[12:end] + records


class Network:
    """One for a process. `obstacle` says why there are no public addresses; empty when there are."""

    def __init__(self):
        self.obstacle = self._enter()
        self.names = Names() if not self.obstacle else None
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="cowork-hostile-network-"))
        self.root, self.state = self.place / "served", self.place / "state"
        for directory in (self.root / "files", self.root / "git", self.state):
            directory.mkdir(parents=True)
        program = pathlib.Path(__file__).with_name("hostile_server.py")
        self.server = leftovers.known(subprocess.Popen([sys.executable, "-B", program, self.root, self.state],
                                                       stdin=subprocess.PIPE,
                                                       stdout=subprocess.PIPE, start_new_session=True))
        atexit.register(self.close)
        ready = json.loads(self.server.stdout.readline())
        self.port, self.ca = ready["port"], ready["ca"]

    @staticmethod
    def _enter():
        if why := machine_layer.obstacle():
            return why
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
            return "this system gives no network of one's own"
        try:
            set_up_loopback()
        except OSError as why:
            return f"a network of one's own can't be set up: {why}"
        resolver = pathlib.Path("/etc/resolv.conf")
        resolver.unlink(missing_ok=True)
        resolver.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        return ""

    def close(self):
        self.server.stdin.close()
        self.server.wait()
        shutil.rmtree(self.place, ignore_errors=True)

    # What cases ask of it.
    def url(self, path, host="localhost"):
        return f"https://{host}:{self.port}/{path}"

    def allow(self, desk, *hosts, **settings):
        """The user's host.json: these hosts (by default the server by its name) may be asked, with its certificate."""
        fetch = {"allowHosts": list(hosts) if hosts else [f"localhost:{self.port}"], "caFile": self.ca}
        desk.write("home/host.json", {"fetch": fetch | settings})

    def forbid(self, desk):
        """The certificate alone."""
        desk.write("home/host.json", {"fetch": {"caFile": self.ca}})

    def offer(self, name, content):
        """As /files/NAME."""
        path = self.root / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def requests(self):
        """(address, path) of every request so far."""
        log = self.state / "addresses.jsonl"
        lines = log.read_text().splitlines() if log.exists() else []
        return [(line["address"], line["path"]) for line in map(json.loads, lines)]


def network():
    global _network
    _network = _network or Network()
    return _network


def public_obstacle():
    """Why there are no public addresses here. For the `needs` of a case."""
    return network().obstacle
