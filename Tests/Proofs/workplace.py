"""What the proofs share: a folder with a configuration, the daemon in it, clients of its socket, and its journal.

The camera of a workplace is a reel: two moments of the demonstration's clip that take turns, one with a ladder and one
without, as often as one likes. Any number of triggers see the ladder come and go.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("SCENEWATCH_BIN", REPOSITORY / ".build/release"))
CLIP = REPOSITORY / "Config/demo/clip.mjpeg"
MODEL = REPOSITORY / "Config/models/smallworld.safetensors"

# Frames of the clip, four a second (Config/demo/script.json).
WITHOUT_LADDER, WITH_LADDER = 2, 136


class Failure(Exception):
    """What was promised and is not so."""


def expect(condition, words):
    if not condition:
        raise Failure(words)


def clip_frames():
    """The JPEG pictures of the demonstration's clip."""
    end, start = b"\xff\xd9", b"\xff\xd8"
    parts = CLIP.read_bytes().split(end + start)
    return [(b"" if number == 0 else start) + part + (b"" if number == len(parts) - 1 else end) for number, part in enumerate(parts)]


class Workplace:
    """A temporary folder, which is removed at the end together with what still runs in it."""

    def __init__(self):
        # Short: a socket's path has at most 107 bytes.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="scp-", dir="/tmp"))
        self.socket = str(self.folder / "s.sock")
        self.journal = str(self.folder / "journal.db")
        self.configuration = self.folder / "scenewatch.yaml"
        self.program = PROGRAMS / "scenewatchd"
        self.model = MODEL
        self.daemon = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.kill()
            self.daemon.wait()
        if kind is not None and self.log.exists():
            print(self.log.read_text(errors="replace")[-3000:])
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def log(self):
        return self.folder / "log"

    # ---- Configuration

    def write_reel(self, name="reel.mjpeg", count=4):
        """A clip in which the ladder is there for so many pictures, then gone for as many."""
        frames = clip_frames()
        (self.folder / name).write_bytes(frames[WITH_LADDER] * count + frames[WITHOUT_LADDER] * count)

    def configure(self, cameras, triggers, socket_settings="", journal_settings=""):
        """Writes the configuration; of cameras and triggers each is a mapping in YAML."""
        lines = [
            f"model: {{ use: {self.model} }}",
            "cameras:",
            *(f"  - {camera}" for camera in cameras),
            "triggers:",
            *(f"  - {trigger}" for trigger in triggers),
            f"socket: {{ path: {self.socket}{socket_settings} }}",
            f"journal: {{ path: {self.journal}{journal_settings} }}",
        ]
        # At once, also under the eyes of a daemon that reads it again.
        fresh = self.configuration.with_suffix(".new")
        fresh.write_text("\n".join(lines) + "\n")
        fresh.replace(self.configuration)

    @staticmethod
    def ladder(name, settings=""):
        """A trigger that is active while the ladder is there."""
        return f"{{ name: {name}, {LADDER}{settings} }}"

    # ---- The daemon

    def start(self, wait=True, **settings):
        """Starts the daemon, and waits until its socket is there."""
        program = [self.program, "--config", self.configuration]
        with open(self.log, "ab") as log:
            self.daemon = subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **settings)
        if wait:
            Client(self, patience=60).close()
        return self.daemon

    def stop(self):
        """Asks the daemon to stop, and expects it to do so in good order."""
        self.daemon.send_signal(signal.SIGTERM)
        try:
            self.daemon.wait(60)
        except subprocess.TimeoutExpired:
            raise Failure("the daemon did not stop within 60 s") from None
        expect(self.daemon.returncode == 0, f"the daemon stopped with status {self.daemon.returncode}")

    def kill(self):
        """Ends the daemon as a power cut would."""
        self.daemon.kill()
        self.daemon.wait()

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.daemon.pid}/fd"))

    def resident(self):
        """The daemon's resident memory, in MiB."""
        for line in open(f"/proc/{self.daemon.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0

    def read_journal(self):
        """A connection to the journal that writes nothing."""
        return sqlite3.connect(f"file:{self.journal}?mode=ro", uri=True, timeout=30)


# Thresholds far from the scores of both pictures; without times of their own the events follow the pictures.
LADDER = (
    "prompt: [a ladder in front of a house, a ladder on a doorstep], against: an empty doorstep, "
    "when: probability >= 0.5, clear: probability < 0.3"
)


class Client:
    """One connection to the daemon; lines come as the objects that they are."""

    def __init__(self, place, patience=0.0):
        """Connects, within so many seconds while nobody listens yet, and reads the greeting."""
        deadline = time.monotonic() + patience
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(60)
            try:
                self.socket.connect(place.socket)
                break
            except (FileNotFoundError, ConnectionRefusedError):
                self.socket.close()
                gone = place.daemon is not None and place.daemon.poll() is not None
                expect(not gone, "the daemon ended at its start")
                expect(time.monotonic() < deadline, f"nobody listened within {patience} s")
                time.sleep(0.005)
        self.buffer = b""
        self.first = self.read()
        self.hello = (self.first or {}).get("hello")

    def send(self, **request):
        self.socket.sendall(json.dumps(request).encode() + b"\n")

    def read_bytes(self):
        """The next line without its end; None when the connection is over."""
        while True:
            line, feed, rest = self.buffer.partition(b"\n")
            if feed:
                self.buffer = rest
                return line
            try:
                more = self.socket.recv(1 << 16)
            except ConnectionResetError:
                return None
            if not more:
                return None
            self.buffer += more

    def read(self):
        line = self.read_bytes()
        return None if line is None else json.loads(line)

    def ask(self, **request):
        """The answer to a request; lines before it are thrown away."""
        self.send(id="asked", **request)
        while (line := self.read()) is not None:
            if line.get("id") == "asked":
                return line
        raise Failure(f"the connection ended before the answer to {request}")

    def close(self):
        self.socket.close()


def check_integrity(database):
    """What SQLite and the schema say of a journal."""
    found = [row[0] for row in database.execute("PRAGMA integrity_check")]
    expect(found == ["ok"], f"the integrity check says {found[:3]}")
    broken = database.execute("PRAGMA foreign_key_check").fetchall()
    expect(not broken, f"rows refer to what is not there: {broken[:3]}")


def told_by_journal(database):
    """The lines of all events as the journal has them, by their numbers, with what a reader can rely on."""
    told = {}
    rows = database.execute("SELECT id, trigger, camera, started, ended, reason, seq_started, seq_ended FROM events WHERE NOT dry_run")
    for event, trigger, camera, started, ended, reason, seq_started, seq_ended in rows:
        told[seq_started] = ("event.started", event, trigger, camera, started, None)
        if seq_ended is not None:
            told[seq_ended] = ("event.ended", event, trigger, camera, ended, reason)
    return told


def told_by_line(line):
    """Of a line of an event, the same."""
    return (line["kind"], line["event"], line["trigger"], line["camera"], line["at"], line.get("reason"))


def is_event(line):
    return line.get("kind", "").startswith("event.")


def table(rows):
    """Prints figures with their names."""
    width = max(len(name) for name, _ in rows)
    for name, figure in rows:
        print(f"{name:<{width}}  {figure}", flush=True)
