"""A throw-away desk: a home, three tiers of packs, and the program that is run on them.

Nothing of the caller's environment reaches the program but what sanitizers and coverage need. What a case does in `work`
is its own; everything else of the desk is compared before and after.
"""
import dataclasses
import functools
import hashlib
import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import tempfile
import time

import machine_layer

KEPT_VARIABLES = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "LLVM_PROFILE_FILE")
# A sanitizer's report may come with an ordinary exit status.
CRASH_TEXTS = ("AddressSanitizer", "UndefinedBehaviorSanitizer", "LeakSanitizer", "ThreadSanitizer", ": runtime error: ",
               "terminate called", "Assertion `")
AUDIT = "audit.jsonl"


@dataclasses.dataclass
class Told:
    """What the program said: `code` is None where it succeeded, else the error's or the diagnostic's code."""
    code: str | None
    message: str = ""
    document: object = None
    status: int = 0
    out: bytes = b""
    err: bytes = b""


@functools.cache
def is_sanitized(program):
    """Whether it was built with a sanitizer: slower, and in need of descriptors and address space of its own."""
    return b"__asan_init" in pathlib.Path(program).read_bytes()


class Crash(AssertionError):
    """The program ended by a signal, or a sanitizer has something to say."""


def crash_of(status, err):
    """Why this end of a program is a crash, or None."""
    text = err.decode(errors="replace") if isinstance(err, bytes) else err
    for sign in CRASH_TEXTS:
        if sign in text:
            return f"{sign} in stderr: {text[-3000:]}"
    if status < 0:
        return f"ended by {signal.Signals(-status).name}: {text[-1000:]}"
    if status >= 128:
        return f"ended with status {status}: {text[-1000:]}"
    return None


def valid_pack(name, **members):
    """The manifest of a pack with one skill, which `members` change."""
    skill = {"id": f"{name}-s", "name": "Skill", "description": "A skill", "prompt": "Say it"}
    return {"name": name, "displayName": f"Pack {name}", "version": "1.0.0", "description": "A pack", "type": "pack",
            "skills": [skill]} | members


