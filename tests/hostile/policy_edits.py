"""A thousand edits of the policy a second, under a running host: within a second of the last it is in force, and what was in
force meanwhile was always one of them, whole."""
import os
import threading
import time

from desk import Told, wait_until
from frame import Case
from serving import StdioServer

AREA = "policy"
EDITS, SECONDS = 2000, 2
CONVERGED_WITHIN = 1


def text_of(number):
    """One edit: two entries and a name that belong together, with enough between them that a write can be torn."""
    filler = ",".join(f'"filler-{number}-{index}"' for index in range(200))
    return (f'{{"packs": {{"blocked": ["beta", "first-{number}", {filler}, "last-{number}"]}}, '
            f'"general": {{"orgName": "edit {number}"}}}}').encode()


def renamed(path, data):
    temporary = path.with_suffix(".new")
    temporary.write_bytes(data)
    os.rename(temporary, path)


def torn(path, data):
    """As an editor writes that truncates, and then writes in pieces."""
    with open(path, "wb", buffering=0) as file:
        third = len(data) // 3
        for begin in (0, third, 2 * third):
            file.write(data[begin:begin + third] if begin < 2 * third else data[begin:])


def whole(shown, seen):
    blocked, name = shown["packs"]["blocked"], shown["general"]["orgName"]
    number = int(name.removeprefix("edit "))
    assert blocked == [blocked[0], f"first-{number}", *[f"filler-{number}-{index}" for index in range(200)], f"last-{number}"], (
        f"half of {name!r} was in force: {blocked[1]} … {blocked[-1]}")
    assert blocked[0] == "beta"
    seen.add(number)


def edited(write):
    def act(desk):
        path = desk.home / "policies.json"
        server = StdioServer(desk)
        late = []

        def writer():
            begin = time.monotonic()
            for number in range(1, EDITS + 1):
                write(path, text_of(number))
                time.sleep(max(0, begin + number * SECONDS / EDITS - time.monotonic()))
            late.append(time.monotonic())

        seen = set()
        thread = threading.Thread(target=writer)
        thread.start()
        while thread.is_alive():
            whole(server.call("admin:policiesGet").document, seen)
            pack = server.call("pluginPack:get", ["beta"]).document
            assert pack["policyBlocked"], pack
        thread.join()

        def converged():
            whole(server.call("admin:policiesGet").document, seen)
            return EDITS in seen

        # The poll has a period of half a second, to which a busy machine adds.
        wait_until(converged, CONVERGED_WITHIN, "the last edit is in force")
        assert len(seen) > 1, f"only {seen} was ever in force"
        desk.probes = EDITS
        return Told(None)
    return act


def cases():
    def arrange(desk):
        desk.pack("builtin", "beta")
        desk.policy(text_of(0))
        desk.packs()

    return [Case(AREA, f"a thousand edits a second, {what}", edited(write), None, "", arrange, unchanged=False, within_seconds=30)
            for what, write in (("by rename", renamed), ("in place, in pieces", torn))]
