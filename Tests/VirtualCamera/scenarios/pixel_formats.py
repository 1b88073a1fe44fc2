"""Right pictures out of every layout of pixels that a camera may give.

vivid draws colour bars in each, one device for each, all watched by one daemon; its snapshots must show the bars.
"""

from camera_guest import *

# What the daemon unpacks itself, and what it leaves to libv4l.
OWN = ("YUYV", "UYVY", "NV12", "YU12", "GREY", "RGB3", "BGR3")
BY_LIBRARY = ("RGBP", "YVYU", "NV16")
# By the multi-planar interface: those with an M have each plane in a buffer of its own.
MULTIPLANAR = ("NV12", "NM12", "YM12", "YUYV")
# JPEG, and colour at half the resolution, blur what is near an edge, and round everywhere.
TOLERANCE = 6
# Five bits for a colour, of which the lower ones are left 0.
TOLERANCES = {"RGBP": 9}


def watch_bars(vivids, formats, *, level=191, size=(640, 360)):
    """Has one daemon look at bars in all formats; returns the largest difference of each."""
    cameras = []
    for number, (vivid, format) in enumerate(zip(vivids, formats)):
        vivid.set("test_pattern", Vivid.BARS_75 if level == 191 else Vivid.BARS_100)
        wanted = {"format": format, "size": f"{size[0]}x{size[1]}", "rate": 5, "look": "20/min", "view": "center"}
        cameras.append(camera(f"{format}-{number}", vivid, **wanted))
    details, failures = [], []
    with Daemon(*cameras, wait=False) as daemon:
        # All are tried before any failure is told.
        for name, picture in daemon.pictures().items():
            format = name.split("-")[0]
            try:
                if isinstance(picture, Failure):
                    raise picture
                expect(
                    (picture.width, picture.height) == size,
                    f"{name}: {picture.width}×{picture.height} instead of {size[0]}×{size[1]}",
                )
                tolerance = TOLERANCES.get(format, TOLERANCE)
                details.append(f"{format} {expect_bars(picture, level, name, tolerance, grey=format == 'GREY')}")
            except Failure as failure:
                failures.append(str(failure))
    expect(not failures, "; ".join(failures + [f"right: {', '.join(details) or 'none'}"]))
    return f"largest difference of any bar, of 255: {', '.join(details)}"


@scenario()
def pixel_formats_of_the_daemon():
    """What it unpacks itself."""
    return watch_bars(Vivid.load(len(OWN)), OWN)


@scenario()
def pixel_formats_of_libv4l():
    """What it has converted."""
    return watch_bars(Vivid.load(len(BY_LIBRARY)), BY_LIBRARY)


@scenario()
def pixel_formats_multiplanar():
    """Devices with the multi-planar interface alone."""
    return watch_bars(Vivid.load(len(MULTIPLANAR), multiplanar=True), MULTIPLANAR)


@scenario(full_only=True)
def pixel_formats_at_the_ends_of_the_range():
    """Bars of 100 %: limited and full range, taken for each other, would show here."""
    return watch_bars(Vivid.load(len(OWN)), OWN, level=255)


@scenario(full_only=True)
def pixel_formats_in_odd_sizes():
    """Rows that end anywhere: an HDMI input of vivid gives any even size. Where YU12 has an odd number of colours in a
    row, vivid leaves one out, against the kernel's documentation: its widths here are multiples of 4."""
    details = []
    for formats, sizes in (
        (tuple(format for format in OWN if format != "YU12"), ((322, 182), (650, 486))),
        (("YU12",), ((324, 182), (652, 486))),
    ):
        for size in sizes:
            vivids = Vivid.load(len(formats), kind="hdmi")
            details.append(f"{size[0]}×{size[1]} " + watch_bars(vivids, formats, size=size).split(": ")[1])
    return "; ".join(details)


if __name__ == "__main__":
    main()
