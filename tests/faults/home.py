"""A throw-away home of `cowork`, what stands in it, and what the next start says about it: for the tests of faults."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tarfile
import tempfile

PACK = "crm"  # what is installed, updated, removed and switched
OTHER = "desk"  # a builtin pack, for a change that has nothing to do with it
RANDOM_NAME = re.compile(r"[0-9a-f]{32}")
TIMES = {"updatedAt", "installedAt", "scannedAt"}
TIMEOUT_SECONDS = 30


def scratch_directory(prefix):
    """In memory where there is such a file system: no test here depends on what a disk does after fsync(2)."""
    memory = pathlib.Path("/dev/shm")
    where = memory if memory.is_dir() and os.access(memory, os.W_OK | os.X_OK) else None
    return tempfile.TemporaryDirectory(prefix=prefix, dir=where)


def write_pack(directory, name, version):
    """A pack with a directory in it, an executable file, and content that tells its version."""
    (directory / "scripts" / "deep").mkdir(parents=True)
    skill = {"id": f"{name}-s", "name": "S", "description": "", "prompt": f"Version {version}"}
    manifest = {"name": name, "displayName": name, "version": version, "description": "", "type": "pack", "skills": [skill]}
    (directory / "cowork.plugin.json").write_text(json.dumps(manifest))
    (directory / "scripts" / f"{version}.txt").write_text(f"notes of {version}\n" * 50)
    script = directory / "scripts" / "deep" / "run.sh"
    script.write_text(f"#!/bin/sh\necho {version}\n")
    script.chmod(0o755)


def write_archive(path, directory):
    with tarfile.open(path, "w:gz") as archive:
        archive.add(directory, arcname=".")


class Desk:
    """What every home of a test shares: the program, a builtin pack, sources of the pack in two versions."""

    def __init__(self, program, root):
        self.program, self.root = str(program), pathlib.Path(root)
        write_pack(self.root / "builtin" / OTHER, OTHER, "1.0.0")
        write_pack(self.root / "one", PACK, "1.0.0")
        write_pack(self.root / "two", PACK, "2.0.0")
        write_archive(self.root / "one.tar.gz", self.root / "one")
        self.offer("one")

    @property
    def source(self):
        return self.root / "source"

    def offer(self, version):
        """What an update will find where the pack came from."""
        shutil.rmtree(self.source, ignore_errors=True)
        shutil.copytree(self.root / version, self.source)

    def environment(self, home, extra=None):
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.root), "COWORK_HOME": str(home), "NO_COLOR": "1",
                "COWORK_BUILTIN_DIR": str(self.root / "builtin"), "TMPDIR": str(self.root), **(extra or {})}

    def run(self, home, arguments, extra=None):
        return subprocess.run([self.program, *arguments, "--json"], env=self.environment(home, extra), cwd=self.root,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_SECONDS)

    def must(self, home, *arguments):
        ran = self.run(home, arguments)
        if ran.returncode != 0:
            raise RuntimeError(f"cowork {' '.join(arguments)}: {ran.stdout.decode()}{ran.stderr.decode()}")

    def session(self, home, calls):
        """The answers of one new host to (method, parameters), in order."""
        requests = [{"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
                    for number, (method, parameters) in enumerate(calls)]
        # One after the other: requests of one stream may overtake each other.
        process = subprocess.Popen([self.program, "serve", "--stdio"], env=self.environment(home), cwd=self.root,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        answers = []
        with process:
            for request in requests:
                process.stdin.write(json.dumps(request).encode() + b"\n")
                process.stdin.flush()
                answers.append(json.loads(process.stdout.readline()))
            process.stdin.close()
            process.wait(TIMEOUT_SECONDS)
        return answers


def read_json(path):
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None


def read_tree(directory):
    found = {}
    for path in sorted(directory.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "directory"
        found[str(path.relative_to(directory))] = (mode, content)
    return found


def timeless(document):
    """Without what differs between two runs that did the same."""
    if isinstance(document, dict):
        return {key: timeless(value) for key, value in document.items() if key not in TIMES}
    return document


STATE_FILES = ("policies.json", "pack-states.json", "pack-lock.json")
EMPTY = {"policies.json": None, "pack-states.json": {"packs": {}, "skills": {}}, "pack-lock.json": {"version": 1, "packs": {}}}


def state_of(home):
    """What was saved: policy, switches, lock records, and the tree of the pack."""
    state = {}
    for name in STATE_FILES:
        document = timeless(read_json(home / name))
        state[name] = EMPTY[name] if document is None else document
    state["tree"] = read_tree(home / "extensions" / PACK)
    return state


def settled(state, new):
    """A pending record holds what was recorded before it, or null. The tree says which of the two it is; none, that both went."""
    records = {}
    for name, record in state["pack-lock.json"]["packs"].items():
        if "pending" in record:
            before = record["pending"] if state["tree"] else None
            record = {key: value for key, value in record.items() if key != "pending"}
            if not state["tree"] or state["tree"] != new["tree"]:
                record = before
        if record is not None:
            records[name] = record
    return {**state, "pack-lock.json": {**state["pack-lock.json"], "packs": records}}


def left_over(home):
    """Temporary files and staging areas, without the random part of their names."""
    names = [path.name for path in home.iterdir()]
    extensions = home / "extensions"
    if extensions.is_dir():
        names += ["extensions/" + path.name for path in extensions.iterdir()]
    return sorted(RANDOM_NAME.sub("*", name) for name in names if RANDOM_NAME.search(name) or "corrupt" in name)


def trail_of(home):
    """The audit trail without times and numbers, and whether its head agrees with its length."""
    path = home / "audit.jsonl"
    content = path.read_bytes() if path.exists() else b""
    head = (home / "audit.jsonl.lock").read_bytes() if (home / "audit.jsonl.lock").exists() else b""
    try:
        parsed = json.loads(head) if head else {}
        agreement = [parsed.get("size") == len(content), "next" in parsed]
    except ValueError:
        agreement = ["torn"]
    lines = content.split(b"\n")
    told = []
    for line in lines[:-1]:
        try:
            record = json.loads(line)
            told.append([record["operation"], record["verdict"]])
        except ValueError:
            told.append(["torn"])
    return {"lines": told, "rest": len(lines[-1]) > 0, "head": agreement}


def fingerprint(home):
    """Equal for homes that a new host can't tell apart but by times and random names."""
    copies = {}
    for name in STATE_FILES:
        copy = home / (name + ".last-good")
        try:
            copies[name] = timeless(read_json(copy))
        except ValueError:
            copies[name] = "torn"
    what = [state_of(home), copies, left_over(home), trail_of(home), sorted(path.name for path in home.glob("*.lock"))]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def faults_of_next_start(desk, home, expected, allowed_diagnostics=()):
    """What is wrong with the home of which a new host makes `expected`; it ends with a change, which has to work."""
    before = trail_of(home)["lines"]
    calls = [("host:status", []), ("pluginPack:list", []), ("pluginPack:verify", []),
             ("pluginPack:toggle", [OTHER, False]), ("pluginPack:toggle", [OTHER, True]),
             ("audit:query", [{"limit": 1, "verify": True}])]
    answers = desk.session(home, calls)
    wrong = [f"{method}: {answer['error']}" for (method, _), answer in zip(calls, answers) if "error" in answer]
    if wrong:
        return wrong
    status, listed, verified, _, _, trail = (answer["result"] for answer in answers)
    for found in status["diagnostics"]:
        if found.get("code") not in allowed_diagnostics:
            wrong.append(f"diagnostic: {found}")
    packs = {pack["name"]: pack for pack in listed}
    if (PACK in packs) != bool(expected["tree"]):
        wrong.append(f"listed: {sorted(packs)}")
    elif PACK in packs:
        wrong += faults_of_listed(packs[PACK], expected)
    if verified.get("verified") is not True:
        wrong.append(f"pack verify: {verified}")
    if trail.get("verified") is not True:
        wrong.append(f"audit trail: {trail.get('firstBad')} after {before}")
    if remains := left_over(home):
        wrong.append(f"left over after the next start and a save: {remains}")
    return wrong


def faults_of_listed(pack, expected):
    wrong = []
    record = expected["pack-lock.json"]["packs"].get(PACK)
    enabled = expected["pack-states.json"]["packs"].get(PACK, True)
    if record is None or pack.get("source", {}).get("treeSha256") != record["treeSha256"] or pack["version"] != record["version"]:
        wrong.append(f"listed as {pack['version']} of {pack.get('source')}, recorded as {record}")
    if pack["enabled"] != enabled or pack["state"] != ("active" if enabled else "disabled"):
        wrong.append(f"listed as enabled {pack['enabled']}, {pack['state']}; saved was {enabled}")
    return wrong
