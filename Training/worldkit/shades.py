"""Shades: what a colour's name may look like, and repeatable chance for the looks of things."""

import colorsys
from random import Random
from zlib import crc32

from .brush import Colour

# Hue in degrees, saturation, brightness: each from … to. The ranges keep well clear of each other.
_RANGES = {
    "red": ((-6, 4), (0.84, 0.96), (0.68, 0.9)),
    "orange": ((22, 29), (0.92, 1.0), (0.94, 1.0)),
    "yellow": ((49, 56), (0.78, 0.98), (0.92, 1.0)),
    "green": ((105, 148), (0.6, 0.85), (0.42, 0.72)),
    "blue": ((212, 231), (0.8, 0.96), (0.6, 0.92)),
    "purple": ((270, 284), (0.58, 0.78), (0.48, 0.68)),
    "pink": ((326, 342), (0.36, 0.56), (0.95, 1.0)),
    "white": ((30, 60), (0.0, 0.03), (0.93, 1.0)),
    "grey": ((190, 230), (0.0, 0.07), (0.46, 0.6)),
    "black": ((200, 240), (0.0, 0.12), (0.09, 0.14)),
    "brown": ((19, 26), (0.56, 0.7), (0.31, 0.41)),
}
_RANGES_OF_KIND = {
    ("dog", "brown"): ((20, 27), (0.52, 0.66), (0.36, 0.48)),
    ("cat", "orange"): ((25, 31), (0.72, 0.86), (0.88, 0.97)),
    ("parcel", "brown"): ((28, 34), (0.4, 0.5), (0.62, 0.74)),
    ("ladder", "brown"): ((23, 29), (0.52, 0.62), (0.43, 0.52)),
    ("ladder", "grey"): ((200, 220), (0.02, 0.07), (0.6, 0.72)),
}


def chance(seed: int, what: str) -> Random:
    """Chance for one detail, so that no detail's dice depend on which others are drawn."""
    return Random(seed * 4294967311 + crc32(what.encode()))


def shade(colour: str, dice: Random, kind: str = "") -> Colour:
    """One of the shades that go by a colour's name (for a kind of thing)."""
    hue, saturation, brightness = (dice.uniform(*r) for r in _RANGES_OF_KIND.get((kind, colour), _RANGES[colour]))
    return colorsys.hsv_to_rgb(hue / 360 % 1, saturation, brightness)


def tone(
    dice: Random, hue: tuple[float, float], saturation: tuple[float, float], brightness: tuple[float, float]
) -> Colour:
    return colorsys.hsv_to_rgb(dice.uniform(*hue) / 360 % 1, dice.uniform(*saturation), dice.uniform(*brightness))
