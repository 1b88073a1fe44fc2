"""USB webcams, as the kernel's own driver has them: their pictures, what goes wrong on the cable, and who is who when
they are plugged again."""

import json
import os
import re
import time

from camera_guest import *

SIZE = (640, 360)
RATE = 15 if NATIVE else 5
LOOK = "4/s" if NATIVE else "1/s"


def bars_files():
    """Files with colour bars as JPEG and as YUYV."""
    bars = Picture.bars(*SIZE, bars_of(191))
    return {"mjpeg": write_file("bars.jpg", bars.jpeg()), "yuyv": write_file("bars.yuyv", bars.yuyv())}


def clip_file(count=60):
    """Real pictures, all different: the beginning of the demonstration's clip, with its size."""
    data = (REPOSITORY / "Config/demo/clip.mjpeg").read_bytes()
    end = 0
    for _ in range(count):
        end = data.index(b"\xff\xd9\xff\xd8", end) + 2
    return write_file("clip.mjpeg", data[:end]), (1280, 720)


def watch(name, device, **keys):
    return camera(name, device, look=LOOK, view="center", **keys)


@scenario()
def webcam_pictures():
    """Bars through MJPEG and YUYV, each asked for, on two cameras at once."""
    files = bars_files()
    first = Webcam(**files, size=SIZE, rate=RATE, port=0, serial="A1")
    second = Webcam(**files, size=SIZE, rate=RATE, port=1, serial="B2")
    details = []
    with Daemon(watch("MJPG", first, format="MJPG"), watch("YUYV", second, format="YUYV")) as daemon:
        for name in daemon.names:
            picture = daemon.picture(name)
            expect((picture.width, picture.height) == SIZE, f"{name}: {picture.width}×{picture.height}")
            details.append(f"{name} {expect_bars(picture, 191, name)}")
    expect("streaming MJPG" in first.said, f"the first was not asked for MJPG: {first.said}")
    expect("streaming YUYV" in second.said, f"the second was not asked for YUYV: {second.said}")
    return f"largest difference of any bar, of 255: {', '.join(details)}"


@scenario()
def webcam_faults():
    """Damage on the way is counted and not looked at; a camera that stalls is given up and taken again."""
    bars = Picture.bars(*SIZE, bars_of(191)).jpeg()
    webcam = Webcam(mjpeg=write_file("bars.jpg", bars), size=SIZE, rate=RATE, serial="A1")
    details = []
    with Daemon(watch("usb", webcam)) as daemon:
        daemon.wait_frames("usb", 5)

        def counted(command, key, least):
            before = daemon.camera("usb")[key]
            webcam.tell_and_wait(command)

            def gained():
                return daemon.camera("usb")[key] - before

            eventually(
                lambda: f"{least} more {key} after “{command}”; there are {gained()}",
                lambda: gained() >= least,
                within=10,
            )
            details.append(f"{command}: {gained()} {key}")

        # uvcvideo reuses the buffer of a marked picture, so that it is only missed.
        counted("error 3", "sequenceGaps", 3)
        # The newest picture wins, so that of several in a row some may not have been read.
        counted("truncate 4", "corrupt", 2)
        daemon.wait_frames("usb", 3)
        # Only a picture that is looked at is decoded.
        counted(f"garble {RATE * 2}", "corrupt", 1)
        webcam.tell("drop 3")
        daemon.wait_frames("usb", 3)
        worst = expect_bars(daemon.picture("usb"), 191, "after all that")
        reopened = daemon.camera("usb")["reopened"]
        webcam.tell(f"stall {7000 if NATIVE else 9000}")
        words = daemon.wait_state("usb", "no picture")
        daemon.wait_frames("usb", 3)
        expect(daemon.camera("usb")["reopened"] > reopened, "the stalled camera was not opened again")
    return f"{', '.join(details)}; “{words}”; bars within {worst}"


