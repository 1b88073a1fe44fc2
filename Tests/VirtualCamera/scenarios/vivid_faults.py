"""What the kernel's virtual video driver does to a stream: each of its faults while the daemon watches, beside a camera
that must not notice."""

import re
import time

from camera_guest import *

# Buttons of vivid, what is pressed beside them so that they are come upon, and what the daemon then says. A fault of
# setting up only shows when the device is opened anew.
LOSSES = {
    "inject_fatal_streaming_error": (None, r"input/output error|fails|gives"),
    "disconnect": (None, r"unplugged|does not exist|fails"),
    "inject_vidioc_reqbufs_error": ("inject_fatal_streaming_error", r"REQBUFS"),
    "inject_vidioc_qbuf_error": (None, r"QBUF"),
    "inject_vidioc_streamon_error": ("inject_fatal_streaming_error", r"STREAMON"),
}
LOOK = "4/s" if NATIVE else "1/s"
LONGEST_PAUSE = 0.5
# How a camera is that shows nothing.
NOTHING_SEEN = "^(blind|frozen|degraded)"


def small(name, vivid, **more):
    keys = {"size": "320x180", "rate": 15 if NATIVE else 5, "look": LOOK, "view": "center"}
    return camera(name, vivid, **{**keys, **more})


def press(vivid, fault):
    """Presses a fault's buttons, and returns when."""
    provoked_by = LOSSES[fault][0]
    vivid.press(fault)
    if provoked_by:
        vivid.press(provoked_by)
    return time.monotonic()


def recovered(daemon, before, since):
    """Waits until every camera of `before` (its status by its name) has been opened again and has new frames; returns
    how long each took from its moment in `since`."""
    took = {}

    def check():
        for now in daemon.ask(do="status")["ok"]["cameras"]:
            name = now["name"]
            if name not in before or name in took:
                continue
            was = before[name]
            if now["reopened"] > was["reopened"] and now["frames"] > was["frames"] and now["state"] == "streaming":
                took[name] = time.monotonic() - since[name]
        return len(took) == len(before)

    words = lambda: "; ".join(f"{name} back: “{daemon.state(name)}”" for name in before if name not in took)
    eventually(words, check, within=RECOVERY + 2)
    slow = {name: seconds for name, seconds in took.items() if seconds > RECOVERY}
    expect(not slow, f"back later than {RECOVERY:g} s: {slow}", Late)
    return took


def expect_undisturbed(daemon, name, since):
    """Returns the longest pause between the looks of a camera since a moment, and judges it where time is real."""
    daemon.wait_frames(name, 2)
    until = time.time() - 0.5  # what was looked at later may not be written yet
    pause = daemon.longest_pause(name, since, until)
    expect(not NATIVE or pause <= LONGEST_PAUSE, f"{name} was not looked at for {pause:.2f} s", Late)
    return pause


@scenario()
def vivid_losses():
    """Every fault of vivid that ends a stream, each on a camera of its own, at the same time."""
    *broken, steady = Vivid.load(len(LOSSES) + 1, kind="hdmi")
    names = dict(zip((fault.removeprefix("inject_").replace("_", "-") for fault in LOSSES), LOSSES))
    with Daemon(*(small(name, vivid) for name, vivid in zip(names, broken)), small("steady", steady)) as daemon:
        daemon.wait_frames("steady", 5)
        descriptors, begun = daemon.descriptors(), time.time()
        before = {name: daemon.camera(name) for name in names}
        since = {name: press(vivid, names[name]) for name, vivid in zip(names, broken)}
        took = recovered(daemon, before, since)
        for name, fault in names.items():
            daemon.wait_log(f"camera {name} is lost: .*({LOSSES[fault][1]})", within=2)
        pause = expect_undisturbed(daemon, "steady", begun)
        daemon.wait_descriptors(descriptors)
    slowest = max(took, key=took.get)
    return f"all back, the slowest ({slowest}) after {took[slowest]:.2f} s; longest pause of the other {pause:.2f} s"


@scenario(full_only=True, native_only=True)
def vivid_losses_in_turn():
    """The same, one after the other on one camera, each when the last one's back-off is forgotten."""
    broken, steady = Vivid.load(2, kind="hdmi")
    details = []
    with Daemon(small("broken", broken), small("steady", steady)) as daemon:
        begun = time.time()
        for fault in LOSSES:
            time.sleep(11)
            before = {"broken": daemon.camera("broken")}
            mark = len(daemon.log())
            took = recovered(daemon, before, {"broken": press(broken, fault)})
            daemon.wait_log(f"camera broken is lost: .*({LOSSES[fault][1]})", within=2, after=mark)
            details.append(f"{fault} {took['broken']:.2f} s")
        pause = expect_undisturbed(daemon, "steady", begun)
    return f"{', '.join(details)}; longest pause of the other {pause:.2f} s"


