"""The three entries of the host, each asked the same questions: `ask(question)` is the answer as the oracle would put it."""
import json
import os
import subprocess
import time

import worlds

MACHINE_POLICY = "/etc/cowork/policies.json"
PATIENCE_SEC = 30
EXIT_STATUS = {"internal": 1, "io": 1, "interceptor-failed": 1, "cancelled": 1, "timeout": 1, "invalid-argument": 2,
               "policy-denied": 3, "policy-unavailable": 3, "not-found": 4, "integrity": 5, "network": 6, "conflict": 7,
               "already-exists": 7, "invalid-manifest": 8, "invalid-policy": 8}


def environment(root):
    return {"HOME": root, "COWORK_HOME": f"{root}/home", "COWORK_BUILTIN_DIR": f"{root}/builtin", "NO_COLOR": "1",
            "PATH": "/usr/bin:/bin", **{key: value for key, value in os.environ.items() if key.startswith("LLVM_PROFILE")}}


def normal(question, reply):
    """The host's reply ({"result"} or {"error"}) in the oracle's words."""
    if "error" in reply:
        error = reply["error"]
        return {"outcome": error["code"], "message": error["message"], **(error.get("data") or {})}
    result, operation = reply["result"], question["operation"]
    if operation == "pluginPack:list":
        result = next((pack for pack in result if pack["name"] == question["id"]), None)
    if operation == "pluginPack:getContext":
        pack = next(pack for pack in worlds.PACKS if pack.name == question["id"])
        return {"outcome": "ok", "skill": any(skill["id"] == pack.skill for skill in result["skills"]),
                "connector": any(connector["id"] == pack.connector for connector in result["connectors"])}
    if operation in ("admin:policiesUpdate", "skill:get"):
        return {"outcome": "ok"}
    return {"outcome": "ok", "null": True} if result is None else {"outcome": "ok", **result}


class Entry:
    """What the entries share. `calls(list of (method, params, dry_run))` answers as many replies."""
    counter = 0

    def answers(self, questions):
        """An answer for every question, in order."""
        plain = [question for question in questions if question["operation"] != "agent:start"]
        calls = [(question["operation"], worlds.parameters(question, self.root), True) for question in plain]
        replies = self.calls(calls) if calls else []
        answers = {id(question): normal(question, reply) for question, reply in zip(plain, replies)}
        for question in questions:
            if question["operation"] == "agent:start":
                answers[id(question)] = self.agents(question)
        return [answers[id(question)] for question in questions]

    def in_order(self, questions):
        """The same one by one, and those that say `real` are no dry runs."""
        return [normal(question, self.call(question["operation"], worlds.parameters(question, self.root),
                                           not question.get("real"))) for question in questions]

    def call(self, method, params, dry_run=False):
        return self.calls([(method, params, dry_run)])[0]

    def agents(self, question):
        """Agents of a workspace of their own, until one is refused; a heartbeat of the first at once; all stopped again."""
        Entry.counter += 1
        options = [{"workspace": f"w{Entry.counter}", "agentId": f"a{number}"} for number in range(question["upto"])]
        starts = []
        for option in options:
            starts.append(self.call("agent:start", [option]))
            if "error" in starts[-1]:
                break
        started = [start["result"] for start in starts if "result" in start]
        answer = {"outcome": "ok", "started": len(started)}
        if "error" in starts[-1]:
            answer.update(outcome=starts[-1]["error"]["code"], message=starts[-1]["error"]["message"])
        if started:
            beat = self.call("agent:heartbeat", [options[0]]).get("error", {})
            answer.update(intervalSec=started[0]["intervalSec"], heartbeat=beat.get("code"),
                          retryAfterSec=(beat.get("data") or {}).get("retryAfterSec", 0) > 0)
        for option in options[:len(started)]:
            self.call("agent:stop", [option])
        return answer

    def wait_for_states(self, setting):
        """Until the host has seen the files as they are now."""
        expected = {"machine": setting.world.machine.state, "user": setting.world.user.state}
        deadline = time.monotonic() + PATIENCE_SEC
        while True:
            self.refresh()
            layers = self.call("admin:policiesStatus", [])["result"]["layers"]
            states = {layer["layer"]: layer["state"] for layer in layers}
            if states == expected:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"the layers are {states}, not {expected}")
            time.sleep(0.005)  # the host looks twice a second by itself: there is nothing to be woken by


class Cpp(Entry):
    """Typed calls of PluginHost, by the driver; one process for all worlds."""
    name = "c++"

    def __init__(self, driver):
        self.process = subprocess.Popen([driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, env=environment("/nonexistent"), text=True)

    def machine_path(self, root):
        return f"{root}/machine/policies.json"

    def enter(self, root):
        self.root = root
        answer = self.exchange([{"start": {"home": f"{root}/home", "builtin": f"{root}/builtin",
                                           "machine": self.machine_path(root)}}])[0]
        if "error" in answer:
            raise RuntimeError(f"the host does not start: {answer['error']}")

    def exchange(self, lines):
        self.process.stdin.write("".join(json.dumps(line) + "\n" for line in lines))
        self.process.stdin.flush()
        return [json.loads(self.process.stdout.readline()) for _ in lines]

    def refresh(self):
        self.exchange([{"refresh": True}])

    def calls(self, calls):
        return self.exchange([{"method": method, "params": params, "dryRun": dry_run} for method, params, dry_run in calls])

    def leave(self):
        pass

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE_SEC)