@scenario()
def webcam_unplugged():
    """Pulled out and plugged in again while another camera takes its number: who is meant by serial number is found."""
    files = bars_files()
    clip, clip_size = clip_file()
    mine = Webcam(**files, size=SIZE, rate=RATE, port=0, serial="MINE")
    with Daemon({**watch("mine", mine), "device": None, "match": {"serial": "MINE"}}) as daemon:
        old = mine.path
        expect_bars(daemon.picture("mine"), 191, "at first")
        mine.unplug()
        words = daemon.wait_state("mine", "^lost")
        other = Webcam(mjpeg=clip, size=clip_size, rate=RATE, port=1, serial="OTHER")
        daemon.wait_state("mine", "^lost.*(MINE|no camera|not exist|unplugged)")
        time.sleep(1)
        expect(daemon.state("mine") != "streaming", "the other camera was taken for the one that is meant")
        new = mine.plug()
        back = time.monotonic()
        daemon.wait_streaming("mine", within=RECOVERY)
        took = time.monotonic() - back
        expect_bars(daemon.picture("mine"), 191, "when plugged in again")
        expect(other.path == old and new != old, f"the numbers were not exchanged: {old} → {new}, {other.path}")
    return f"“{words}”; {old} became {new}, back after {took:.2f} s"


@scenario(full_only=True)
def webcam_by_link():
    """Named by a link in /dev/v4l/by-id, which udev moves along with the camera; here it is moved by hand."""
    files = bars_files()
    clip, clip_size = clip_file()
    mine = Webcam(**files, size=SIZE, rate=RATE, port=0, serial="MINE")
    link = "/dev/v4l/by-id/usb-Scenewatch_Emulated_Webcam_MINE-video-index0"

    def move_link(path):
        os.makedirs(os.path.dirname(link), exist_ok=True)
        os.symlink(f"../../{os.path.basename(path)}", link + ".new")
        os.rename(link + ".new", link)

    try:
        move_link(mine.path)
        with Daemon(watch("mine", link)) as daemon:
            mine.unplug()
            os.unlink(link)
            words = daemon.wait_state("mine", "^lost")
            Webcam(mjpeg=clip, size=clip_size, rate=RATE, port=1, serial="OTHER")
            move_link(mine.plug())
            back = time.monotonic()
            daemon.wait_streaming("mine", within=RECOVERY)
            took = time.monotonic() - back
            expect_bars(daemon.picture("mine"), 191, "when plugged in again")
    finally:
        if os.path.lexists(link):
            os.unlink(link)
    return f"“{words}”; back after {took:.2f} s"


@scenario()
def webcam_twins():
    """Two cameras that say the same of themselves are refused, with what tells them apart; the place of one does."""
    files = bars_files()
    Webcam(**files, size=SIZE, rate=RATE, port=0)
    Webcam(**files, size=SIZE, rate=RATE, port=1)

    def meant_by(**match):
        return {**watch("twin", None), "device": None, "match": match}

    listing = client("cameras")
    buses = re.findall(r"bus (usb-[\w.:-]+)", listing)
    expect(len(set(buses)) == 2, f"`scenewatch cameras` does not show two places: {listing}")
    with Daemon(meant_by(card="Emulated Webcam"), wait=False) as daemon:
        words = daemon.wait_state("twin", "^lost")
        expect(all(bus in words for bus in buses), f"“{words}” does not tell {buses} apart")
        expect(daemon.camera("twin")["frames"] == 0, "one of the twins was taken")
    with Daemon(meant_by(bus=buses[1])) as daemon:
        expect_bars(daemon.picture("twin"), 191, "the second twin")
    return f"“{words}”"


@scenario()
def cameras_listed():
    """`scenewatch cameras` with different cameras, one of which is in use."""
    files = bars_files()
    webcam = Webcam(**files, size=SIZE, rate=RATE, product="Front Door", serial="F123")
    (vivid,) = Vivid.load()
    with Daemon(watch("busy", webcam)):
        text = client("cameras")
        listed = json.loads(client("cameras", "--json"))
    for word in ("Front Door", "F123", webcam.path, vivid.path, "MJPG", "YUYV", "640x360|640×360", "scenewatchd"):
        expect(re.search(word, text), f"no “{word}” in:\n{text}")
    expect(len(listed) == 2, f"{len(listed)} cameras are listed instead of 2: the webcam's metadata node is none")
    front = next(camera for camera in listed if camera["node"] == webcam.path)
    expect(front["serial"] == "F123" and front["card"].startswith("Front Door"), f"{front}")
    expect([holder["command"] for holder in front["holders"]] == ["scenewatchd"], f"{front['holders']}")
    return f"{len(text.splitlines())} lines"


if __name__ == "__main__":
    main()
