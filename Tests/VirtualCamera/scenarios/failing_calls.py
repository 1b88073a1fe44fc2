"""Every system call of the daemon on a video device, made to fail in every way while it watches.

For each call, a daemon watches one camera for each errno, and a steady one. All fail at once; where only setting up
makes the call, the stream is broken first. A fresh daemon for each call forgets the last one's back-off.
"""

import time

from camera_guest import *
from vivid_faults import expect_undisturbed, small

ERRORS = ("EIO", "ENODEV", "EBUSY", "ENOSPC", "EACCES", "EINVAL", "ENOMEM", "EAGAIN", "EINTR", "EPROTO", "ETIMEDOUT")
# How many cameras fail together: twice as many can keep the one processor of the native guest so busy that all are late.
AT_ONCE = 3
STREAMING = ("DQBUF", "QBUF", "poll")
SETTING_UP = (
    "open", "QUERYCAP", "ENUM_FMT", "ENUM_FRAMESIZES", "ENUM_FRAMEINTERVALS", "G_FMT", "TRY_FMT", "S_FMT", "G_PARM",
    "S_PARM", "REQBUFS", "QUERYBUF", "mmap", "STREAMON", "STREAMOFF", "G_INPUT", "ENUMINPUT", "QUERY_DV_TIMINGS",
    "S_DV_TIMINGS", "SUBSCRIBE_EVENT",
)
# The words for some, wherever they come from.
WORDS = {
    ("open", "EACCES"): "may not open",
    ("open", "ENODEV"): "unplugged",
    ("STREAMON", "ENOSPC"): "no bandwidth",
    ("S_FMT", "EBUSY"): "in use",
    ("DQBUF", "ENODEV"): "unplugged",
}


def fail(pairs, vivids):
    """Makes pairs of call and errno fail, one for each camera; returns the slowest recovery in seconds, the longest
    pause of the steady camera, and the pairs whose calls the daemon does not make."""
    *broken, steady = vivids[: len(pairs) + 1]
    faults = Faults()
    faults.clear()
    names = {f"{call}-{error}": (call, error) for call, error in pairs}
    # Only the steady one is looked at often.
    cameras = [small(name, vivid, look="1/s") for name, vivid in zip(names, broken)]
    with Daemon(*cameras, small("steady", steady), faults=faults) as daemon:
        daemon.wait_frames("steady", 3)
        descriptors, begun = daemon.descriptors(), time.time()
        lines = []
        for vivid, (call, error) in zip(broken, names.values()):
            lines.append(f"{vivid.path} {call} 1 {error} 1")
            if call not in STREAMING:
                # A single EIO would be forgiven.
                lines.append(f"{vivid.path} DQBUF 1 EPROTO 1")
        before = {name: daemon.camera(name)["frames"] for name in names}
        faults.set(*lines)
        since = time.monotonic()
        took = back(daemon, before, since, faults, dict(zip(names, broken)), names)
        hit = set(faults.injected())
        paths = {name: vivid.path for name, vivid in zip(names, broken)}
        missed = [name for name, (call, error) in names.items() if f"{paths[name]} {call} {error}" not in hit]
        for name, pair in names.items():
            if pair in WORDS and name not in missed:
                daemon.wait_log(f"camera {name} is lost: .*{WORDS[pair]}", within=2)
        pause = expect_undisturbed(daemon, "steady", begun)
        daemon.wait_descriptors(descriptors)
    return max(took.values()), pause, missed


def fail_again_when_late(pairs, vivids, repeated):
    """The same, three times at most: in minutes, this machine may well have had something else to do for a second."""
    for _ in range(2):
        try:
            return fail(pairs, vivids)
        except Late as late:
            repeated.append(f"{pairs[0][0]} ({late})")
            time.sleep(2)
    return fail(pairs, vivids)


def back(daemon, before, since, faults, devices, names):
    """Waits until each camera's faults have struck, or its call is not made at all, and it gives new frames."""
    took, fresh = {}, {}

    def struck(name):
        call = names[name][0]
        wanted = [call] if call in STREAMING else ["DQBUF"]
        hits = faults.injected()
        return all(any(hit.startswith(f"{devices[name].path} {each} ") for hit in hits) for each in wanted)

    def check():
        for now in daemon.ask(do="status")["ok"]["cameras"]:
            name = now["name"]
            if name not in before or name in took or not struck(name):
                continue
            # Frames after the fault, twice as many as may have waited in buffers.
            fresh.setdefault(name, now["frames"])
            if now["state"] != "streaming":
                fresh[name] = now["frames"]
            elif now["frames"] > fresh[name]:
                took[name] = time.monotonic() - since
        return len(took) == len(before)

    words = lambda: "; ".join(f"{name} back: “{daemon.state(name)}”" for name in before if name not in took)
    eventually(words, check, within=RECOVERY + 3)
    slow = [f"{name} after {seconds:.2f} s" for name, seconds in took.items() if seconds > RECOVERY]
    expect(not slow, f"back too late: {', '.join(slow)}", Late)
    return took


