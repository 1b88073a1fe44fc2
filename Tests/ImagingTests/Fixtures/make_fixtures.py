"""Makes the small pictures in jpeg/, png/ and resized/ and what Pillow decodes and resizes them to (as .ppm).

Run once, in this folder, with Pillow, NumPy and a C compiler with libjpeg: python make_fixtures.py
"""
import struct, subprocess, zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

here = Path(__file__).parent
random = np.random.default_rng(7)
for name in ("jpeg", "png", "resized"):
    (here / name).mkdir(exist_ok=True)


def expect(path, image):
    image.convert("RGB").save(path.with_suffix(".ppm"))


# JPEG -----------------------------------------------------------------------------------------------------------------
small = Image.open(here / "published/chelsea.png").convert("RGB").resize((97, 65), Image.LANCZOS)
for name, image, options in [
    ("baseline-420", small, {"subsampling": "4:2:0"}),
    ("baseline-422", small, {"subsampling": "4:2:2"}),
    ("baseline-444", small, {"subsampling": "4:4:4"}),
    ("restarts", small, {"restart_marker_blocks": 3}),
    ("progressive", small, {"progressive": True}),
    ("rgb", small, {"keep_rgb": True}),
    ("grey", small.convert("L"), {}),
    ("cmyk", small.convert("CMYK").point([min(255, v + 20) for v in range(256)] * 4), {}),
]:
    path = here / f"jpeg/{name}.jpg"
    image.save(path, quality=85, **options)
    expect(path, Image.open(path))

# Motion JPEG as many cameras send it: the standard Huffman tables left out, 4:2:2.
path = here / "jpeg/no-huffman-tables.jpg"
small.save(path, quality=85, subsampling="4:2:2")
data, out, at = path.read_bytes(), bytearray(b"\xff\xd8"), 2
expect(path, Image.open(path))
while data[at + 1] != 0xDA:
    length = 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    if data[at + 1] != 0xC4:
        out += data[at : at + length]
    at += length
path.write_bytes(bytes(out) + data[at:])

# YCCK, and subsamplings that Pillow cannot write.
program = r"""
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>
int main(int count, char **words) { // MODE H V WIDTH HEIGHT: raw samples in, JPEG out
    struct jpeg_compress_struct c; struct jpeg_error_mgr e;
    int inks = words[1][0] == 'k', w = atoi(words[4]), h = atoi(words[5]), n = inks ? 4 : 3;
    c.err = jpeg_std_error(&e); jpeg_create_compress(&c); jpeg_stdio_dest(&c, stdout);
    c.image_width = w; c.image_height = h; c.input_components = n; c.in_color_space = inks ? JCS_CMYK : JCS_RGB;
    jpeg_set_defaults(&c); if (inks) jpeg_set_colorspace(&c, JCS_YCCK);
    c.comp_info[0].h_samp_factor = atoi(words[2]); c.comp_info[0].v_samp_factor = atoi(words[3]);
    for (int i = 1; i < n; i++) c.comp_info[i].h_samp_factor = c.comp_info[i].v_samp_factor = 1;
    if (inks) { c.comp_info[3].h_samp_factor = atoi(words[2]); c.comp_info[3].v_samp_factor = atoi(words[3]); }
    jpeg_start_compress(&c, TRUE); unsigned char *row = malloc(w * n);
    for (int y = 0; y < h; y++) { if (fread(row, n, w, stdin)) jpeg_write_scanlines(&c, &row, 1); }
    jpeg_finish_compress(&c); return 0;
}"""
subprocess.run(["cc", "-x", "c", "-", "-o", "/tmp/write-jpeg", "-ljpeg"], input=program.encode(), check=True)
inked = small.convert("CMYK").point([min(255, v + 20) for v in range(256)] * 4)
for name, image, words in [
    ("ycck", inked, ["k", "2", "2"]),
    ("baseline-410", small, ["c", "4", "2"]),
    ("baseline-440", small, ["c", "1", "2"]),
]:
    path = here / f"jpeg/{name}.jpg"
    samples = np.asarray(image)
    samples = 255 - samples if name == "ycck" else samples
    words = ["/tmp/write-jpeg", *words, "97", "65"]
    path.write_bytes(subprocess.run(words, input=samples.tobytes(), capture_output=True, check=True).stdout)
    expect(path, Image.open(path))

# The eight Exif orientations, in both byte orders.
tiny = small.resize((33, 20), Image.LANCZOS)
for orientation in range(1, 9):
    path = here / f"jpeg/orientation-{orientation}.jpg"
    order = "<" if orientation % 2 else ">"
    entries = [(0x010F, 2, 4, b"us\0\0"), (0x0112, 3, 1, struct.pack(order + "HH", orientation, 0))]
    tiff = {"<": b"II", ">": b"MM"}[order] + struct.pack(order + "HIH", 42, 8, len(entries))
    for tag, kind, count, value in entries:
        tiff += struct.pack(order + "HHI", tag, kind, count) + value
    tiny.save(path, quality=90, subsampling="4:4:4", exif=b"Exif\0\0" + tiff + b"\0\0\0\0")
    expect(path, ImageOps.exif_transpose(Image.open(path)))


