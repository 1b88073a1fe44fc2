#!/usr/bin/env python3
"""The daemon is killed at random moments of a busy life, and its journal says no less and no more than was told.

Two cameras see a ladder come and go; events start and end, thumbnails are kept, retention deletes what is beyond a small
limit, triggers are added and removed, the configuration is changed and read again, and a subscriber follows it all with
`since`. Then kill -9: in one of five lives while the daemon still starts.

    Tests/Proofs/kills.py [--kills 200] [--seed N]

Exit status 1 when the journal is not whole, when anything that a subscriber or an operator was told is not so after a
restart, or when an event has not exactly one start and one end.
"""

import argparse
import pathlib
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import threading
import time

import workplace
from workplace import Client, Failure, Workplace, expect

class Told:
    """All that a subscriber was told over all lives, line by line."""

    def __init__(self):
        self.lines = []
        self.starts = {}
        self.ends = {}

    @property
    def last(self):
        return self.lines[-1]["seq"] if self.lines else 0

    def take(self, line):
        expect(line.get("journaled", True), f"a line was told that the journal did not have: {line}")
        expect("lagged" not in line, f"a subscriber that reads was told that it lags: {line}")
        expect(not self.lines or line["seq"] == self.last + 1, f"{line} was told behind number {self.last}")
        self.lines.append(line)
        if line["kind"] == "event.started":
            expect(line["event"] not in self.starts, f"an event started twice: {line}")
            self.starts[line["event"]] = line
        elif line["kind"] == "event.ended":
            expect(line["event"] not in self.ends, f"an event ended twice: {line}")
            expect(line["event"] in self.starts, f"an event ended that had not started: {line}")
            expect(line.get("reason"), f"an event ended without a reason: {line}")
            self.ends[line["event"]] = line


class Life(threading.Thread):
    """What goes on in a thread as long as the daemon lives."""

    def __init__(self, place):
        super().__init__(daemon=True)
        self.place = place
        self.failure = None

    def run(self):
        try:
            self.live()
        except (BrokenPipeError, ConnectionResetError):
            pass
        except Exception as failure:
            self.failure = failure

    def finish(self):
        self.join(60)
        expect(not self.is_alive(), "a connection to a daemon that was killed did not end")
        if self.failure:
            raise self.failure


class Follower(Life):
    """Subscribes from where it was, and reads to the end."""

    def __init__(self, place, told):
        super().__init__(place)
        self.told = told
        self.client = Client(place, patience=60)
        self.seq = self.client.hello["seq"]

    def live(self):
        expect(self.seq >= self.told.last, f"the daemon begins with number {self.seq}, and {self.told.last} was told before")
        # Of the first life there is no past.
        self.client.send(id=1, do="subscribe", since=self.told.last)
        while (line := self.client.read()) is not None:
            if "seq" in line:
                self.told.take(line)
            else:
                expect("ok" in line, f"the subscription was answered with {line}")


class Operator(Life):
    """Adds and removes triggers and has the configuration read again, and remembers what it was promised."""

    names = ["added-1", "added-2", "added-3"]

    def __init__(self, place, random_source, limit, promised, counts):
        super().__init__(place)
        self.limit = limit
        self.random = random_source
        self.promised = promised
        self.counts = counts

    def live(self):
        client = Client(self.place)
        listed = {prompt["trigger"] for prompt in client.ask(do="prompts list")["ok"]["prompts"] if prompt["origin"] == "added"}
        for name, is_there in self.promised.items():
            expect(is_there is None or is_there == (name in listed), f"{name} was {'added' if is_there else 'removed'}, and after a restart {listed} are there")
        for name in self.names:
            self.promised[name] = name in listed
        while True:
            name = self.random.choice(self.names)
            choice = self.random.random()
            if choice < 0.25:
                configure(self.place, self.random, self.limit)
                self.attempt(client, "reload")
            elif self.promised[name]:
                self.promised[name] = None
                self.promised[name] = not self.attempt(client, "prompts remove", trigger=name)
            else:
                settings = {
                    "name": name,
                    "prompt": "a ladder in front of a house",
                    "against": ["an empty doorstep"],
                    "when": "probability >= 0.5",
                    "clear": "probability < 0.3",
                }
                self.promised[name] = None
                self.promised[name] = self.attempt(client, "prompts add", trigger=settings)
            time.sleep(self.random.random() * 0.1)

    def attempt(self, client, what, **request):
        client.send(id=what, do=what, **request)
        answer = client.read()
        if answer is None:
            raise BrokenPipeError
        expect("ok" in answer, f"{what} was answered with {answer}")
        self.counts[what] = self.counts.get(what, 0) + 1
        return True


def limit(kills):
    """So little that looks are deleted all the time and, in a long run, events when no look may go."""
    return "1MB" if kills < 50 else "2MB"


def configure(place, random_source, limit):
    """The configuration, with something different each time."""
    triggers = [place.ladder(f"ladder-{number}") for number in range(6)]
    triggers.append(place.ladder("sometimes-held", f", hold: {random_source.choice([0, 50, 100])}ms"))
    if random_source.random() < 0.5:
        triggers.append(place.ladder("sometimes-there", ", cooldown: 500ms"))
    cameras = [
        "{ name: fast, file: fast.mjpeg, rate: 20, loop: true, look: 20/s, view: center }",
        "{ name: slow, file: slow.mjpeg, rate: 10, loop: true, look: 10/s, view: center, reuse: false }",
    ]
    if random_source.random() < 0.5:
        cameras.append("{ name: sometimes, file: slow.mjpeg, rate: 5, loop: true, look: 5/s, view: center }")
    keeping = f", keep: 1m, limit: {limit}, thumbnails: all"
    place.configure(cameras, triggers, journal_settings=keeping)