@scenario()
def vivid_blemishes():
    """What must not end a stream: a damaged buffer is dropped and counted, lost frames are counted, numbers and clocks
    may wrap."""
    damaged, dropping, wrapping, steady = Vivid.load(4)
    # Read when streaming starts: 128 frames before the number wraps, and 16 s before the clock.
    wrapping.set("wrap_sequence_number", 1)
    wrapping.set("wrap_timestamp", 2)
    with Daemon(
        small("damaged", damaged),
        small("dropping", dropping, rate=15),  # at a lower one, chance alone would make it silent for a second
        small("wrapping", wrapping, rate=30),
        small("steady", steady),
    ) as daemon:
        begun = time.time()
        first = {name: daemon.camera(name) for name in daemon.names}
        damaged.press("inject_v4l2_buf_flag_error")
        dropping.set("percentage_of_dropped_buffers", 50)
        corrupt = eventually(
            "a damaged picture counted",
            lambda: daemon.camera("damaged")["corrupt"] - first["damaged"]["corrupt"],
            within=10,
        )
        gaps = eventually("lost frames counted", lambda: daemon.camera("dropping")["sequenceGaps"], within=10)
        for name in daemon.names:
            after = daemon.wait_frames(name, 5)
            # A wrap that was taken for a gap would be one of four thousand million.
            expect(after["sequenceGaps"] < 10**6, f"{name} has {after['sequenceGaps']} gaps")
            expect(re.match("streaming|degraded", after["state"]), f"{name} is “{after['state']}”")
            expect(after["reopened"] == first[name]["reopened"], f"{name} was opened again")
        pause = expect_undisturbed(daemon, "steady", begun)
    return f"{corrupt} damaged, {gaps} gaps; longest pause of the other {pause:.2f} s"


@scenario()
def vivid_pulled_out():
    """A device that goes away and comes back, with what subscribers are told; a blip is not told.

    All cameras of vivid are one device to the kernel, and go away together: the one that must not notice is on USB."""
    told, blinking = Vivid.load(2)
    picture = write_file("bars.jpg", Picture.bars(320, 180, bars_of(191)).jpeg())
    steady = Webcam(mjpeg=picture, size=(320, 180), rate=15 if NATIVE else 5)
    with Daemon(
        small("told", told, **{"lost-after": "1s"}),
        small("blinking", blinking, **{"lost-after": "1m"}),
        camera("steady", steady, look=LOOK, view="center"),
    ) as daemon:
        daemon.wait_frames("steady", 5)
        begun = time.time()
        told.unplug()
        gone = time.monotonic()
        reason = daemon.wait_state("told", r"^lost: .*(unplugged|does not exist)")
        lost = eventually("camera.lost", lambda: daemon.told("camera.lost", "told"), within=5 + RECOVERY)[0]
        expect(lost["heard"] - gone > 0.8, f"camera.lost came after {lost['heard'] - gone:.2f} s, before `lost-after`")
        told.plug()
        back = time.monotonic()
        for name in ("told", "blinking"):
            daemon.wait_streaming(name, within=RECOVERY)
        took = time.monotonic() - back
        eventually("camera.found", lambda: daemon.told("camera.found", "told"), within=RECOVERY)
        expect(not daemon.told("camera.lost", "blinking"), "a blip within `lost-after` was told as a loss")
        pause = expect_undisturbed(daemon, "steady", begun)
    return (
        f"“{reason}”; told after {lost['heard'] - gone:.2f} s; both back {took:.2f} s after the device; "
        f"longest pause of the other {pause:.2f} s"
    )


@scenario()
def pictures_that_show_nothing():
    """A lens that is covered (one colour), a picture that stands still, and one that is well."""
    blind, frozen, well = Vivid.load(3)
    blind.set("test_pattern", Vivid.BLACK)
    for vivid in (frozen, well):
        vivid.set("horizontal_movement", 5)
    keys = {"blind-after": "2s", "frozen-after": "2s"}
    with Daemon(small("blind", blind, **keys), small("frozen", frozen, **keys), small("well", well, **keys)) as daemon:
        said = [daemon.wait_state("blind", NOTHING_SEEN)]
        expect(daemon.state("frozen") == "streaming", f"what moves is “{daemon.state('frozen')}”")
        frozen.set("horizontal_movement", 3)
        said.append(daemon.wait_state("frozen", NOTHING_SEEN))
        expect(daemon.state("well") == "streaming", f"what moves is “{daemon.state('well')}”")
        blind.set("test_pattern", Vivid.BARS_75)
        blind.set("horizontal_movement", 5)
        frozen.set("horizontal_movement", 5)
        for name in ("blind", "frozen"):
            daemon.wait_streaming(name)
    return "; ".join(f"“{words}”" for words in said)


@scenario()
def device_in_use():
    """A device that another program streams from: it is named, and the camera comes when that has ended."""
    (vivid,) = Vivid.load()
    other = Process("v4l2-ctl", "-d", vivid.path, "--stream-mmap", "--stream-count", 100000)
    eventually("v4l2-ctl streaming", lambda: vivid.path in devices_of(other.pid))
    time.sleep(0.5 if NATIVE else 2)
    with Daemon(small("taken", vivid), wait=False) as daemon:
        words = daemon.wait_state("taken", "in use")
        expect("Scenewatch" not in words, f"“{words}” names the daemon itself")
        expect("v4l2-ctl" in words and str(other.pid) in words, f"“{words}” names not v4l2-ctl, process {other.pid}")
        other.kill()
        daemon.wait_streaming("taken", within=4 if NATIVE else 12)
    return f"“{words}”"


@scenario(full_only=True, native_only=True)
def thousand_frames():
    """Two cameras for a thousand frames each: memory and descriptors stay."""
    vivids = Vivid.load(2)
    for vivid in vivids:
        vivid.set("horizontal_movement", 5)
    cameras = [camera(f"camera-{n}", vivid, size="320x180", rate=60, look="4/s") for n, vivid in enumerate(vivids)]
    with Daemon(*cameras) as daemon:
        daemon.wait_frames("camera-0", 200)
        descriptors, resident = daemon.descriptors(), daemon.resident()
        for name in daemon.names:
            daemon.wait_frames(name, 1000, within=60)
        daemon.wait_descriptors(descriptors)
        grown = daemon.resident() - resident
        expect(grown < 8, f"memory grew by {grown:.1f} MiB")
    return f"{len(descriptors)} descriptors, {resident:.0f} MiB, {grown:+.1f} MiB"


if __name__ == "__main__":
    main()
