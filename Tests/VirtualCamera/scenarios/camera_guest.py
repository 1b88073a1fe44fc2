"""What the scenarios have in common: the daemon under test, cameras and their faults, and the telling of results.

Runs in a guest (see ../README.md), as root, with Python's standard library alone.
"""

import base64
import ctypes
import fcntl
import glob
import json
import math
import os
import pathlib
import re
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
PROGRAMS = pathlib.Path(os.environ.get("SCENEWATCH_BIN", REPOSITORY / ".build/release"))
MADE = REPOSITORY / ".build-vm"
NATIVE = os.environ.get("GUEST") == "native"
# A crop of the bundled model takes seconds in the emulated guest.
MODEL = REPOSITORY / "Config/models/smallworld.safetensors" if NATIVE else MADE / "tiny.safetensors"
FULL = bool(os.environ.get("CAMERA_TESTS_FULL"))

# How soon a camera is to be back once its device is. The emulated guest needs seconds for what takes milliseconds.
RECOVERY = 2.0 if NATIVE else 10.0
# For what has no time of its own and must only come about.
PATIENCE = 30.0 if NATIVE else 60.0


class Failure(Exception):
    """Why a scenario has failed, in words."""


class Late(Failure):
    """Something came about, but too late: the daemon's fault, or that of whatever else this machine had to do."""


def expect(condition, words, failure=Failure):
    if not condition:
        raise failure(words)


def eventually(words, check, within=PATIENCE, pause=0.05):
    """Waits until `check` gives something true, and returns that; `words` say what was waited for."""
    deadline = time.monotonic() + within
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() >= deadline:
            raise Failure(f"not within {within:g} s: {words() if callable(words) else words}")
        time.sleep(pause)


# ---- Scenarios

scenarios = []


def scenario(*, native_only=False, full_only=False, limit=300):
    """Makes a function a scenario, with its name, and its docstring as what it shows. It returns details, or None."""

    def add(function):
        function.native_only, function.full_only, function.limit = native_only, full_only, limit
        scenarios.append(function)
        return function

    return add


def run(names=()):
    """Runs the scenarios of this guest, or those that `names` begin or are; returns how many failed."""
    signal.signal(signal.SIGALRM, out_of_time)
    failed = ran = 0
    begun = time.monotonic()
    for function in scenarios:
        name = function.__name__.replace("_", "-")
        if names and not any(name.startswith(wanted) for wanted in names):
            continue
        if (function.native_only and not NATIVE) or (function.full_only and not FULL):
            if names:
                print(f"left out {name}  it is for the {'native guest' if function.native_only else 'full form'}")
            continue
        ran += 1
        start = time.monotonic()
        signal.alarm(function.limit)
        try:
            detail = once_more_when_late(function) or ""
            print(f"ok {name}  {detail}  ({time.monotonic() - start:.1f} s)", flush=True)
        except Exception as error:
            failed += 1
            words = str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}"
            print(f"FAILED {name}  {words}  ({time.monotonic() - start:.1f} s)", flush=True)
            if not isinstance(error, Failure):
                where = error.__traceback__
                while where:
                    print(f"    {where.tb_frame.f_code.co_filename}:{where.tb_lineno}", flush=True)
                    where = where.tb_next
            print_tail(Daemon.last)
        finally:
            signal.alarm(0)
            tidy_up()
    seconds = time.monotonic() - begun
    guest = "native" if NATIVE else "emulated"
    print(f"{ran - failed} of {ran} passed in {seconds:.0f} s in the {guest} guest", flush=True)
    return failed


def once_more_when_late(function):
    """A second try for what came about too late: this machine may have had something else to do."""
    try:
        return function()
    except Late as late:
        print(f"late {function.__name__.replace('_', '-')}  {late}; once more", flush=True)
        tidy_up()
        time.sleep(2)
        return function()


def main():
    sys.exit(min(run(sys.argv[1:]), 100))


def out_of_time(*_):
    raise Failure("the scenario took too long")


def print_tail(daemon):
    if daemon is None:
        return
    for line in daemon.log().splitlines()[-15:]:
        print(f"    | {line}", flush=True)


def tidy_up():
    """Ends what a scenario has left, so that the next one begins with no cameras."""
    for process in list(Process.running):
        process.kill()
    for module in ("vivid", "v4l2loopback", "uvcvideo", "vhci_hcd"):
        if os.path.exists(f"/sys/module/{module}"):
            unload(module)