def check_dead(place, told, since):
    """What a dead daemon left, in a copy: the next one shall find it as it was. Gives the events that are open."""
    with tempfile.TemporaryDirectory(prefix="scp-", dir="/tmp") as folder:
        for end in ["", "-wal"]:
            path = pathlib.Path(place.journal + end)
            if path.exists():
                shutil.copy(path, folder)
        database = sqlite3.connect(f"{folder}/journal.db")
        if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
            expect(not told.lines, "the journal is empty")
            return set()
        workplace.check_integrity(database)
        gone = check_told(database, told, since)
        expect(gone == 0, f"{gone} lines of the last two lives are not in the journal")
        still_open = {row[0] for row in database.execute("SELECT id FROM events WHERE ended IS NULL")}
        database.close()
        return still_open


def check_told(database, told, since):
    """Every event's line from a number on is in the journal as it was told; gives how many are not there any more.

    Retention deletes first what ended first, so that none may be missing that ended behind one that is there.
    """
    journal = workplace.told_by_journal(database)
    gone = []
    for line in reversed(told.lines):
        if line["seq"] <= since:
            break
        if workplace.is_event(line) and journal.get(line["seq"]) != workplace.told_by_line(line):
            may_go = line["seq"] not in journal and line["event"] in told.ends
            expect(may_go, f"{line} was told, and the journal has {journal.get(line['seq'])}")
            gone.append(told.ends[line["event"]]["at"])
    (first_kept,) = database.execute("SELECT min(ended) FROM events").fetchone()
    expect(not gone or first_kept is None or max(gone) <= first_kept, f"an event that ended at {max(gone, default=None)} is gone, and one of {first_kept} is there")
    return len(gone)


def check_recovered(place, were_open):
    """The daemon that runs has ended what the last one left open."""
    database = place.read_journal()
    rows = {row[0]: row[1:] for row in database.execute("SELECT id, ended, reason FROM events")}
    for event in were_open:
        ended, reason = rows.get(event, (None, None))
        expect(ended is not None, f"event {event} is still open after a restart")
        expect(reason == "recovered", f"event {event} was open when the daemon was killed, and ended with {reason}")
    database.close()


def await_retention(place):
    """In the last life at the latest, some looks are deleted."""
    database = place.read_journal()
    deadline = time.monotonic() + 60
    while database.execute("SELECT count(*) = coalesce(max(id), 0) FROM looks").fetchone()[0]:
        expect(time.monotonic() < deadline, "retention deletes nothing")
        time.sleep(0.1)
    database.close()


def run(options, place):
    source = random.Random(options.seed)
    told, promised, counts = Told(), {}, {}
    place.write_reel("fast.mjpeg", count=3)
    place.write_reel("slow.mjpeg", count=2)
    configure(place, source, limit(options.kills))
    were_open, recovered, early, starting = set(), 0, 0, []
    since = 0
    for number in range(options.kills + 1):
        begun = time.monotonic()
        place.start(wait=False)
        if number < options.kills and source.random() < 0.2:
            early += 1
            time.sleep(source.random() * 0.4)
            place.kill()
        else:
            follower = Follower(place, told)
            if number > 0:
                starting.append(time.monotonic() - begun)
            check_recovered(place, were_open)
            operator = Operator(place, random.Random(source.random()), limit(options.kills), promised, counts)
            follower.start()
            operator.start()
            time.sleep(source.random() * options.seconds)
            if number == options.kills:
                await_retention(place)
                place.stop()
            else:
                expect(place.daemon.poll() is None, "the daemon died by itself")
                place.kill()
            follower.finish()
            operator.finish()
            recovered += len(were_open)
            were_open = set()
        before, since = since, told.last
        were_open |= check_dead(place, told, before)

    database = place.read_journal()
    workplace.check_integrity(database)
    gone = check_told(database, told, 0)
    open_now = [event for event in told.starts if event not in told.ends]
    expect(not open_now, f"events that were told have no end: {open_now[:3]}")
    expect(database.execute("SELECT count(*) FROM events WHERE ended IS NULL").fetchone()[0] == 0, "events are open though no daemon runs")
    looks, latest, pictures = database.execute("SELECT count(*), max(id), (SELECT count(*) FROM thumbnails) FROM looks").fetchone()
    database.close()
    reasons = {}
    for line in told.ends.values():
        reasons[line["reason"]] = reasons.get(line["reason"], 0) + 1
    workplace.table(
        [
            ("kills", f"{options.kills}, {early} of them while the daemon started; seed {options.seed}"),
            ("events", f"{len(told.starts)}, each with one start and one end: " + ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))),
            ("lines", f"{len(told.lines)} told without gap; all in the journal as told, but {gone} of the oldest, deleted since"),
            ("left open", f"{recovered} by killed daemons, each ended at the next start"),
            ("changes", ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) + ": none that was answered was lost"),
            ("retention", f"{latest - looks} of {latest} looks deleted; {pictures} thumbnails left"),
            ("start after a kill", f"median {1000 * statistics.median(starting):.0f} ms, at most {1000 * max(starting):.0f} ms"),
        ]
    )
    expect(recovered > 0, "no kill came while an event was open")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--seconds", type=float, default=2.0, help="the longest life")
    options = parser.parse_args()
    try:
        with Workplace() as place:
            run(options, place)
    except Failure as failure:
        print(f"FAILED  {failure} (seed {options.seed})")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
