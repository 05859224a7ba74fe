#!/usr/bin/env python3
"""Many clients on one server: mixed reads and toggles, no error, no lost toggle, flat memory.

Usage: serving_load.py COWORK [--clients N] [--seconds N]. Starts `cowork serve` in a throw-away home with one pack for each
client. A client toggles its own pack and reads it back, and between two toggles reads what everybody reads. At the end
pack-states.json, the audit trail and the host's own list have to say what the clients were told. Prints what was done;
exit status 1 when anything is wrong.
"""
import argparse
import asyncio
import collections
import json
import os
import pathlib
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time

WARM_UP = 0.25  # of the time: until then threads and caches still come into being
GROWTH = 1.10  # of the resident memory from then on
SLACK_KIB = 8 * 1024  # what allocators keep back, however long the run
READS = [
    ("pluginPack:list", []),
    ("admin:policiesGet", []),
    ("admin:checkPack", ["pack-000"]),
    ("host:status", []),
    ("pluginPack:getContext", []),
]


def make_packs(directory, count):
    for number in range(count):
        name = f"pack-{number:03}"
        (directory / name).mkdir(parents=True)
        manifest = {
            "name": name, "displayName": name, "version": "1.0.0", "description": "A pack of the load test", "type": "pack",
            "skills": [{"id": f"{name}-skill", "name": "Skill", "description": "", "prompt": "Do it"}],
        }
        (directory / name / "cowork.plugin.json").write_text(json.dumps(manifest))


def resident_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS")


class Client:
    def __init__(self, number, socket, counts, failures):
        self.name = f"pack-{number:03}"
        self.socket, self.counts, self.failures = socket, counts, failures
        self.random = random.Random(number)
        self.enabled, self.toggles, self.id = True, 0, 0

    async def call(self, method, params):
        self.id += 1
        request = {"jsonrpc": "2.0", "id": self.id, "method": method, "params": params}
        self.writer.write(json.dumps(request).encode() + b"\n")
        answer = json.loads(await self.reader.readline())
        self.counts[method] += 1
        if answer.get("id") != self.id or "result" not in answer:
            raise RuntimeError(f"{self.name}: {method}: {answer}")
        return answer["result"]

    async def run(self, until):
        try:
            self.reader, self.writer = await asyncio.open_unix_connection(self.socket, limit=64 << 20)
            while time.monotonic() < until:
                self.enabled = not self.enabled
                await self.call("pluginPack:toggle", [self.name, self.enabled])
                self.toggles += 1
                pack = await self.call("pluginPack:get", [self.name])
                if pack["enabled"] != self.enabled:
                    raise RuntimeError(f"{self.name}: a toggle to {self.enabled} was answered, and is not there")
                for _ in range(5):
                    method, params = self.random.choice(READS)
                    await self.call(method, params)
            self.writer.close()
        except Exception as error:  # whatever it is, the test has failed
            self.failures.append(f"{self.name}: {error!r}")


async def watch_memory(pid, until, samples):
    while time.monotonic() < until:
        samples.append((time.monotonic(), resident_kib(pid)))
        await asyncio.sleep(0.5)


def check_disk(home, clients, failures):
    states = json.loads((home / "pack-states.json").read_text())["packs"]
    for client in clients:
        if client.toggles and states.get(client.name) != client.enabled:
            failures.append(f"{client.name}: {states.get(client.name)} on disk, {client.enabled} was answered")
    lines = collections.Counter()
    for trail in home.glob("audit.jsonl*"):
        if trail.suffix == ".lock":
            continue
        for line in trail.read_text().splitlines():
            record = json.loads(line)
            if record.get("operation") == "pluginPack:toggle" and record.get("verdict") == "allowed":
                lines[record["subject"]] += 1
    for client in clients:
        if lines[client.name] != client.toggles:
            failures.append(f"{client.name}: {client.toggles} toggles, {lines[client.name]} lines in the audit trail")


def check_memory(samples, begin, seconds, failures):
    warm = [kib for at, kib in samples if at - begin >= seconds * WARM_UP]
    if len(warm) < 4:
        return None
    first, last = warm[0], max(warm[-3:])
    if last > first * GROWTH + SLACK_KIB:
        failures.append(f"memory grew from {first} to {last} KiB")
    return first, last


def main():
    parser = argparse.ArgumentParser(description="load test of cowork serve")
    parser.add_argument("cowork")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--any-memory", action="store_true", help="for AddressSanitizer, which keeps freed memory back")
    options = parser.parse_args()
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(files[1], 4096), files[1]))
    with tempfile.TemporaryDirectory(prefix="cowork-load-") as scratch:
        root = pathlib.Path(scratch)
        make_packs(root / "builtin", options.clients)
        environment = {"PATH": os.environ["PATH"], "HOME": str(root)}
        command = [options.cowork, "serve", "--home", str(root / "home"), "--builtin", str(root / "builtin"),
                   "--socket", str(root / "s"), "--no-http", "--json"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        try:
            return load(options, root, server)
        finally:
            if server.poll() is None:
                server.kill()
            server.wait()


def load(options, root, server):
    depth, text = 0, b""
    while True:  # one JSON document says that it listens
        line = server.stdout.readline()
        if not line:
            print("the server did not start")
            return 1
        text += line
        depth += line.count(b"{") - line.count(b"}")
        if depth == 0:
            break
    counts, failures, samples = collections.Counter(), [], []
    clients = [Client(number, str(root / "s"), counts, failures) for number in range(options.clients)]
    begin = time.monotonic()
    until = begin + options.seconds

    async def everything():
        await asyncio.gather(watch_memory(server.pid, until, samples), *(client.run(until) for client in clients))

    asyncio.run(everything())
    took = time.monotonic() - begin
    server.send_signal(signal.SIGTERM)
    status = server.wait(timeout=60)
    if status != 0:
        failures.append(f"the server ended with {status}")
    check_disk(root / "home", clients, failures)
    memory = None if options.any_memory else check_memory(samples, begin, options.seconds, failures)
    toggles = sum(client.toggles for client in clients)
    calls = sum(counts.values())
    for failure in failures[:20]:
        print(f"wrong: {failure}")
    grown = f"resident {memory[0]} to {memory[1]} KiB" if memory else "memory not judged"
    print(f"{options.clients} clients, {took:.0f} s: {calls} calls ({calls / took:.0f}/s), {toggles} toggles, {grown}")
    if not toggles:
        print("wrong: nothing was toggled")
    return 1 if failures or not toggles else 0


if __name__ == "__main__":
    sys.exit(main())