# ---- Processes


class Process:
    """A program in the background, with its standard error in a file, and its output too unless `reading`."""

    running = []

    def __init__(self, *words, environment=None, reading=False, writing=False):
        self.log_path = tempfile.mktemp(prefix="log-")
        self.name = os.path.basename(str(words[0]))
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [str(word) for word in words],
                stdin=subprocess.PIPE if writing else subprocess.DEVNULL,
                stdout=subprocess.PIPE if reading else log,
                stderr=log,
                env={**os.environ, **(environment or {})},
                text=True,
                bufsize=1,
            )
        self.running.append(self)

    @property
    def pid(self):
        return self.process.pid

    def is_running(self):
        return self.process.poll() is None

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def ended(self, within=PATIENCE):
        """Its exit status once it has ended."""
        try:
            status = self.process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name} does not end within {within:g} s")
        if self in self.running:
            self.running.remove(self)
        return status

    def kill(self):
        if self.is_running():
            self.process.kill()
        self.ended()


def output_of(*words, check=True):
    """What a program prints; with `check` False, also what it says, and whatever its status."""
    done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if not check:
        return done.stdout + done.stderr
    expect(done.returncode == 0, f"{' '.join(map(str, words))}: {done.stderr.strip()}")
    return done.stdout


# ---- The daemon


