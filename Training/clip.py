"""Renders the bundled clip (Motion JPEG) and its script; the plot is in worldkit/clipscript.py."""

import argparse
import json
import multiprocessing
import os
import pathlib

from tqdm import tqdm

from worldkit.clipscript import DURATION, SCRIPT, scene_at
from worldkit.draw import picture_jpeg

HEIGHT = 720
RATE = 4


def frame(index: int) -> bytes:
    return picture_jpeg(scene_at(index / RATE), HEIGHT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path, help="folder of clip.mjpeg and script.json")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    count = round(DURATION * RATE)
    with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool, (arguments.out / "clip.mjpeg").open("wb") as clip:
        for jpeg in tqdm(pool.imap(frame, range(count), 8), total=count, unit="frame", desc="clip", disable=None):
            clip.write(jpeg)
    script = {"rate": RATE, "length": DURATION, "events": SCRIPT}
    (arguments.out / "script.json").write_text(json.dumps(script, indent=2) + "\n")
    print(f"{(arguments.out / 'clip.mjpeg').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