# PNG ------------------------------------------------------------------------------------------------------------------
def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(samples, depth, color, interlaced=False, extra=b""):
    """samples: height × width × channels, of `depth` bits each."""
    height, width, channels = samples.shape
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for x, y, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        part = samples[y::dy, x::dx]
        if 0 in part.shape:
            continue
        for row in part.reshape(part.shape[0], -1):
            bits = "".join(format(int(v), f"0{depth}b") for v in row)
            bits += "0" * (-len(bits) % 8)
            raw += b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    )


def noise(channels, limit):
    return random.integers(0, limit, (11, 19, channels))


palette = chunk(b"PLTE", random.integers(0, 256, 768, dtype=np.uint8).tobytes())
short_palette = chunk(b"PLTE", random.integers(1, 256, 30, dtype=np.uint8).tobytes())
gamma = chunk(b"gAMA", struct.pack(">I", 100000))
cases = {
    "palette-8-transparent": png(noise(1, 256), 8, 3, extra=palette + chunk(b"tRNS", bytes(range(0, 250, 5)))),
    "palette-8-short": png(noise(1, 10), 8, 3, extra=short_palette),
    "grey-8-transparent": png(noise(1, 4), 8, 0, extra=chunk(b"tRNS", struct.pack(">H", 2))),
    "rgb-8-transparent": png(noise(3, 2), 8, 2, extra=chunk(b"tRNS", struct.pack(">HHH", 1, 1, 1))),
    "rgb-8-gamma": png(noise(3, 256), 8, 2, extra=gamma),
    "rgb-16": png(noise(3, 65536), 16, 2),
    "grey-16": png(noise(1, 65536), 16, 0),
}
for interlaced in (False, True):
    ending = "-interlaced" if interlaced else ""
    for depth in (1, 2, 4, 8):
        cases[f"grey-{depth}{ending}"] = png(noise(1, 1 << depth), depth, 0, interlaced)
        entries = palette[8 : 8 + 3 * (1 << depth)]
        cases[f"palette-{depth}{ending}"] = png(noise(1, 1 << depth), depth, 3, interlaced, chunk(b"PLTE", entries))
    for name, color, channels in (("rgb", 2, 3), ("grey-alpha", 4, 2), ("rgb-alpha", 6, 4)):
        cases[f"{name}-8{ending}"] = png(noise(channels, 256), 8, color, interlaced)
for name, data in cases.items():
    path = here / f"png/{name}.png"
    path.write_bytes(data)
    if not name.endswith("16"):
        expect(path, Image.open(path))


# Resizing: NAME.png is the source, NAME.SIDE.ppm its published crop --------------------------------------------------
def published(image, side):
    """torchvision's Resize(side) and CenterCrop(side) in Pillow's words; the box keeps strips within memory."""
    width, height = image.size
    short, long = min(width, height), max(width, height)
    length = int(side * long / short)
    begin = int(round((length - side) / 2.0))
    size = (side, length) if height > width else (length, side)
    image = image.resize(size, Image.BILINEAR)
    box = (0, begin, side, begin + side) if height > width else (begin, 0, begin + side, side)
    return image.crop(box)


photo = Image.open(here / "published/coffee.png").convert("RGB")
for name, image, side in [
    ("strip-tall", Image.fromarray(random.integers(0, 256, (5000, 1, 3), dtype=np.uint8)), 32),
    ("strip-wide", Image.fromarray(random.integers(0, 256, (1, 5000, 3), dtype=np.uint8)), 32),
    ("one-pixel", Image.fromarray(random.integers(0, 256, (1, 1, 3), dtype=np.uint8)), 32),
    ("two-by-three", Image.fromarray(random.integers(0, 256, (3, 2, 3), dtype=np.uint8)), 32),
    ("noise-larger", Image.fromarray(random.integers(0, 256, (211, 157, 3), dtype=np.uint8)), 64),
    ("noise-by-one", Image.fromarray(random.integers(0, 256, (66, 65, 3), dtype=np.uint8)), 64),
    ("noise-smaller", Image.fromarray(random.integers(0, 256, (31, 50, 3), dtype=np.uint8)), 64),
    ("extremes", Image.fromarray(random.choice([0, 255], (150, 203, 3)).astype(np.uint8)), 64),
    ("same-side", Image.fromarray(random.integers(0, 256, (64, 95, 3), dtype=np.uint8)), 64),
    ("same-side-tall", Image.fromarray(random.integers(0, 256, (97, 64, 3), dtype=np.uint8)), 64),
    ("white", Image.new("RGB", (300, 200), "white"), 64),
]:
    image.save(here / f"resized/{name}.png")
    published(image, side).save(here / f"resized/{name}.{side}.ppm")

# All of a resized 16:9 frame, out of which view full is cut.
wide = photo.crop((0, 20, 600, 357)).resize((320, 180), Image.LANCZOS)
wide.save(here / "resized/wide.png")
wide.resize((int(64 * 320 / 180), 64), Image.BILINEAR).save(here / "resized/wide.resized.ppm")
tall = wide.transpose(Image.TRANSPOSE)
tall.save(here / "resized/tall.png")
tall.resize((64, int(64 * 320 / 180)), Image.BILINEAR).save(here / "resized/tall.resized.ppm")
