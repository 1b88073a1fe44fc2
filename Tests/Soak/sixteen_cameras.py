#!/usr/bin/env python3
"""Sixteen cameras on one daemon, and what each of them got.

Plays the demonstration's clip (1280x720 MJPEG) to sixteen cameras at 10 frames a second, looks once a second, and
judges from the journal and from /proc: looks of each camera, the age of looks when they are written, resident memory,
processor time. With --faulty three of the cameras are bad: one stalls, one floods 200 frames a second, one prints
garbage; the other thirteen are judged.

    Tests/Soak/sixteen_cameras.py [--minutes 10] [--faulty] [--cameras 16]

Exit status 1 when a bound is not kept. The bounds are those of Docs/Capture.md.
"""

import argparse
import json
import os
import pathlib
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("SCENEWATCH_BIN", REPOSITORY / ".build/release"))
CLIP = REPOSITORY / "Config/demo/clip.mjpeg"
MODEL = REPOSITORY / "Config/models/smallworld.safetensors"
TICKS = os.sysconf("SC_CLK_TCK")


def configuration(folder, count, faulty):
    """The good cameras come first; returns the YAML and the names to judge."""
    cameras = [f"  - {{ name: camera-{number:02}, file: {CLIP}, rate: 10, loop: true, look: 1/s }}" for number in range(count)]
    judged = [f"camera-{number:02}" for number in range(count)]
    if faulty:
        judged = judged[: count - 3]
        flood = f"[ffmpeg, -loglevel, error, -re, -stream_loop, '-1', -f, mjpeg, -framerate, '200', -i, {CLIP}, -c, copy, -f, mjpeg, '-']"
        cameras[count - 3 :] = [
            f"  - {{ name: stalling, command: [sh, -c, 'head -c 2000000 {CLIP}; exec sleep 100000'], look: 1/s }}",
            f"  - {{ name: flooding, command: {flood}, look: 1/s }}",
            "  - { name: garbage, command: [cat, /dev/urandom], look: 1/s }",
        ]
    text = "\n".join(
        [
            f"model: {{ use: {MODEL} }}",
            "cameras:",
            *cameras,
            "triggers:",
            "  - { name: parcel, prompt: a parcel on the doorstep, against: an empty doorstep }",
            f"socket: {{ path: {folder}/s.sock }}",
            f"journal: {{ path: {folder}/journal.db }}",
        ]
    )
    return text, judged


def ask_status(path):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        lines = connection.makefile("rw")
        lines.readline()
        lines.write('{"do":"status"}\n')
        lines.flush()
        return json.loads(lines.readline())["ok"]


def resident(process):
    for line in open(f"/proc/{process}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def processor_seconds(process):
    fields = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Follower:
    """Reads the journal beside the daemon and notes how old looks are when they appear."""

    def __init__(self, path):
        self.database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        self.latest = self.database.execute("SELECT coalesce(max(id), 0) FROM looks").fetchone()[0]
        self.ages = {}

    def poll(self):
        rows = self.database.execute("SELECT id, camera, at_ms FROM looks WHERE id > ? ORDER BY id", (self.latest,)).fetchall()
        now = time.time() * 1000
        for number, camera, at in rows:
            self.latest = number
            self.ages.setdefault(camera, []).append(now - at)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--faulty", action="store_true")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="scw-") as folder:
        text, judged = configuration(folder, options.cameras, options.faulty)
        pathlib.Path(folder, "scenewatch.yaml").write_text(text)
        log = open(f"{folder}/log", "w")
        daemon = subprocess.Popen([PROGRAMS / "scenewatchd", "--config", f"{folder}/scenewatch.yaml"], stderr=log)
        try:
            return watch(options, folder, daemon, judged)
        finally:
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                print("FAILED  the daemon did not stop within 20 s")
            if daemon.returncode != 0:
                sys.stdout.write(open(f"{folder}/log").read()[-4000:])


def watch(options, folder, daemon, judged):
    deadline = time.monotonic() + 30
    while True:
        try:
            if all(camera["looks"] > 0 for camera in ask_status(f"{folder}/s.sock")["cameras"] if camera["name"] in judged):
                break
        except OSError:
            pass
        if time.monotonic() > deadline or daemon.poll() is not None:
            print(open(f"{folder}/log").read()[-4000:])
            print("FAILED  the daemon does not look at all cameras within 30 s")
            return 1
        time.sleep(0.1)

    follower = Follower(f"{folder}/journal.db")
    start = time.monotonic()
    start_time = processor_seconds(daemon.pid)
    # After the first minute nothing may grow; in a short run, after its first quarter.
    settled = min(60, options.minutes * 15)
    memory = []
    while time.monotonic() - start < options.minutes * 60:
        follower.poll()
        if time.monotonic() - start >= settled:
            memory.append(resident(daemon.pid))
        time.sleep(0.02)
    elapsed = time.monotonic() - start
    share = (processor_seconds(daemon.pid) - start_time) / elapsed
    status = ask_status(f"{folder}/s.sock")

    looks = {camera: len(follower.ages.get(camera, [])) for camera in judged}
    ages = [age for camera in judged for age in follower.ages.get(camera, [])]
    least, most = min(looks.values()), max(looks.values())
    p99 = percentile(ages, 0.99)
    growth = (max(memory) - memory[0]) / memory[0]
    print(f"{len(judged)} of {options.cameras} cameras judged over {elapsed:.0f} s{', with three bad ones' if options.faulty else ''}")
    print(f"looks a camera   {least} to {most}, asked for {elapsed:.0f}")
    print(f"capture→journal  median {statistics.median(ages):.0f} ms, 99th percentile {p99:.0f} ms, most {max(ages):.0f} ms")
    print(f"resident         {memory[0] // 1024} MiB after {settled:.0f} s, at most {100 * growth:+.1f} % later")
    print(f"processor        {100 * share:.1f} % of one core in all, load {100 * status['encoder']['load']:.0f} %")
    for camera in status["cameras"]:
        if camera["name"] not in judged:
            print(f"  {camera['name']}: {camera['state']}; {camera['frames']} frames, {camera['looks']} looks, {camera['corrupt']} corrupt")

    failures = []
    if most - least > 0.1 * most:
        failures.append("looks of the cameras differ by more than 10 %")
    if least < 0.9 * elapsed:
        failures.append("a camera got less than 90 % of its looks")
    if p99 >= 500:
        failures.append("the 99th percentile of capture→journal is not under 500 ms")
    if growth > 0.05:
        failures.append("resident memory grew by more than 5 %")
    for failure in failures:
        print(f"FAILED  {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