@scenario()
def failing_calls_selected():
    """One call after the other of setting up and streaming, each with an error that is its own."""
    pairs = [
        ("open", "EACCES"), ("S_FMT", "EBUSY"), ("REQBUFS", "ENOMEM"), ("STREAMON", "ENOSPC"), ("DQBUF", "EIO"),
        ("QBUF", "ENODEV"),
    ]
    vivids = Vivid.load(AT_ONCE + 1, kind="hdmi")
    slowest, longest = 0, 0
    for together in (pairs[:AT_ONCE], pairs[AT_ONCE:]):
        seconds, pause, missed = fail(together, vivids)
        expect(not missed, f"calls that were never made: {missed}")
        slowest, longest = max(slowest, seconds), max(longest, pause)
    return f"the slowest back after {slowest:.2f} s; longest pause of the other {longest:.2f} s"


@scenario(full_only=True, native_only=True, limit=900)
def failing_calls_all():
    """Every call with every error."""
    vivids = Vivid.load(AT_ONCE + 1, kind="hdmi")
    failures, repeated, unused, slowest, longest, passed = [], [], [], 0, 0, 0
    for call in (*SETTING_UP, *STREAMING):
        struck = 0
        for first in range(0, len(ERRORS), AT_ONCE):
            errors = ERRORS[first : first + AT_ONCE]
            pairs = [(call, error) for error in errors]
            try:
                seconds, pause, missed = fail_again_when_late(pairs, vivids, repeated)
            except Failure as failure:
                failures.append(f"{call}: {failure}")
                for process in list(Process.running):
                    process.kill()
                continue
            slowest, longest = max(slowest, seconds), max(longest, pause)
            struck += len(errors) - len(missed)
            if 0 < len(missed) < len(errors):
                failures.append(f"never struck: {', '.join(missed)}")
        passed += struck
        if struck == 0:
            unused.append(call)
    expect(not failures, "; ".join(failures))
    return (
        f"{passed} pairs, the slowest back after {slowest:.2f} s; longest pause of the other {longest:.2f} s; "
        f"not called: {', '.join(unused) or 'none'}; late, and not when repeated: {'; '.join(repeated) or 'none'}"
    )


@scenario()
def silent_device():
    """A device that gives no more pictures and no error, and one whose driver takes its time to answer."""
    silent, slow, steady = Vivid.load(3)
    faults = Faults()
    faults.clear()
    with Daemon(small("silent", silent), small("slow", slow), small("steady", steady), faults=faults) as daemon:
        daemon.wait_frames("steady", 3)
        begun = time.time()
        faults.set(
            f"{silent.path} poll 1 STALL forever",
            f"{silent.path} DQBUF 1 STALL forever",
            f"{slow.path} DQBUF 1 HANG:1500 1",
        )
        words = daemon.wait_state("silent", "no picture")
        faults.clear()
        daemon.wait_frames("silent", 3)
        # What was wrong is told until it has not shown for 12 s, and the pictures of the silence count as lost for 5 s.
        daemon.wait_streaming("silent", within=30)
        daemon.wait_frames("slow", 3)
        pause = expect_undisturbed(daemon, "steady", begun)
    return f"“{words}”; longest pause of the other {pause:.2f} s"


@scenario()
def driver_that_does_not_let_go():
    """A driver that hangs in closing: its camera says so and is back when that is over, and the other goes on."""
    stuck, steady = Vivid.load(2)
    faults = Faults()
    faults.clear()
    with Daemon(small("stuck", stuck), small("steady", steady), faults=faults) as daemon:
        daemon.wait_frames("steady", 3)
        begun = time.time()
        faults.set(f"{stuck.path} STREAMOFF 1 HANG:4000 1", f"{stuck.path} DQBUF 1 EPROTO 1")
        words = daemon.wait_state("stuck", "has not let go")
        daemon.wait_streaming("stuck", within=12)
        pause = expect_undisturbed(daemon, "steady", begun)
    return f"“{words}”; longest pause of the other {pause:.2f} s"


if __name__ == "__main__":
    main()
