"""What the fuzz targets start from besides their corpora: specimens, the outside corpus, and texts and archives made here.

`seeds_of(target)` yields bytes. Nothing of the outside corpus (COWORK_CORPUS, by default ../shared/corpus beside the
project) is copied into the project.
"""
import gzip
import io
import json
import os
import pathlib
import tarfile
import zipfile

PROJECT = pathlib.Path(__file__).resolve().parents[2]
LARGEST = 16 * 1024

MANIFEST = {
    "name": "tea", "displayName": "Tea", "version": "1.2.3-rc.1+b.5", "description": "Tea\ntime", "type": "pack",
    "main": "native/tea.so", "author": "A", "license": "MIT", "homepage": "https://example.com/", "coworkVersion": "1.0.0",
    "platform": {"os": ["linux", "darwin", "win32"]}, "keywords": ["a"], "icon": "T", "category": "c", "scope": "user",
    "personaTemplateId": "p", "recommendedConnectors": ["c"], "tryAsking": ["Tea?"], "bestFitWorkflows": ["w"],
    "outcomeExamples": ["o", {"a": 1}], "configSchema": {"type": "object", "properties": {"k": {"type": "string"}}},
    "capabilities": {}, "dependencies": [], "peerDependencies": {},
    "skills": [{"id": "s", "name": "S", "description": "d", "icon": "i", "category": "c", "prompt": "Hi {{x}}",
                "parameters": [{"name": "x", "type": "string", "description": "d", "required": True, "default": "1"}],
                "enabled": False}],
    "skillDirectories": [{"id": "q", "path": "skills/quiet", "name": "Q", "description": "d", "enabled": True}],
    "slashCommands": [{"name": "/tea", "description": "d", "skillId": "s"}],
    "agentRoles": [{"name": "r", "displayName": "R", "description": "d", "icon": "i", "color": "#fff", "capabilities": ["a"],
                    "systemPrompt": "p"}],
    "connectors": [{"name": "h", "description": "d", "inputSchema": {}, "type": "http", "http": {"url": "https://e.com"}},
                   {"name": "x", "description": "d", "inputSchema": {}, "type": "shell", "shell": {"command": "ls"}},
                   {"name": "y", "description": "d", "inputSchema": {}, "type": "script", "script": {"path": "a"}}],
}
SMALL = {"name": "tea", "displayName": "Tea", "version": "1.0.0", "description": "", "type": "pack",
         "skills": [{"id": "s", "name": "S", "description": "d", "prompt": "p"}]}
POLICIES = [
    {},
    {"version": 1, "updatedAt": "2026-01-01T00:00:00Z",
     "packs": {"allowed": ["a", "engineering"], "blocked": ["b"], "required": ["a"]},
     "connectors": {"blocked": ["c"]}, "agents": {"maxHeartbeatFrequencySec": 90.5, "maxConcurrentAgents": 3},
     "general": {"allowCustomPacks": False, "allowGitInstall": True, "allowUrlInstall": False, "orgName": "O",
                 "orgPluginDir": "/srv/packs"}},
    {"version": 2, "everydayAgent": {"x": [1]}, "runtime": None, "packs": {"blocked": ["a"]}},
    {"packs": {"required": ["b"], "blocked": ["b"]}},
    {"packs": {"allowed": ["-"]}, "general": {"orgPluginDir": "/a/../b"}},
    {"packs": {"allowed": []}, "agents": {"maxConcurrentAgents": 1e2, "maxHeartbeatFrequencySec": 59}},
    {"packs": {"allowed": ["a", "b"]}, "connectors": {"blocked": ["c", "d"]},
     "agents": {"maxHeartbeatFrequencySec": 60, "maxConcurrentAgents": 50},
     "general": {"allowCustomPacks": True, "allowGitInstall": False, "allowUrlInstall": True}},
    {"general": {"allowGitInstall": "false"}, "unknown": None, "packs": []},
]
HASH = "0123456789abcdef" * 4
RECORD = {"version": "1.0.0", "source": {"kind": "git", "location": "https://example.com/a.git", "ref": "main", "commit": "c0ffee"},
          "sha256": HASH, "treeSha256": HASH, "installedAt": "2026-01-01T00:00:00Z"}
