"""A known clip as a camera: ffmpeg plays it into v4l2loopback. No look is missed, and what was seen is what the clip
holds."""

import os
import time

from camera_guest import *

RATE = 12.5
SECONDS = 30 if NATIVE else 10
LOOK = 4 if NATIVE else 0.5
# Of the looks that are asked for.
LEAST = 0.99 if NATIVE else 0.75


def clip():
    """The clip to play: prepared from real footage where there is some, else the demonstration's."""
    prepared = os.environ.get("CAMERA_TESTS_CLIP")
    return prepared if prepared and os.path.exists(prepared) else str(REPOSITORY / "Config/demo/clip.mjpeg")


def play(path, device):
    """ffmpeg, playing a clip over and over in real time, its pictures as they are."""
    player = Process(
        "ffmpeg", "-hide_banner", "-loglevel", "warning", "-re", "-stream_loop", "-1", "-f", "mjpeg",
        "-framerate", RATE, "-i", path, "-c", "copy", "-f", "v4l2", device,
    )

    def plays():
        expect(player.is_running(), f"ffmpeg has ended: {player.log()}")
        return "'MJPG'" in output_of("v4l2-ctl", "-d", device, "--get-fmt-video", check=False)

    eventually("ffmpeg playing", plays, pause=0.2)


def embeddings_of(path):
    """What every picture of a clip is to the model, by the daemon's own reading of the file."""
    source = {"name": "clip", "file": path, "pace": "fastest", "rate": RATE, "look": f"{RATE:g}/s", "view": "center"}
    with Daemon({**source, "reuse": False}, wait=False) as daemon:
        daemon.wait_state("clip", "^ended", within=200)
        eventually("the journal written", lambda: len(daemon.looks("clip")) == daemon.camera("clip")["looks"])
        return [vector for _, vector in embeddings(daemon, "clip")]


@scenario()
def loopback_looks():
    """The share of looks that are journalled, and each embedding against its nearest of the clip's own."""
    path = clip()
    load("v4l2loopback", devices=1, video_nr=20, exclusive_caps=1, card_label="Loopback")
    device = "/dev/video20"
    play(path, device)
    rate = f"{LOOK:g}/s" if LOOK >= 1 else f"{LOOK * 60:g}/min"
    with Daemon(camera("loop", device, look=rate, view="center", reuse=False)) as daemon:
        daemon.wait_frames("loop", 5)
        begun = time.time()
        time.sleep(SECONDS + 1.5)  # what was looked at in the last moment is not written at once
        looks = [at for at in daemon.looks("loop") if begun <= at < begun + SECONDS]
        asked = SECONDS * LOOK
        share = len(looks) / asked
        seen = [vector for _, vector in embeddings(daemon, "loop")]
        camera_status = daemon.camera("loop")
    expect(share >= LEAST, f"{len(looks)} of {asked:g} looks were journalled: {camera_status}")
    if not NATIVE:
        # To encode every picture of the clip would take minutes.
        return f"{len(looks)} of {asked:g} looks in {SECONDS} s, scaled down to {rate} in the emulated guest"
    known = embeddings_of(path)
    worst = min(max(cosine(vector, other) for other in known) for vector in seen)
    distinct = len({max(range(len(known)), key=lambda index: cosine(vector, known[index])) for vector in seen[:40]})
    expect(worst >= 0.999, f"a look is only {worst:.5f} near to its nearest picture of the clip")
    expect(distinct >= 20, f"40 looks are nearest to only {distinct} different pictures of the clip")
    return (
        f"{len(looks)} of {asked:g} looks in {SECONDS} s ({share:.1%}); {len(seen)} embeddings, the least cosine to "
        f"the nearest of {len(known)} pictures {worst:.6f}"
    )


if __name__ == "__main__":
    main()
