#!/usr/bin/env python3
"""Who may do what on the socket, tried by processes of real users and groups; needs root, and says so where it is not.

The daemon runs as a user of its own, as the service does, and then as root with the socket given to a group. At mode 0660
others cannot connect, members of the group may ask and change nothing, and operators, the daemon's own user and root may
change something, too.

    Tests/Proofs/peers.py

Exit status 1 when somebody may do more or less than Docs/Protocol.md says. Users and groups are numbers; none has to exist.
"""

import multiprocessing
import os
import shutil
import sys

import workplace
from workplace import Client, Failure, Workplace, expect

DAEMON, MEMBER, OPERATOR, STRANGER = 54321, 54322, 54323, 54324
GROUP, OTHER_GROUP = 54331, 54332

TRIGGER = {"name": "added", "prompt": "a ladder in front of a house", "when": "probability >= 0.5"}
READING = [{"do": "ping"}, {"do": "status"}, {"do": "prompts list"}, {"do": "triggers"}, {"do": "subscribe"}]
READING += [{"do": "subscribe", "since": 0}, {"do": "snapshot", "camera": "reel"}]
CHANGING = [{"do": "prompts add", "trigger": TRIGGER}, {"do": "prompts remove", "trigger": "added"}, {"do": "reload"}]


class Peer:
    """A process of some user and groups, with one connection to the daemon."""

    def __init__(self, place, user, group, groups=()):
        self.name = f"user {user}, group {group}" + (f", also in {', '.join(map(str, groups))}" if groups else "")
        self.pipe, child = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=self.live, args=(child, place, user, group, groups), daemon=True)
        self.process.start()
        child.close()
        # How the connection went: the greeting, a refusal, or the name of an error.
        self.greeting = self.pipe.recv()

    @staticmethod
    def live(pipe, place, user, group, groups):
        os.setgroups(groups)
        os.setgid(group)
        os.setuid(user)
        try:
            client = Client(place)
            pipe.send(client.first)
            while True:
                pipe.send(client.ask(**pipe.recv()))
        except Exception as error:
            pipe.send({"error": {"code": type(error).__name__}})

    def code(self, request):
        """`ok`, or the code of the refusal."""
        self.pipe.send(request)
        return code(self.pipe.recv())

    def leave(self):
        self.process.kill()
        self.process.join()
        self.pipe.close()


def code(answer):
    if "hello" in answer or "ok" in answer:
        return "ok"
    return answer["error"]["code"]


class Tally:
    """What was tried, for the table."""

    def __init__(self):
        self.rows = []

    def add(self, place, words, expected, user, group, groups=(), leave=True):
        """Tries everything as somebody; expected are the codes for connecting, reading and changing."""
        peer = Peer(place, user, group, groups)
        connecting, reading, changing = expected
        found = code(peer.greeting)
        expect(found == connecting, f"{words} ({peer.name}) connected: {found}, expected {connecting}")
        if connecting == "ok":
            for requests, allowed in [(READING, reading), (CHANGING, changing)]:
                for request in requests:
                    found = peer.code(request)
                    expect(found == allowed, f"{words} ({peer.name}) asked for {request['do']}: {found}, expected {allowed}")
        shown = f"connecting {connecting}" + (f", reading {reading}, changing {changing}" if connecting == "ok" else "")
        self.rows.append((words, shown))
        if leave:
            peer.leave()
        return peer


DENIED = ("PermissionError", None, None)
READS = ("ok", "ok", "not-allowed")
CHANGES = ("ok", "ok", "ok")


def configure(place, operators):
    camera = "{ name: reel, file: reel.mjpeg, rate: 10, loop: true, look: 10/s, view: center }"
    place.configure([camera], [place.ladder("ladder")], socket_settings=f', mode: "0660", operators: {operators}')


def prepare(place):
    """A workplace that other users can reach."""
    place.folder.chmod(0o755)
    place.write_reel()
    # The repository may lie where others cannot read.
    place.program = shutil.copy(place.program, place.folder)
    place.model = shutil.copy(place.model, place.folder)
    configure(place, f"[{OPERATOR}]")


def as_own_user(tally):
    with Workplace() as place:
        prepare(place)
        for path in [place.folder, *place.folder.iterdir()]:
            os.chown(path, DAEMON, GROUP)
        place.start(user=DAEMON, group=GROUP, extra_groups=[])
        status = os.stat(place.socket)
        expect((status.st_uid, status.st_gid, status.st_mode & 0o777) == (DAEMON, GROUP, 0o660), "the socket is not the daemon's, of mode 0660")
        tally.add(place, "another user", DENIED, STRANGER, OTHER_GROUP)
        tally.add(place, "another user with the number of the group", DENIED, GROUP, OTHER_GROUP)
        tally.add(place, "a user of that group", READS, MEMBER, GROUP)
        tally.add(place, "a user with that group among others", READS, MEMBER, OTHER_GROUP, [1, 2, GROUP])
        tally.add(place, "an operator outside the group", DENIED, OPERATOR, OTHER_GROUP)
        operator = tally.add(place, "an operator in the group", CHANGES, OPERATOR, OTHER_GROUP, [GROUP], leave=False)
        tally.add(place, "the daemon's own user", CHANGES, DAEMON, OTHER_GROUP)
        tally.add(place, "root", CHANGES, 0, 0)

        # An operator who is struck off has an open connection, and may no more.
        configure(place, "[]")
        os.chown(place.configuration, DAEMON, GROUP)
        expect("ok" in Client(place).ask(do="reload"), "root could not reload")
        for request in CHANGING:
            found = operator.code(request)
            expect(found == "not-allowed", f"a former operator asked for {request['do']}: {found}")
        for request in READING:
            expect(operator.code(request) == "ok", f"a former operator in the group asked for {request['do']}")
        operator.leave()
        tally.rows.append(("the same operator, struck off", "reading ok, changing not-allowed, on the open connection"))

        # Whatever the mode, others are told that it is not for them.
        os.chmod(place.socket, 0o666)
        tally.add(place, "another user, at mode 0666", ("not-allowed", None, None), STRANGER, OTHER_GROUP)
        place.stop()


def as_root(tally):
    with Workplace() as place:
        prepare(place)
        place.start()
        tally.add(place, "root's daemon: another user", DENIED, STRANGER, OTHER_GROUP)
        os.chown(place.socket, 0, GROUP)
        tally.add(place, "root's daemon, socket given away: a member", READS, MEMBER, OTHER_GROUP, [GROUP])
        tally.add(place, "root's daemon, socket given away: an operator", CHANGES, OPERATOR, GROUP)
        tally.add(place, "root's daemon, socket given away: another user", DENIED, STRANGER, OTHER_GROUP)
        place.stop()


def main():
    if len(sys.argv) > 1:
        print(__doc__)
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 64
    if os.geteuid() != 0:
        print("skipped: only root can be other users")
        return 0
    tally = Tally()
    try:
        as_own_user(tally)
        as_root(tally)
    except Failure as failure:
        print(f"FAILED  {failure}")
        return 1
    finally:
        if tally.rows:
            workplace.table(tally.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