class JsonRpc(Entry):
    """`cowork serve --stdio`; what needs no order goes in one batch."""
    name = "json-rpc"

    def __init__(self, program):
        self.program = program

    def machine_path(self, _root):
        return MACHINE_POLICY

    def enter(self, root):
        self.root = root
        self.process = subprocess.Popen([self.program, "serve", "--stdio", "--no-socket"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(root), text=True)

    def refresh(self):
        self.call("host:rescan", [])

    def calls(self, calls):
        batch = [{"jsonrpc": "2.0", "id": number, "method": method, "params": params,
                  **({"options": {"dryRun": True}} if dry_run else {})}
                 for number, (method, params, dry_run) in enumerate(calls)]
        self.process.stdin.write(json.dumps(batch) + "\n")
        self.process.stdin.flush()
        while True:
            answer = json.loads(self.process.stdout.readline())
            if isinstance(answer, list):
                break  # events come between
        replies = {reply["id"]: reply for reply in answer}
        return [self.reply(replies[number]) for number in range(len(calls))]

    @staticmethod
    def reply(reply):
        if "error" not in reply:
            return {"result": reply["result"]}
        data = reply["error"].get("data", {})
        return {"error": {"code": data.get("code"), "message": reply["error"]["message"], "data": data}}

    def leave(self):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait(PATIENCE_SEC)
        self.process.stdout.close()

    def close(self):
        pass


class Program(Entry):
    """A process for each question: a verb where there is one, `call` for the rest and every second time."""
    name = "command line"

    def __init__(self, program):
        self.program = program
        self.turn = 0

    def machine_path(self, _root):
        return MACHINE_POLICY

    def enter(self, root):
        self.root = root

    def refresh(self):
        pass

    def answers(self, questions):
        return [self.agents(question) if question["operation"] == "agent:start" else self.answer(question)
                for question in questions]

    def answer(self, question):
        self.turn += 1
        verb = self.verb(question) if self.turn % 2 else None
        if not verb:
            return normal(question, self.call(question["operation"], worlds.parameters(question, self.root), True))
        arguments, member = verb
        reply = self.run(arguments + (["--dry-run", "--yes"] if member is None else []))
        if question["operation"] == "pluginPack:get" and reply.get("error", {}).get("code") == "not-found":
            return {"outcome": "ok", "null": True}  # what is null elsewhere is an error for people
        if "error" not in reply:
            reply = {"result": reply["document"].get(member) if member else {}}
            if member is None:  # the words of a change are told by `call`
                return {"outcome": "ok", "told": True}
        return normal(question, reply)

    def verb(self, question):
        """Arguments, and the member of the document that holds the result; null for changes."""
        identity, on = question.get("id", ""), question.get("on")
        switch = "enable" if on else "disable"
        new = worlds.parameters(question, self.root)
        return {
            "pluginPack:list": lambda: (["pack", "list"], "packs"),
            "pluginPack:get": lambda: (["pack", "info", identity], "pack"),
            "pluginPack:getContext": lambda: (["pack", "context"], "context"),
            "pluginPack:toggle": lambda: (["pack", switch, identity], None),
            "pluginPack:toggleSkill": lambda: (["pack", switch, identity, "--skill", f"{identity}-s"], None),
            "pluginPack:scaffold": lambda: (["pack", "new", identity], None),
            "pluginPack:install": lambda: (["pack", "install", new[0]], None),
            "pluginPack:installGit": lambda: (["pack", "install", "git+" + new[0]], None),
            "pluginPack:installUrl": lambda: (["pack", "install", new[0]], None),
            "pluginPack:update": lambda: (["pack", "update", identity], None),
            "pluginPack:uninstall": lambda: (["pack", "remove", identity], None),
            "skill:get": lambda: (["skill", "show", new[0]], "skill"),
            "admin:checkPack": lambda: (["policy", "check", identity], "check"),
            "admin:explain": lambda: (["policy", "explain", new[0], json.dumps(new[1])], "explain"),
        }.get(question["operation"], lambda: None)()

    def calls(self, calls):
        return [self.called(*call) for call in calls]

    def called(self, method, params, dry_run):
        reply = self.run(["call", method, json.dumps(params)] + (["--dry-run"] if dry_run else []))
        return reply if "error" in reply else {"result": reply["document"]["result"]}

    def run(self, arguments):
        done = subprocess.run([self.program, *arguments, "--json"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=environment(self.root), timeout=PATIENCE_SEC, check=False)
        document = json.loads(done.stdout)
        if "error" not in document:
            status = 0
        else:
            status = EXIT_STATUS.get(document["error"]["code"])
        if done.returncode != status:
            return {"error": {"code": f"exit status {done.returncode}, not {status}", "message": " ".join(arguments)}}
        return document if "error" in document else {"document": document}

    def leave(self):
        pass

    def close(self):
        pass