STATES = [
    {}, {"a": True, "b": False}, {"updatedAt": 5, "packs": {"a": True}, "skills": {"a": {"s": False}, "b": {}}},
    {"packs": {}, "userPacksDefaultOn": False}, {"packs": {"a": 1}}, {"updatedAt": 1, "pack": {}},
    {"version": 1, "packs": {}}, {"version": 1, "packs": {"a": RECORD, "b": {**RECORD, "pending": None}}},
    {"version": 1, "packs": {"a": {**RECORD, "pending": {**RECORD, "source": {"kind": "directory", "location": "/a"}}}}},
    {"version": 1, "packs": {"a": {**RECORD, "source": {"kind": "ftp", "location": ""}}}}, {"version": 2, "packs": {}},
]
SKILLS = [
    "---\nname: tea\ndescription: Makes tea\n---\n\n  Boil water.\n", "---\r\nname: \"t\\u00e9\"\r\ndescription: 'it''s'\r\n---\r\nx",
    "---\nname: >\n  folded\n  text\ndescription: |-\n  block\nother: [a, {b: c}]\n---\n", "---\nname: &a x\ndescription: *a\n---\n",
    "---\nname: 12\ndescription: true\n---\n", "---\n{name: a, description: !!str 5}\n---\nb", "---\n? name\n: a\ndescription: b\n--- \n",
    "---\nname: a\nname: b\n---\n", "---\n- a\n---\n", "--- \n# nothing\n---\n", "---\nname: a", "text",
    "---\n%YAML 1.2\nname: a\ndescription: b\n...\n---\n",
]
SOURCES = [
    "./pack", "../x", "/abs/pack.tar.gz", "github:owner/repo", "github:o/r.git", "github:../x", "git+https://example.com/a.git",
    "git+ext::sh -c id", "git+file:///etc", "git+ssh://a@b/c", "https://example.com/a.git", "https://example.com/a.git/",
    "https://example.com/pack.zip?x=1#f", "http://example.com/x", "https://127.0.0.1/a.git", "https://0x7f.1/", "https://2130706433/",
    "https://[::ffff:127.0.0.1]/", "https://[2606:4700::1111]:8443/a.git", "https://169.254.169.254/", "https://0.0.0.0/",
    "https://8.8.8.8/a.git\nmain", "https://user:pw@example.com/", "ext::sh", "fd::3", "file:///etc/passwd", "host:path", "git@host:a/b",
    "--upload-pack=touch x", "-oProxyCommand=x", "https://-x.com/", "https://example.com/a%0ab", "https://example.com\\@evil.com/",
    "https://ex\u0430mple.com/", "https://xn--exmple-cua.com/", "https://example.com:99999/", "https://example.com./", "HTTPS://EXAMPLE.COM/A.GIT",
    "https://example.com/a.git\nrefs/heads/main", "https://example.com/a.git\n--upload-pack=x", "https://example.com/a.git\na..b",
    "https://example.com/a.git\nv1.0:x", "https://example.com/a.git\n+main", "https:///a", "https:a", "ftp://a/b", "https://[fe80::1%25eth0]/",
]


def outside_corpus():
    root = pathlib.Path(os.environ.get("COWORK_CORPUS") or PROJECT / "../shared/corpus")
    return root if root.is_dir() else None


def files(name):
    """The contents of every specimen of that name, and of every such file of the outside corpus."""
    roots = [PROJECT / "sample-packs"] + ([outside_corpus() / "packs"] if outside_corpus() else [])
    for root in roots:
        for path in sorted(root.rglob(name)):
            if path.is_file() and path.stat().st_size <= LARGEST:
                yield path.read_bytes()


def as_bytes(document):
    return json.dumps(document).encode()


