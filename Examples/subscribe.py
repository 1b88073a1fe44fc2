#!/usr/bin/env python3
"""Prints a line for every event, with its time in UTC:

    08:14:03 front-door parcel-left started p=0.93

Usage: subscribe.py [SOCKET]. Connects again, ever more slowly, when the daemon goes away, and prints what it missed
meanwhile.
"""
import json
import socket
import sys
import time

REQUEST = {"do": "subscribe", "kinds": ["event.started", "event.ended"]}
last = None  # the number of the latest message that is known


def say(message):
    global last
    if "seq" in message:
        last = message["seq"]
    elif last is None and "ok" in message:
        last = message["ok"]["seq"]
    if "error" in message:
        sys.exit(message["error"]["message"])
    if "lagged" in message:
        print("missed messages {from} to {to}".format(**message["lagged"]), flush=True)
    if message.get("kind") not in REQUEST["kinds"]:
        return
    what = "{} {} {}".format(message["at"][11:19], message["camera"], message["trigger"])
    if message["kind"] == "event.started":
        print(what, "started p={}".format(message.get("score", {}).get("probability", "-")), flush=True)
    else:
        print(what, "ended ({})".format(message["reason"]), flush=True)


def follow(path):
    """Prints until the daemon goes away; true when it had said anything."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(path)
        # What came after the last message that was read is told first, whoever was restarted meanwhile.
        request = REQUEST if last is None else dict(REQUEST, since=last)
        peer.sendall(json.dumps(request).encode() + b"\n")
        answered = False
        try:
            for line in peer.makefile(encoding="utf-8"):
                say(json.loads(line))
                answered = True
        except ConnectionError:
            pass
        return answered


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "/run/scenewatch/scenewatch.sock"
    pause = 0.5
    while True:
        try:
            if follow(path):
                pause = 0.5
            why = "the daemon closed the connection"
        except OSError as error:
            why = error.strerror or str(error)
        print("{}: {}; trying again in {} s".format(path, why, pause), file=sys.stderr, flush=True)
        time.sleep(pause)
        pause = min(pause * 2, 30)


try:
    main()
except KeyboardInterrupt:
    pass