class Desk:
    """Homes, tiers and programs of one case. `builtin`, `organization` and `user` are the tiers' directories."""

    def __init__(self, program):
        self.program = pathlib.Path(program)
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="cowork-hostile-"))
        self.home, self.builtin, self.work = self.root / "home", self.root / "builtin", self.root / "work"
        self.organization, self.user = self.home / "org-plugins", self.home / "extensions"
        for directory in (self.home, self.builtin, self.organization, self.user, self.work):
            directory.mkdir(mode=0o755)
        self.running = []  # servers that the case started, to be ended with it

    # What stands on the desk.
    def write(self, relative, content, mode=None):
        """Writes text, bytes, or a value as JSON to `relative` (of the root), and makes its directories."""
        path = self.root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, (str, bytes)):
            content = json.dumps(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if mode is not None:
            path.chmod(mode)
        return path

    def pack(self, tier, directory, manifest=None, **members):
        """A pack in a tier ("builtin", "organization", "user"): `manifest` (text, bytes or value) or a valid one."""
        where = getattr(self, tier) / directory
        self.write((where / "cowork.plugin.json").relative_to(self.root),
                   valid_pack(directory, **members) if manifest is None else manifest)
        return where

    def policy(self, content):
        return self.write("home/policies.json", content)

    def machine(self, content, mode=0o644):
        """The machine's own policy; only for cases that need `machine_layer.obstacle`."""
        return machine_layer.write("policies.json", content if isinstance(content, (str, bytes)) else json.dumps(content), mode)

    # What is run on it.
    def environment(self, **extra):
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        return {"HOME": str(self.root), "COWORK_HOME": str(self.home), "COWORK_BUILTIN_DIR": str(self.builtin),
                "NO_COLOR": "1", "PATH": "/usr/bin:/bin"} | kept | extra

    def words(self, *arguments, stdin=b"", environment=None, within_seconds=60, **options):
        """Runs the program as it is: (status, stdout, stderr). A crash or a program that does not end raises."""
        arguments = [os.fsencode(argument) for argument in arguments]
        ran = subprocess.Popen([self.program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, cwd=self.work, env=self.environment(**(environment or {})),
                               start_new_session=True, **options)
        try:
            out, err = ran.communicate(stdin, timeout=within_seconds)
        except subprocess.TimeoutExpired as late:
            raise AssertionError(f"cowork {arguments} did not end within {within_seconds} s") from late
        finally:
            if ran.poll() is None:
                os.killpg(ran.pid, signal.SIGKILL)
                ran.communicate()
        if crash := crash_of(ran.returncode, err):
            raise Crash(f"cowork {arguments}: {crash}")
        return ran.returncode, out, err

    def run(self, *arguments, **options):
        """Runs the program with --json and reads the one document that it has to print."""
        status, out, err = self.words("--json", *arguments, **options)
        try:
            document = json.loads(out)
        except ValueError as wrong:
            raise AssertionError(f"cowork {arguments} --json printed no document: {out[:500]!r} {err[:1000]!r}") from wrong
        error = document.get("error") if isinstance(document, dict) else None
        # What was verified or validated and is wrong is an answer, not an error.
        if (error and status == 0) or (not error and status not in (0, 5, 8)):
            raise AssertionError(f"cowork {arguments}: status {status} with {out[:500]!r}")
        code, message = (error["code"], error["message"]) if error else (None, "")
        return Told(code, message, document, status, out, err)

    def packs(self):
        """What `pack list` shows: {name: pack}, and the diagnostics."""
        document = self.run("pack", "list").document
        return {pack["name"]: pack for pack in document["packs"]}, document["diagnostics"]

    def diagnosed(self, where):
        """The first diagnostic of a path at or below `where` (of the root), as what was told."""
        _, diagnostics = self.packs()
        for found in diagnostics:
            path = pathlib.Path(found["path"])
            if path == self.root / where or self.root / where in path.parents:
                return Told(found["code"], found["message"], found)
        return Told(None, f"no diagnostic of {where}: {diagnostics}")

    # Before and after.
    def tree(self):
        """Every file of home and tiers: kind, mode and hash of the bytes. The audit trail, sockets and what `work` holds
        aside, and files that only serve to be locked."""
        found = {}
        for directory, names, files in os.walk(self.root, followlinks=False):
            if pathlib.Path(directory) == self.root:
                names.remove("work")
            for name in names + files:
                path = pathlib.Path(directory, name)
                if (told := described(path)) is not None:
                    found[str(path.relative_to(self.root))] = told
        return found | machine_layer.tree(described)

    def close(self):
        """Ends what the case started and removes the desk; what went wrong in that is returned."""
        faults = [fault for server in self.running for fault in server.stop()]
        machine_layer.clear()
        for directory, names, _ in os.walk(self.root):
            for name in names:
                path = os.path.join(directory, name)
                if not os.path.islink(path):
                    os.chmod(path, 0o755)
        shutil.rmtree(self.root, ignore_errors=True)
        return faults


def described(path):
    status = path.lstat()
    mode = oct(stat.S_IMODE(status.st_mode))
    if stat.S_ISSOCK(status.st_mode) or path.name.startswith(AUDIT):
        return None
    if path.is_symlink():
        return f"link to {os.readlink(path)}"
    if path.is_dir():
        return f"directory {mode}"
    if not stat.S_ISREG(status.st_mode):
        return f"special {oct(status.st_mode)}"
    if path.name.endswith(".lock") and status.st_size == 0:
        return None
    return f"file {mode} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def differences(before, after):
    lines = []
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            lines.append(f"{path}: {before.get(path, 'absent')} -> {after.get(path, 'absent')}")
    return lines


def wait_until(condition, within_seconds, what):
    """Asks `condition` until it says something true, which is returned; a deadline that passes is a failure."""
    deadline = time.monotonic() + within_seconds
    while True:
        if found := condition():
            return found
        assert time.monotonic() < deadline, f"{what}: not within {within_seconds} s"
        time.sleep(0.005)
