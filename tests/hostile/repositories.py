"""Repositories made object by object, so that also what git itself would not make can be in them."""
import json
import os
import subprocess

from desk import valid_pack

FILE, PROGRAM, LINK, MODULE, TREE = b"100644", b"100755", b"120000", b"160000", b"40000"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"} | {
    f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "test"), ("EMAIL", "test@example.org"), ("DATE", "2025-01-15T12:00:00Z"))}


class Repository:
    """A bare one, `git/NAME` of the network's server."""

    def __init__(self, network, name):
        self.name, self.path = name, network.root / "git" / name
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.path))

    def git(self, *arguments, stdin=b""):
        environment = ENVIRONMENT | {"GIT_DIR": os.fspath(self.path)}
        ran = subprocess.run(["git", *arguments], input=stdin, env=environment, capture_output=True, check=False)
        assert ran.returncode == 0, f"git {arguments[0]}: {ran.stderr.decode(errors='replace')}"
        return ran.stdout.decode().strip()

    def blob(self, content):
        return self.git("hash-object", "-w", "--stdin", stdin=content)

    def tree(self, *entries):
        """Of (mode, name, id), byte for byte as they stand here: neither sorted nor looked at."""
        content = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(object_id) for mode, name, object_id in entries)
        return self.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=content)

    def commit(self, tree):
        """`main` points to it then."""
        commit = self.git("commit-tree", "-m", "test", tree)
        self.git("update-ref", "refs/heads/main", commit)
        return commit

    def manifest(self, name="tea", **members):
        return (FILE, b"cowork.plugin.json", self.blob(json.dumps(valid_pack(name, **members)).encode()))

    def pack(self, *entries, name="tea"):
        """A commit with a manifest and `entries`, in the order in which git wants them."""
        order = sorted([self.manifest(name), *entries], key=lambda entry: entry[1] + (b"/" if entry[0] == TREE else b""))
        return self.commit(self.tree(*order))
