#!/usr/bin/env python3
"""Many subscribers, some of whom do not read, and strangers who waste the socket: nobody else notices.

One camera sees a ladder come and go 2.5 times a second, and so many triggers see it that there are --events events a
second, each with a start and an end; two others have the encoder work all the time. For --seconds all subscribers follow, before and after that half as long nobody;
the stalled ones read nothing until it is over. Then --strangers connections bring garbage, half a line or nothing.

    Tests/Proofs/subscribers.py [--subscribers 200] [--stalled 20] [--seconds 60] [--events 50] [--strangers 1000]

Exit status 1 when something is not as Docs/Protocol.md promises. Every line is compared byte for byte with what the
others got, and with the journal.
"""

import argparse
import itertools
import json
import random
import resource
import select
import socket
import sys
import threading
import time

import workplace
from workplace import Client, Failure, Workplace, expect

# Looks a second of the camera with the ladder, and of all.
LOOKS, OTHERS = 20, 2
ALL_LOOKS = 2 * LOOKS
FRAMES_PER_PICTURE = 4
CHANGES = LOOKS / (2 * FRAMES_PER_PICTURE)
# How many connections are served, and how many others are told why they are not; more are closed.
PLACES, REFUSALS = 256, 64
# What is held for one connection at most, in MiB: a line that is not yet whole, what waits to be written, the queue.
HELD_PER_CONNECTION = 2
# How often all strangers come. The first time tells nothing of growth.
ROUNDS = 4


class Subscriber:
    """One of many: what it is sent is kept as it came."""

    def __init__(self, place):
        self.client = Client(place)
        self.client.send(id=1, do="subscribe")
        answer = self.client.read()
        expect(answer.get("id") == 1 and "ok" in answer, f"the subscription was answered with {answer}")
        self.start = answer["ok"]["seq"]
        self.socket = self.client.socket
        self.received = [self.client.buffer]
        self.client.buffer = b""
        self.is_over = False

    def take(self):
        """Takes what is there; the answer to a ping is the end."""
        more = self.socket.recv(1 << 18)
        expect(more, "the daemon closed a subscriber's connection")
        self.received.append(more)
        # The answer may lie across two pieces.
        self.is_over = self.is_over or b'"id":"over"' in (self.received[-2] if len(self.received) > 1 else b"")[-200:] + more

    def ask_for_end(self):
        self.client.send(id="over", do="ping")

    def lines(self):
        """All lines with their ends, and the number up to which they were sent."""
        lines = b"".join(self.received).splitlines(keepends=True)
        expect(lines and lines[-1].endswith(b"\n"), "a subscriber got half a line")
        last = json.loads(lines.pop())
        expect(last.get("id") == "over", f"the last line is {last}")
        return lines, last["ok"]["seq"]


def follow(subscribers, until):
    """Reads for all of them, for a time or until each has had the answer to its ping."""
    poll = select.epoll()
    by_descriptor = {subscriber.socket.fileno(): subscriber for subscriber in subscribers}
    for descriptor in by_descriptor:
        poll.register(descriptor, select.EPOLLIN)
    missing = set(by_descriptor)
    while time.monotonic() < until and missing:
        for descriptor, _ in poll.poll(0.5):
            by_descriptor[descriptor].take()
            if by_descriptor[descriptor].is_over:
                missing.discard(descriptor)
        # A breath, so that lines come in handfuls and reading them leaves the processors to the daemon.
        time.sleep(0.02)
    poll.close()
    return len(missing)


class Witness(threading.Thread):
    """A good subscriber that reads and pings all the time, in a thread of its own."""

    def __init__(self, place):
        super().__init__(daemon=True)
        self.client = Client(place)
        answer = self.client.ask(do="subscribe")
        self.next = answer["ok"]["seq"] + 1
        self.count = 0
        self.longest = 0.0
        self.failure = None
        self.must_end = threading.Event()

    def run(self):
        try:
            while not self.must_end.is_set():
                sent = time.monotonic()
                self.client.send(id="over", do="ping")
                while "id" not in (line := json.loads(self.client.read_bytes())):
                    expect(line.get("seq") == self.next, f"the good subscriber got {line}, not number {self.next}")
                    self.next += 1
                    self.count += 1
                self.longest = max(self.longest, time.monotonic() - sent)
                time.sleep(0.02)
        except Exception as failure:
            self.failure = failure

    def finish(self):
        self.must_end.set()
        self.join(60)
        self.client.close()
        if self.failure:
            raise self.failure
        expect(self.count > 0, "the good subscriber got no line")


def looks_a_second(place, start, end):
    """Of all cameras together, from the journal, by the times at which frames were captured."""
    database = place.read_journal()
    query = "SELECT count(*), min(at_ms), max(at_ms) FROM looks WHERE at_ms >= ? AND at_ms < ? GROUP BY camera"
    rows = database.execute(query, (start * 1000, end * 1000)).fetchall()
    database.close()
    expect(len(rows) == 1 + OTHERS and all(count > 2 for count, _, _ in rows), "a camera had no looks")
    return sum((count - 1) / ((last - first) / 1000) for count, first, last in rows)


