"""Parcels, ladders, fires and smoke.

Parcels are drawn in their own widths, the rest in their own heights; all stand on y = 0 around x = 0.
"""

from math import pi, sin
from random import Random

from .brush import Brush, Colour, around, faded, mix, shaded
from .scene import Thing
from .shades import chance, shade


def draw_parcel(brush: Brush, thing: Thing) -> None:
    """A box seen from a little above: front, top and one side; taped, labelled."""
    dice = chance(thing.seed, "parcel")
    card = shade(thing.colour or "brown", dice, "parcel")
    brush.canvas.save()
    if thing.faces_left:
        brush.canvas.scale(-1, 1)
    high = dice.choice((0.34, 0.5, 0.62, 0.8)) * dice.uniform(0.92, 1.08)
    front, depth, rise = dice.uniform(0.66, 0.78), 0.0, dice.uniform(0.14, 0.24)
    depth = 1 - front
    left, right = -0.5, -0.5 + front
    brush.rect(left, -high, right, 0, card)
    brush.shape(
        [(left, -high), (right, -high), (right + depth, -high - rise), (left + depth, -high - rise)],
        shaded(card, 1.25) if sum(card) < 2.6 else (1, 1, 1),
    )
    brush.shape([(right, 0), (right, -high), (right + depth, -high - rise), (right + depth, -rise)], shaded(card, 0.7))
    edge = shaded(card, 0.55)
    brush.line(
        [
            (left, 0),
            (left, -high),
            (left + depth, -high - rise),
            (right + depth, -high - rise),
            (right + depth, -rise),
            (right, 0),
            (left, 0),
        ],
        0.016,
        edge,
        0.8,
    )
    brush.line([(left, -high), (right, -high), (right, 0)], 0.012, edge, 0.7)
    brush.line([(right, -high), (right + depth, -high - rise)], 0.012, edge, 0.7)
    tape: Colour = (
        dice.choice(((0.86, 0.76, 0.56), (0.62, 0.47, 0.3), (0.45, 0.43, 0.4)))
        if thing.colour != "white"
        else (0.72, 0.62, 0.45)
    )
    middle = (left + right) / 2
    brush.shape(
        [
            (middle - 0.045, -high),
            (middle + 0.045, -high),
            (middle + depth + 0.045, -high - rise),
            (middle + depth - 0.045, -high - rise),
        ],
        tape,
    )
    brush.rect(middle - 0.045, -high, middle + 0.045, -high + min(0.16, high * 0.4), tape)
    if dice.random() < 0.75:
        x, y = dice.uniform(left + 0.05, middle - 0.16), -high * dice.uniform(0.4, 0.55)
        paper = (0.97, 0.97, 0.95) if thing.colour != "white" else (0.86, 0.88, 0.9)
        brush.rect(x, y, x + 0.24, y + min(0.2, high * 0.36), paper)
        brush.lines(
            [(x + 0.03, y + 0.05), (x + 0.2, y + 0.05), (x + 0.03, y + 0.09), (x + 0.16, y + 0.09)],
            0.018,
            (0.2, 0.2, 0.22),
        )
    if dice.random() < 0.5 and high > 0.45:
        x, y = right - 0.12, -high * 0.28
        for shift in (0, 0.07):
            brush.lines(
                [
                    (x + shift, y + 0.09),
                    (x + shift, y),
                    (x + shift - 0.025, y + 0.03),
                    (x + shift, y - 0.005),
                    (x + shift + 0.025, y + 0.03),
                    (x + shift, y - 0.005),
                ],
                0.016,
                edge,
            )
    brush.canvas.restore()


def draw_ladder(brush: Brush, thing: Thing) -> None:
    dice = chance(thing.seed, "ladder")
    colour = shade(thing.colour or "grey", dice, "ladder")
    dark = shaded(colour, 0.62)
    brush.canvas.save()
    if thing.faces_left:
        brush.canvas.scale(-1, 1)
    if dice.random() < 0.5:
        _steps(brush, dice, colour, dark)
    else:
        _leaning(brush, dice, colour, dark)
    brush.canvas.restore()


def _steps(brush: Brush, dice: Random, colour: Colour, dark: Colour) -> None:
    """An A-frame: treads in front, two props behind."""
    wide, narrow, spread = dice.uniform(0.16, 0.2), dice.uniform(0.09, 0.11), dice.uniform(0.12, 0.24)
    brush.line([(-narrow, -0.97), (-wide + spread, -0.09)], 0.022, dark)
    brush.line([(narrow, -0.97), (wide + spread, -0.09)], 0.022, dark)
    brush.line([(-wide + spread * 0.75, -0.28), (wide + spread * 0.75, -0.28)], 0.014, dark)
    count = dice.choice((4, 5, 6))
    for i in range(count):
        share = (i + 0.6) / count
        half = wide + (narrow - wide) * share
        brush.rect(-half, -share - 0.018, half, -share + 0.016, shaded(colour, 0.82))
        brush.line([(-half, -share - 0.016), (half, -share - 0.016)], 0.01, shaded(colour, 1.15))
    brush.line([(-wide, 0), (-narrow, -0.98)], 0.034, colour)
    brush.line([(wide, 0), (narrow, -0.98)], 0.034, colour)
    brush.rect(-narrow - 0.03, -1, narrow + 0.03, -0.955, dark, corner=0.01)