def tar(entries, format=tarfile.USTAR_FORMAT):
    """`entries` are (name, content or None for a directory, changes of the header)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for name, content, changes in entries:
            info = tarfile.TarInfo(name)
            info.size = len(content or b"")
            info.type = tarfile.DIRTYPE if content is None else tarfile.REGTYPE
            for key, value in changes.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(content or b""))
    return shortened(out.getvalue())


def shortened(archive):
    """With two blocks of zeros at its end, and no more."""
    end = len(archive.rstrip(b"\0"))
    return archive[:(end + 511) // 512 * 512] + b"\0" * 1024


def zipped(entries, method=zipfile.ZIP_STORED, mode=0o100644):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o40755 if name.endswith("/") else mode) << 16
            info.create_system = 3
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


def archives():
    manifest = as_bytes(SMALL)
    plain = [("cowork.plugin.json", manifest, {})]
    yield manifest
    trees = [
        plain,
        [("tea/", None, {}), ("tea/cowork.plugin.json", manifest, {}), ("tea/a/b.md", b"x" * 600, {"mode": 0o755})],
        plain + [("../x", b"x", {})], plain + [("/x", b"x", {})], plain + [("a\\b", b"x", {})], plain + [(".GIT/hooks", b"x", {})],
        plain + [("l", b"", {"type": tarfile.SYMTYPE, "linkname": "/etc"}), ("l/x", b"x", {})],
        plain + [("l", b"", {"type": tarfile.LNKTYPE, "linkname": "cowork.plugin.json"})],
        plain + [("f", b"", {"type": tarfile.FIFOTYPE})], plain + [("s", b"x", {"mode": 0o4755})],
        plain + [("A", b"x", {}), ("a", b"y", {})], plain + [("caf\u00e9", b"x", {}), ("cafe\u0301", b"y", {})],
        plain + [("a", b"x", {}), ("a/b", b"y", {})], plain + [("a/b", b"y", {}), ("a/", None, {})],
        plain + [(f"f{i}", b"", {}) for i in range(40)], [("z", b"\0" * 9000, {})] + plain,
    ]
    for tree in trees:
        archive = tar(tree)
        yield archive
        yield gzip.compress(archive, mtime=0)
    yield tar([("n" * 150 + "/cowork.plugin.json", manifest, {})], tarfile.GNU_FORMAT)
    yield tar([("n" * 150 + "/cowork.plugin.json", manifest, {})], tarfile.PAX_FORMAT)
    yield gzip.compress(gzip.compress(tar(plain)), mtime=0)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield zipped([("cowork.plugin.json", manifest)], method)
        yield zipped([("tea/", b""), ("tea/cowork.plugin.json", manifest), ("tea/x", b"y" * 500)], method)
        yield zipped([("cowork.plugin.json", manifest), ("../x", b"x")], method)
    yield zipped([("cowork.plugin.json", manifest), ("b", b"\0" * 300_000)], zipfile.ZIP_DEFLATED)
    yield zipped([("cowork.plugin.json", manifest), ("l", b"/etc")], mode=0o120777)


def policies():
    texts = [json.dumps(policy, indent=1).encode() for policy in POLICIES]
    yield from texts
    for machine in texts:
        yield from (machine + b"\0" + user for user in texts)
    yield b"{\0" + texts[1]
    yield texts[1] + b"\0{"


def json_suite():
    if outside_corpus():
        for path in sorted((outside_corpus() / "json-test-suite").rglob("*.json")):
            yield path.read_bytes()[:4200]


def seeds_of(target):
    if target == "json":
        yield from json_suite()
        yield from files("cowork.plugin.json")
    elif target == "manifest":
        yield as_bytes(MANIFEST)
        yield as_bytes(SMALL)
        yield from files("cowork.plugin.json")
    elif target == "policy":
        yield from policies()
    elif target == "archive":
        yield from archives()
    elif target == "source":
        yield from (source.encode() for source in SOURCES)
    elif target == "skill":
        yield from (text.encode() for text in SKILLS)
        yield from files("SKILL.md")
    elif target == "toggles":
        yield from (as_bytes(state) for state in STATES)