def figures(values):
    return ", ".join(f"{value:.0f}" for value in values)


def spans(lines):
    return [(line["lagged"]["from"], line["lagged"]["to"]) for line in lines if "lagged" in line]


def check_all(subscribers):
    """Everybody's lines are the same bytes, without gap or duplicate; gives them by their numbers."""
    reference = {}
    for place, subscriber in enumerate(subscribers):
        lines, end = subscriber.lines()
        expect(len(lines) == end - subscriber.start, f"subscriber {place} got {len(lines)} lines for {subscriber.start + 1} to {end}")
        for number, line in enumerate(lines, subscriber.start + 1):
            if number not in reference:
                expect(json.loads(line).get("seq") == number, f"subscriber {place} got {line!r} for number {number}")
                reference[number] = line
            expect(reference[number] == line, f"subscriber {place} got {line!r}, others {reference[number]!r}")
        subscriber.client.close()
    return reference


def check_stalled(subscriber, reference):
    """One notice of exactly what is missing, and `since` brings exactly that; gives how many were missed."""
    lines, end = subscriber.lines()
    parsed = [json.loads(line) for line in lines]
    gaps = spans(parsed)
    expect(len(gaps) == 1, f"a stalled subscriber was told {len(gaps)} times that it lags: {gaps}")
    first, last = gaps[0]
    expected = subscriber.start + 1
    for line, told in zip(lines, parsed):
        if "lagged" in told:
            expect(first == expected, f"{gaps[0]} is missing, and the line before it was {expected - 1}")
            expected = last + 1
        else:
            expect(told["seq"] == expected, f"a stalled subscriber got {told['seq']}, not {expected}")
            expect(line == reference.get(expected, line), f"a stalled subscriber got {line!r}, others {reference.get(expected)!r}")
            expected += 1
    expect(expected == end + 1, f"a stalled subscriber's lines end with {expected - 1}, not {end}")

    subscriber.client.send(id="again", do="subscribe", since=first - 1)
    while json.loads(subscriber.client.read_bytes()).get("id") != "again":
        pass
    for number in range(first, last + 1):
        line = subscriber.client.read_bytes() + b"\n"
        # The others have the same lines; where one began to read after this one did, only the number is known.
        expect(json.loads(line).get("seq") == number, f"`since` told {line!r} for number {number}")
        expect(line == reference.get(number, line), f"`since` told {line!r}, it was {reference.get(number)!r}")
    subscriber.client.close()
    return last - first + 1


def check_journal(place, reference):
    database = place.read_journal()
    journal = workplace.told_by_journal(database)
    events = 0
    for number, line in reference.items():
        told = json.loads(line)
        if workplace.is_event(told):
            events += told["kind"] == "event.started"
            expect(journal.get(number) == workplace.told_by_line(told), f"{told} is not so in the journal: {journal.get(number)}")
    expect(not [number for number in journal if min(reference) <= number <= max(reference) and number not in reference], "the journal has events that nobody was told")
    database.close()
    return events


RANDOM = random.Random(1)
STRANGERS = {
    "garbage": b"\n".join(RANDOM.randbytes(RANDOM.randrange(1, 300)).replace(b"\n", b"x") for _ in range(2000)),
    "half a line": b'{"do":"subscribe","triggers":["' + b"x" * 1_000_000,
    "nothing": b"",
}


def stranger(place):
    """A connection that is about to bring something else than requests."""
    connection = socket.socket(socket.AF_UNIX)
    connection.setblocking(False)
    patience = time.monotonic() + 10
    while True:
        try:
            connection.connect(place.socket)
            break
        except BlockingIOError:
            # The queue of those who wait to be accepted is full.
            expect(time.monotonic() < patience, "the daemon has accepted nobody for 10 s")
            time.sleep(0.002)
    return connection


def pester(place, count, seconds, watch):
    """Opens so many strangers, lets them send for a time, and goes; `watch` is called all the while.

    Gives how many descriptors the daemon had at the end.
    """
    waiting = {}
    opened = []
    kinds = itertools.cycle(STRANGERS.values())
    for _ in range(count):
        connection = stranger(place)
        opened.append(connection)
        waiting[connection] = memoryview(next(kinds))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for connection, rest in list(waiting.items()):
            if not rest:
                del waiting[connection]
                continue
            try:
                waiting[connection] = rest[connection.send(rest[: 1 << 16]) :]
            except BlockingIOError:
                pass
            except OSError:
                # Refused.
                del waiting[connection]
        watch()
        time.sleep(0.01)
    held = place.descriptors()
    for connection in opened:
        connection.close()
    return held


def settle(place, descriptors, seconds=20):
    """Waits until the daemon has no more descriptors open than before."""
    deadline = time.monotonic() + seconds
    while place.descriptors() > descriptors and time.monotonic() < deadline:
        time.sleep(0.05)
    return place.descriptors()