class Daemon(Process):
    """The daemon under test with its socket, its journal and its configuration in a folder of its own."""

    last = None

    def __init__(self, *cameras, triggers=(), faults=None, wait=True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sw-"))
        self.socket_path = str(self.folder / "s")
        self.journal_path = self.folder / "journal.db"
        self.names = [camera["name"] for camera in cameras]
        configuration = {
            "model": {"use": str(MODEL)},
            "cameras": [{key: value for key, value in camera.items() if value is not None} for camera in cameras],
            "triggers": list(triggers),
            "socket": {"path": self.socket_path},
            "journal": {"path": str(self.journal_path)},
        }
        # JSON is YAML, too.
        (self.folder / "scenewatch.yaml").write_text(json.dumps(configuration, indent=1))
        self.messages = []
        environment = faults.environment if faults else None
        super().__init__(PROGRAMS / "scenewatchd", "--config", self.folder / "scenewatch.yaml", environment=environment)
        Daemon.last = self
        eventually("a daemon that listens", self.listens)
        threading.Thread(target=self.subscribe, daemon=True).start()
        if wait:
            self.wait_streaming()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.stop()
        elif self.is_running():
            self.kill()

    def stop(self):
        expect(self.is_running(), f"the daemon has ended by itself, with {self.process.poll()}")
        self.process.send_signal(signal.SIGTERM)
        status = self.ended()
        expect(status == 0, f"the daemon ends with {status} when it is asked to stop")

    def listens(self):
        expect(self.is_running(), f"the daemon ends at once, with {self.process.poll()}: {self.log().strip()}")
        try:
            self.connect()[0].close()
        except OSError:
            return False  # not there yet, or not listening yet
        return True

    def connect(self, limit=PATIENCE):
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(limit)
        peer.connect(self.socket_path)
        return peer, peer.makefile("rw", encoding="utf-8")

    def ask(self, **request):
        """The answer to a request on the socket, or its error."""
        expect(self.is_running(), f"the daemon has ended, with {self.process.poll()}")
        peer, lines = self.connect()
        with peer, lines:
            lines.readline()  # the greeting
            lines.write(json.dumps(request) + "\n")
            lines.flush()
            return json.loads(lines.readline())

    def subscribe(self):
        try:
            peer, lines = self.connect(limit=None)
            with peer, lines:
                lines.write('{"do":"subscribe"}\n')
                lines.flush()
                for line in lines:
                    message = json.loads(line)
                    if "kind" in message:
                        message["heard"] = time.monotonic()
                        self.messages.append(message)
        except (OSError, ValueError):
            pass  # the daemon was killed

    def told(self, kind, camera=None):
        """The messages of a kind so far."""
        return [
            message
            for message in list(self.messages)
            if message["kind"] == kind and camera in (None, message.get("camera"))
        ]

    def camera(self, name):
        """What the status says of a camera."""
        for camera in self.ask(do="status")["ok"]["cameras"]:
            if camera["name"] == name:
                return camera
        raise Failure(f"the status has no camera {name}")

    def state(self, name):
        return self.camera(name)["state"]

    def wait_state(self, name, pattern, within=PATIENCE):
        """Waits for a state that matches a regular expression, and returns it."""
        last = ""

        def check():
            nonlocal last
            last = self.state(name)
            return last if re.search(pattern, last) else None

        return eventually(lambda: f"{name} “{pattern}”; it is “{last}”", check, within)

    def wait_streaming(self, *names, within=PATIENCE):
        for name in names or self.names:
            self.wait_state(name, "^streaming", within)

    def wait_frames(self, name, more=3, within=PATIENCE):
        """Waits for so many more frames of a camera, and returns its status."""
        goal = self.camera(name)["frames"] + more

        def check():
            camera = self.camera(name)
            return camera if camera["frames"] >= goal else None

        return eventually(lambda: f"{more} more frames of {name}; it is “{self.state(name)}”", check, within)

    def wait_log(self, pattern, within=PATIENCE, after=0):
        """Waits until the log matches a regular expression, `after` so many characters."""
        return eventually(lambda: f"“{pattern}” in the log", lambda: re.search(pattern, self.log()[after:]), within)

    def picture(self, name):
        """The picture of a camera's next look."""
        answer = self.ask(do="snapshot", camera=name)
        expect("ok" in answer, f"no picture of {name}: {answer.get('error', {}).get('message')}")
        return Picture.decode(base64.b64decode(answer["ok"]["jpeg"]))

    def pictures(self):
        """The picture of every camera, or the Failure to get it; all are waited for at the same time."""
        found = {}

        def fetch(name):
            # A daemon that has much to encode may not come to a camera while its answer waits.
            deadline = time.monotonic() + PATIENCE
            while name not in found:
                try:
                    found[name] = self.picture(name)
                except Failure as failure:
                    if time.monotonic() > deadline or not self.is_running():
                        found[name] = Failure(f"{failure}; it is “{self.state(name)}”")

        threads = [threading.Thread(target=fetch, args=(name,)) for name in self.names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {name: found.get(name) or Failure(f"no picture of {name}") for name in self.names}

    # -- The journal

    def query(self, sql, *values):
        database = sqlite3.connect(f"file:{self.journal_path}?mode=ro", uri=True, timeout=10)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    def looks(self, name):
        """When a camera was looked at, in seconds since 1970."""
        return [row[0] / 1000 for row in self.query("SELECT at_ms FROM looks WHERE camera = ? ORDER BY at_ms", name)]

    def longest_pause(self, name, since, until):
        """The longest time between a camera's looks, in seconds since 1970."""
        inside = [at for at in self.looks(name) if since <= at <= until]
        points = [since, *inside, until]
        return max(later - earlier for earlier, later in zip(points, points[1:]))

    # -- The process

    def descriptors(self):
        """What the daemon has open: a number and what it stands for. The journal's files are left out: the sketch of
        the looks is opened when there is one to add, soon after the start."""
        folder, found = f"/proc/{self.pid}/fd", {}
        for number in os.listdir(folder):
            try:
                found[number] = os.readlink(f"{folder}/{number}")
            except FileNotFoundError:
                pass  # closed since it was listed
        return {number: target for number, target in found.items() if not target.startswith(str(self.journal_path))}

    def wait_descriptors(self, before):
        """Waits until there are no more descriptors than `before`; those of answers are given back a little later."""

        def message():
            now = self.descriptors()
            more = sorted(f"{number} {now[number]}" for number in now.keys() - before.keys())
            return f"{len(before)} descriptors again; there are {len(now)}, of these new: {', '.join(more)}"

        eventually(message, lambda: len(self.descriptors()) <= len(before), within=5)

    def resident(self):
        """Resident memory in MiB."""
        with open(f"/proc/{self.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024


# A picture that never changes, and one of a single colour, are what most scenarios look at.
STILL = {"frozen-after": "never", "blind-after": "never"}


def camera(name, device, **keys):
    """A camera of a configuration: a device with more keys, spelt with hyphens as `**{"lost-after": "1s"}`."""
    return {"name": name, "device": getattr(device, "path", device), **STILL, **keys}  # a key of None is left out


def client(*words, check=True):
    return output_of(PROGRAMS / "scenewatch", *words, check=check)


# ---- Modules and devices


def load(module, **options):
    output_of("modprobe", module, *(f"{name}={value}" for name, value in options.items()))


def unload(module):
    # Who has closed a device may not have let go of it yet.
    deadline = time.monotonic() + 10
    while subprocess.run(["modprobe", "-r", module], capture_output=True).returncode != 0:
        if time.monotonic() > deadline:
            print(f"    {module} cannot be unloaded", flush=True)
            return
        time.sleep(0.1)


def video_devices():
    """Every video device with its card's name, as /sys has them."""
    found = {}
    for name in glob.glob("/sys/class/video4linux/video*/name"):
        found["/dev/" + name.split("/")[-2]] = pathlib.Path(name).read_text().strip()
    return found


class Vivid:
    """One camera of the kernel's own virtual video driver."""

    # linux/videodev2.h: _IOWR('V', …)
    S_CONTROL, QUERY_CONTROL, G_CONTROL = 0xC008561C, 0xC0445624, 0xC008561B
    NEXT = 0x80000000
    BARS_75, BARS_100, BLACK, NOISE = 0, 1, 5, 21

    @classmethod
    def load(cls, count=1, *, multiplanar=False, kind="webcam"):
        """Loads the driver with so many cameras, of one input each, without text in their pictures.

        A webcam of vivid has 83 formats with a dozen sizes and rates each, which the daemon asks for one by one: half a
        second in the native guest, where a call takes hundreds of times its usual time. An `hdmi` one has no such
        lists, and gives any even size at 24 pictures a second."""
        if os.path.exists("/sys/module/vivid"):
            unload("vivid")
        before = set(video_devices())

        def each(value):
            return ",".join([str(value)] * count)

        load(
            "vivid",
            n_devs=count,
            node_types=each("0x1"),
            num_inputs=each(1),
            input_types=each({"webcam": 0, "television": 1, "hdmi": 3}[kind]),
            multiplanar=each(2 if multiplanar else 1),
        )
        new = lambda: sorted(set(video_devices()) - before)
        eventually(f"{count} vivid cameras", lambda: len(new()) == count)
        nodes = new()
        if kind == "hdmi":
            for node in nodes:
                output_of("v4l2-ctl", "-d", node, "--set-dv-bt-timings", "index=3")  # 1280×720 at 24/s
        return [cls(node) for node in nodes]

    def __init__(self, path):
        self.path = path
        self.controls = self.find_controls()
        self.set("osd_text_mode", 2)

    def find_controls(self):
        """The controls' numbers by their names, spelt as v4l2-ctl does."""
        found, last = {}, 0
        with self.opened() as node:
            while True:
                query = bytearray(struct.pack("<I64x", last | self.NEXT))
                try:
                    fcntl.ioctl(node, self.QUERY_CONTROL, query)
                except OSError:
                    return found
                last = struct.unpack_from("<I", query)[0]
                name = query[8:40].split(b"\0")[0].decode()
                found[re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")] = last

    def opened(self):
        return open(self.path, "rb", buffering=0)

    def set(self, control, value):
        expect(control in self.controls, f"vivid has no control {control}, only {sorted(self.controls)}")
        with self.opened() as node:
            fcntl.ioctl(node, self.S_CONTROL, struct.pack("<Ii", self.controls[control], value))

    def press(self, control):
        self.set(control, 1)

    def unplug(self):
        """Takes all cameras of vivid away: to the kernel they are one device."""
        pathlib.Path("/sys/bus/platform/drivers/vivid/unbind").write_text("vivid.0")

    def plug(self):
        pathlib.Path("/sys/bus/platform/drivers/vivid/bind").write_text("vivid.0")
        eventually(f"{self.path}", lambda: os.path.exists(self.path))


class Webcam(Process):
    """An emulated USB webcam, plugged in; see ../webcam.c."""

    def __init__(
        self, mjpeg=None, yuyv=None, *, size=(640, 360), rate=15, product="Emulated Webcam", serial=None, port=0
    ):
        for module in ("vhci_hcd", "uvcvideo"):
            load(module)
        options = ["--size", f"{size[0]}x{size[1]}", "--rate", rate, "--product", product, "--port", port]
        options += ["--mjpeg", mjpeg] if mjpeg else []
        options += ["--yuyv", yuyv] if yuyv else []
        options += ["--serial", serial] if serial is not None else []
        self.product, self.path, self.said = product, None, []
        before = set(video_devices())
        super().__init__(MADE / "bin/webcam", *options, reading=True, writing=True)
        threading.Thread(target=self.listen, daemon=True).start()
        self.path = self.wait_node(before)

    def listen(self):
        for line in self.process.stdout:
            self.said.append(line.strip())

    def wait_node(self, before):
        """Waits for the node of a newly plugged camera that has pictures: the other one has metadata."""

        def check():
            expect(self.is_running(), f"the webcam has ended: {self.log()}")
            new = sorted(path for path in set(video_devices()) - before if captures_video(path))
            return new[0] if new else None

        return eventually(f"a device for {self.product}; {self.said}", check)

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def tell_and_wait(self, command, within=PATIENCE):
        """Injects a fault, and waits until all of its pictures were sent."""
        word = f"done {command.split()[0]}"
        count = self.said.count(word)
        self.tell(command)
        eventually(f"“{word}” by the webcam; it said {self.said}", lambda: self.said.count(word) > count, within)

    def unplug(self):
        self.tell("unplug")
        eventually(f"{self.path} gone", lambda: not os.path.exists(self.path))

    def plug(self):
        before = set(video_devices())
        self.tell("plug")
        self.path = self.wait_node(before)
        return self.path

    def remove(self):
        self.process.stdin.close()
        self.ended()


def devices_of(pid):
    """The video devices that a process has open."""
    found = set()
    for link in glob.glob(f"/proc/{pid}/fd/*"):
        try:
            found.add(os.readlink(link))
        except OSError:
            pass  # closed meanwhile
    return sorted(target for target in found if target.startswith("/dev/video"))


def captures_video(path):
    """Whether a node has pictures, by VIDIOC_QUERYCAP."""
    capability = bytearray(104)
    try:
        with open(path, "rb", buffering=0) as node:
            fcntl.ioctl(node, 0x80685600, capability)
    except OSError:
        return False
    return bool(struct.unpack_from("<I", capability, 88)[0] & 0x1001)


class Faults:
    """Faults of system calls in the daemon; see ../faults.c."""

    def __init__(self):
        self.path = tempfile.mktemp(prefix="faults-")
        self.environment = {"LD_PRELOAD": str(MADE / "bin/faults.so"), "CAMERA_FAULTS": self.path}

    def set(self, *lines):
        """Replaces all faults: `DEVICE CALL NTH WHAT TIMES`."""
        pathlib.Path(self.path + ".new").write_text("".join(line + "\n" for line in lines))
        pathlib.Path(self.path + ".log").write_text("")
        os.rename(self.path + ".new", self.path)

    def clear(self):
        self.set()

    def injected(self):
        """What was injected since the faults were set: `DEVICE CALL WHAT`, one for each time."""
        try:
            return pathlib.Path(self.path + ".log").read_text().splitlines()
        except FileNotFoundError:
            return []


# ---- Pictures


class Picture:
    """Pixels of red, green and blue, row after row from the top."""

    codec = None

    def __init__(self, width, height, pixels):
        self.width, self.height, self.pixels = width, height, pixels

    @classmethod
    def library(cls):
        # The daemon's own; ffmpeg would take seconds to begin in the emulated guest.
        if cls.codec is None:
            cls.codec = ctypes.CDLL("libturbojpeg.so.0")
            cls.codec.tjInitDecompress.restype = ctypes.c_void_p
            cls.codec.tjInitCompress.restype = ctypes.c_void_p
        return cls.codec

    @classmethod
    def decode(cls, jpeg):
        codec = cls.library()
        handle = ctypes.c_void_p(codec.tjInitDecompress())
        width, height, sampling, space = (ctypes.c_int() for _ in range(4))
        length = ctypes.c_ulong(len(jpeg))
        known = codec.tjDecompressHeader3(
            handle, jpeg, length, *map(ctypes.byref, (width, height, sampling, space))
        )
        expect(known == 0, f"{len(jpeg)} bytes are not a JPEG picture")
        pixels = ctypes.create_string_buffer(width.value * height.value * 3)
        codec.tjDecompress2(handle, jpeg, length, pixels, width, 0, height, 0, 0)
        codec.tjDestroy(handle)
        return cls(width.value, height.value, pixels.raw)

    def jpeg(self, quality=95):
        """The picture as JPEG, its colours at full resolution."""
        codec = self.library()
        handle = ctypes.c_void_p(codec.tjInitCompress())
        out, length = ctypes.c_void_p(), ctypes.c_ulong()
        done = codec.tjCompress2(
            handle, self.pixels, self.width, 0, self.height, 0,
            ctypes.byref(out), ctypes.byref(length), 0, quality, 0,
        )
        expect(done == 0, "the picture cannot be encoded")
        jpeg = ctypes.string_at(out, length.value)
        codec.tjFree(out)
        codec.tjDestroy(handle)
        return jpeg

    def yuyv(self):
        """The picture as YUYV by BT.601 in the limited range, which is what webcams send."""
        out = bytearray()
        rows = {}
        for y in range(self.height):
            row = self.pixels[y * self.width * 3 : (y + 1) * self.width * 3]
            if row not in rows:
                packed = bytearray()
                for x in range(0, self.width * 3, 6):
                    first, second = (ycbcr(*row[at : at + 3]) for at in (x, x + 3))
                    packed += bytes(
                        (first[0], (first[1] + second[1] + 1) // 2, second[0], (first[2] + second[2] + 1) // 2)
                    )
                rows[row] = packed
            out += rows[row]
        return bytes(out)

    @classmethod
    def bars(cls, width, height, colors):
        """Vertical bars of equal width."""
        row = b"".join(bytes(colors[x * len(colors) // width]) for x in range(width))
        return cls(width, height, row * height)

    @classmethod
    def plain(cls, width, height, color):
        return cls(width, height, bytes(color) * (width * height))

    def color(self, x, y, reach=3):
        """The mean colour of a small square around a place, in fractions of width and height."""
        column, line = int(x * self.width), int(y * self.height)
        sums, count = [0, 0, 0], 0
        for row in range(max(0, line - reach), min(self.height, line + reach + 1)):
            for at in range(max(0, column - reach), min(self.width, column + reach + 1)):
                start = (row * self.width + at) * 3
                for channel in range(3):
                    sums[channel] += self.pixels[start + channel]
                count += 1
        return tuple(round(total / count) for total in sums)

    def bars_seen(self, count=8):
        """The colours in the middle of so many bars, each looked at in three heights."""
        return [
            [self.color((bar + 0.5) / count, y) for y in (0.15, 0.5, 0.9)]
            for bar in range(count)
        ]


WHITE, YELLOW, CYAN, GREEN = (1, 1, 1), (1, 1, 0), (0, 1, 1), (0, 1, 0)
MAGENTA, RED, BLUE, BLACK = (1, 0, 1), (1, 0, 0), (0, 0, 1), (0, 0, 0)
BARS = (WHITE, YELLOW, CYAN, GREEN, MAGENTA, RED, BLUE, BLACK)


def bars_of(level):
    """The eight colour bars at 191 (75 %) or 255 (100 %)."""
    return [tuple(level * part for part in color) for color in BARS]


def ycbcr(red, green, blue):
    """BT.601 in the limited range."""
    return (
        round(16 + 0.256788 * red + 0.504129 * green + 0.097906 * blue),
        round(128 - 0.148223 * red - 0.290993 * green + 0.439216 * blue),
        round(128 + 0.439216 * red - 0.367788 * green - 0.071427 * blue),
    )


def luma(color):
    """What vivid makes of a colour in grey, which is Rec. 709's, in the full range."""
    red, green, blue = color
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def expect_bars(picture, level, what, tolerance=6, grey=False):
    """Holds a picture against colour bars; returns the largest difference."""
    worst, wrong = 0, None
    for bar, wanted in enumerate(bars_of(level)):
        if grey:
            wanted = (round(luma(wanted)),) * 3
        for seen in picture.bars_seen()[bar]:
            difference = max(abs(have - want) for have, want in zip(seen, wanted))
            if difference > worst:
                worst, wrong = difference, f"bar {bar} is {seen} instead of {wanted}"
    expect(worst <= tolerance, f"{what}: {wrong}")
    return worst


def write_file(name, data):
    path = os.path.join(tempfile.gettempdir(), name)
    with open(path, "wb") as file:
        file.write(data)
    return path


# ---- Embeddings


def embeddings(daemon, name):
    """A camera's looks with their first crop's unit vector, in order."""
    rows = daemon.query(
        "SELECT look.frame, crop.embedding FROM crop JOIN look ON look.id = crop.look_id "
        "JOIN camera ON camera.id = look.camera_id WHERE camera.name = ? AND crop.number = 0 ORDER BY look.id",
        name,
    )
    return [(frame, struct.unpack(f"<{len(data) // 2}e", data)) for frame, data in rows]


def cosine(left, right):
    product = sum(map(float.__mul__, left, right))
    return product / math.sqrt(sum(x * x for x in left) * sum(x * x for x in right))