def _leaning(brush: Brush, dice: Random, colour: Colour, dark: Colour) -> None:
    """A straight ladder, leant to one side, narrowing upwards."""
    lean, wide, narrow = dice.uniform(0.08, 0.26), dice.uniform(0.1, 0.13), dice.uniform(0.075, 0.09)
    count = dice.choice((8, 9, 10))
    for i in range(count):
        share = (i + 0.5) / count
        middle, half = lean * (share - 0.5), wide + (narrow - wide) * share
        brush.line(
            [(middle - half, -share + half * lean * 0.4), (middle + half, -share - half * lean * 0.4)], 0.024, dark
        )
    for side in (-1, 1):
        brush.line([(-lean / 2 + side * wide, 0), (lean / 2 + side * narrow, -1)], 0.034, colour)


_FLAMES = (
    ((0.85, 0.16, 0.03), 1.0, 0.36),
    ((1.0, 0.45, 0.04), 0.8, 0.28),
    ((1.0, 0.75, 0.12), 0.58, 0.19),
    ((1.0, 0.96, 0.68), 0.34, 0.1),
)


def draw_fire(brush: Brush, thing: Thing) -> None:
    """Tongues of flame within each other, from red outside to pale yellow within, over charred sticks."""
    dice = chance(thing.seed, "fire")
    tongues = dice.choice((3, 4, 5))
    leans = [dice.uniform(-1, 1) for _ in range(tongues)]
    heights = [dice.uniform(0.6, 1.0) for _ in range(tongues)]
    heights[tongues // 2] = 1.0
    shift = dice.random()
    stout = dice.uniform(0.85, 1.2)
    for side in (-1, 1):
        brush.line([(-0.3 * side, -0.02), (0.22 * side, -0.09)], 0.06, (0.12, 0.08, 0.06))
    for colour, high, half in _FLAMES:
        half *= stout
        points = [(half * 0.75, 0.0), (-half * 0.75, 0.0), (-half * 1.05, -0.12 * high)]
        for i, (lean, height) in enumerate(zip(leans, heights)):
            x = half * (2 * (i + 0.5) / tongues - 1)
            flicker = sin(2 * pi * (thing.phase * (2 + i % 2) + shift + i * 0.37))
            tip = -high * height * (0.9 + 0.1 * flicker)
            sway = (lean * 0.05 + 0.04 * flicker) * high
            points += [
                (x - half * 0.5 / tongues, tip * 0.55),
                (x + sway - 0.012, tip * 0.98),
                (x + sway, tip * 1.08),
                (x + sway + 0.012, tip * 0.98),
                (x + half * 0.55 / tongues, tip * 0.5),
            ]
            if i < tongues - 1:
                points.append((x + half / tongues, tip * 0.36))
        points.append((half * 1.05, -0.12 * high))
        brush.blob(points, colour)
    sparks = [
        (sin(2 * pi * (thing.phase + i * 0.31)) * 0.2 * (0.4 + i * 0.1), -0.6 - ((thing.phase + i * 0.23) % 1) * 0.5)
        for i in range(5)
    ]
    brush.dots(sparks, 0.022, (1.0, 0.7, 0.2))


def draw_smoke(brush: Brush, thing: Thing) -> None:
    """Billows that rise, widen and drift; solid at the root, thin at the top."""
    dice = chance(thing.seed, "smoke")
    dark = dice.uniform(0.3, 0.62)
    drift, wide, count = dice.uniform(-0.3, 0.3), dice.uniform(0.85, 1.2), 22
    tint: Colour = (dark, dark * 1.0, dark * 1.02)
    billows = sorted(
        ((i / count + thing.phase) % 1, dice.uniform(-1, 1), dice.uniform(0.8, 1.25)) for i in range(count)
    )
    # The dice above belong to the billow, not to its place in the column, so that each keeps its shape as it rises.
    for rise, aside, size in reversed(billows):
        x = drift * rise**1.4 + aside * 0.12 * wide * (0.6 + rise)
        y = -0.06 - 0.8 * rise
        radius = (0.1 + 0.13 * rise) * size * wide
        alpha = 0.92 * min(1.0, rise * 10 + 0.3) * (1 - rise**2.2 * 0.75)
        _billow(brush, x, y, radius, tint, alpha)


def _billow(brush: Brush, x: float, y: float, radius: float, tint: Colour, alpha: float) -> None:
    light = mix(tint, (1, 1, 1), 0.38)
    lit_from = (x - radius * 0.3, y - radius * 0.35)
    dim = shaded(tint, 0.86)
    brush.oval(
        x,
        y,
        radius,
        radius,
        around(
            lit_from,
            radius * 1.34,
            faded(light, alpha),
            faded(mix(tint, light, 0.5), alpha),
            faded(mix(tint, dim, 0.5), alpha * 0.85),
            faded(dim, alpha * 0.4),
            faded(dim, 0),
        ),
    )