def crowd(options, place):
    half = options.seconds / 2
    time.sleep(2)
    quiet = [(time.time(), time.time() + half)]
    time.sleep(half)
    descriptors = place.descriptors()

    subscribers = [Subscriber(place) for _ in range(options.subscribers)]
    stalled, reading = subscribers[: options.stalled], subscribers[options.stalled :]
    crowded = (time.time(), time.time() + options.seconds)
    follow(reading, time.monotonic() + options.seconds)
    resident = place.resident()
    for subscriber in subscribers:
        subscriber.ask_for_end()
    # The good ones, too: else they would be the stalled ones now.
    left = follow(subscribers, time.monotonic() + 60)
    expect(left == 0, f"{left} subscribers had no answer within 60 s")
    reference = check_all(reading)
    missed = [check_stalled(subscriber, reference) for subscriber in stalled]
    time.sleep(1)
    quiet.append((time.time(), time.time() + half))
    time.sleep(half)
    after = settle(place, descriptors)
    asking = Client(place)
    load = asking.ask(do="status")["ok"]["encoder"]["load"]
    asking.close()

    events = check_journal(place, reference)
    without = sum(looks_a_second(place, *span) for span in quiet) / 2
    with_all = looks_a_second(place, *crowded)
    workplace.table(
        [
            ("subscribers", f"{len(reading)} that read, {len(stalled)} that stalled, for {options.seconds:g} s"),
            ("events", f"{events / options.seconds:.1f} a second; {len(reference)} lines to each, all in order and the same, as in the journal"),
            ("stalled", f"one notice each; {min(missed, default=0)} to {max(missed, default=0)} missed, all told again by `since`"),
            ("looks a second", f"{without:.3f} without, {with_all:.3f} with them: {100 * (with_all / without - 1):+.2f} %; load {100 * load:.0f} %"),
            ("resident", f"{resident:.0f} MiB with them"),
            ("descriptors", f"{descriptors} before, {after} after"),
        ]
    )
    expect(abs(with_all / without - 1) <= 0.02, "the look rate changed by more than 2 %")
    expect(events / options.seconds >= 0.9 * options.events, f"there were fewer than {options.events} events a second")
    expect(after <= descriptors, "descriptors were left open")


def strangers(options, place):
    witness = Witness(place)
    witness.start()
    before, descriptors = place.resident(), place.descriptors()
    peaks, rests, held = [], [], 0

    def watch():
        peaks[-1] = max(peaks[-1], place.resident())

    start = time.time()
    for _ in range(ROUNDS):
        peaks.append(0)
        # Each of them is served in one of these, and in the last most are too many.
        served = min(PLACES - 6, options.strangers)
        for first in range(0, options.strangers, served):
            pester(place, min(served, options.strangers - first), 1, watch)
            settle(place, descriptors)
        held = max(held, pester(place, options.strangers, 2, watch))
        settle(place, descriptors)
        rests.append(place.resident())
    end = time.time()
    after = settle(place, descriptors)
    witness.finish()
    rate = looks_a_second(place, start, end)
    workplace.table(
        [
            ("strangers", f"{ROUNDS} times {options.strangers}, up to {PLACES} served at once, then all at once, in {end - start:.0f} s"),
            ("resident", f"{before:.0f} MiB before, at most {figures(peaks)} with each round, {figures(rests)} after it"),
            ("descriptors", f"{descriptors} before, {held} while all are connected, {after} after"),
            ("a good subscriber", f"{witness.count} lines in order; the longest round trip took {1000 * witness.longest:.0f} ms"),
            ("looks a second", f"{rate:.3f}"),
        ]
    )
    expect(after <= descriptors, "descriptors were left open")
    expect(held <= descriptors + PLACES + REFUSALS, "refused connections pile up")
    expect(max(peaks) - before <= PLACES * HELD_PER_CONNECTION, "memory grew beyond what connections may hold")
    # In the first round the daemon makes what it keeps for connections; how much of it depends on the machine.
    expect(max(peaks[2:]) <= 1.2 * peaks[1], "memory goes on growing")
    expect(witness.longest < 2, "a good subscriber waited for more than 2 s")
    # This program takes the better part of a processor itself here.
    expect(abs(rate / ALL_LOOKS - 1) <= 0.05, "the look rate changed by more than 5 %")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=200)
    parser.add_argument("--stalled", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--events", type=int, default=50, help="a second")
    parser.add_argument("--strangers", type=int, default=1000)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    try:
        with Workplace() as place:
            place.write_reel(count=FRAMES_PER_PICTURE)
            triggers = [place.ladder(f"ladder-{number:03}", ", cameras: [reel]") for number in range(round(options.events / CHANGES))]
            cameras = [f"{{ name: reel, file: reel.mjpeg, rate: {LOOKS}, loop: true, look: {LOOKS}/s, view: center, reuse: false }}"]
            rate = (ALL_LOOKS - LOOKS) // OTHERS
            cameras += [f"{{ name: other-{number}, file: {workplace.CLIP}, rate: {rate}, loop: true, look: {rate}/s, reuse: false }}" for number in range(OTHERS)]
            place.configure(cameras, triggers)
            place.start()
            crowd(options, place)
            strangers(options, place)
            place.stop()
    except Failure as failure:
        print(f"FAILED  {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
