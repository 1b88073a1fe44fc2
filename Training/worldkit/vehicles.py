"""Cars and vans.

Drawn in their own lengths, facing right: wheels on y = 0, the middle at x = 0, bumper to bumper from −0.5 to 0.5. Cars
and vans are a side's outline drawn out sideways, so that the camera sees some of their top and of one end as well.
"""

from math import cos, sin
from random import Random

from .brush import Brush, Colour, Point, across, mirrored, mix, shaded
from .scene import Thing
from .shades import chance, shade

_GLASS: Colour = (0.2, 0.26, 0.32)
_TYRE: Colour = (0.07, 0.07, 0.08)

# Outlines from the tail's bottom over the roof to the nose's bottom. True marks glass up to the next point.
_CARS: dict[str, tuple[tuple[float, float, bool], ...]] = {
    "saloon": (
        (-0.5, -0.07, False),
        (-0.5, -0.2, False),
        (-0.46, -0.225, False),
        (-0.33, -0.235, True),
        (-0.2, -0.345, False),
        (0.06, -0.35, True),
        (0.22, -0.235, False),
        (0.42, -0.205, False),
        (0.5, -0.16, False),
        (0.5, -0.07, False),
    ),
    "hatchback": (
        (-0.49, -0.07, False),
        (-0.5, -0.2, False),
        (-0.47, -0.25, True),
        (-0.39, -0.385, False),
        (0.02, -0.395, True),
        (0.22, -0.255, False),
        (0.43, -0.22, False),
        (0.5, -0.17, False),
        (0.5, -0.07, False),
    ),
    "estate": (
        (-0.5, -0.07, False),
        (-0.5, -0.22, False),
        (-0.48, -0.245, True),
        (-0.43, -0.36, False),
        (0.05, -0.365, True),
        (0.21, -0.24, False),
        (0.43, -0.205, False),
        (0.5, -0.16, False),
        (0.5, -0.07, False),
    ),
    "offroad": (
        (-0.49, -0.1, False),
        (-0.5, -0.26, False),
        (-0.48, -0.285, True),
        (-0.44, -0.44, False),
        (0.06, -0.445, True),
        (0.19, -0.29, False),
        (0.45, -0.275, False),
        (0.5, -0.23, False),
        (0.5, -0.1, False),
    ),
}
_VANS: dict[str, tuple[tuple[float, float, bool], ...]] = {
    "panel": (
        (-0.5, -0.08, False),
        (-0.5, -0.48, False),
        (-0.48, -0.5, False),
        (0.24, -0.5, True),
        (0.38, -0.3, False),
        (0.48, -0.25, False),
        (0.5, -0.18, False),
        (0.5, -0.08, False),
    ),
    "high": (
        (-0.5, -0.08, False),
        (-0.5, -0.58, False),
        (-0.47, -0.6, False),
        (0.2, -0.59, True),
        (0.37, -0.33, False),
        (0.48, -0.27, False),
        (0.5, -0.18, False),
        (0.5, -0.08, False),
    ),
    "step": (
        (-0.5, -0.08, False),
        (-0.5, -0.54, False),
        (-0.48, -0.56, False),
        (0.4, -0.55, True),
        (0.45, -0.32, False),
        (0.5, -0.28, False),
        (0.5, -0.16, False),
        (0.5, -0.08, False),
    ),
}


def draw_car(brush: Brush, thing: Thing) -> None:
    dice = chance(thing.seed, "car")
    colour = shade(thing.colour or "grey", dice)
    if dice.random() < 0.28:
        _end_on(brush, colour, dice, van=False)
        return
    style = dice.choice(tuple(_CARS))
    stretched = dice.uniform(0.95, 1.12)
    outline = [(x, y * stretched, glass) for x, y, glass in _CARS[style]]
    mirrored(brush, thing.faces_left, lambda: _side(brush, outline, colour, dice, style))


def draw_van(brush: Brush, thing: Thing) -> None:
    dice = chance(thing.seed, "van")
    colour = shade(thing.colour or "white", dice)
    if dice.random() < 0.2:
        _end_on(brush, colour, dice, van=True)
        return
    style = dice.choice(tuple(_VANS))
    stretched = dice.uniform(0.94, 1.06)
    outline = [(x, y * stretched, glass) for x, y, glass in _VANS[style]]
    mirrored(brush, thing.faces_left, lambda: _side(brush, outline, colour, dice, "van"))


def _side(brush: Brush, outline: list, colour: Colour, dice: Random, style: str) -> None:
    van = style == "van"
    away = (dice.choice((-1, 1)) * dice.uniform(0.04, 0.13), -dice.uniform(0.05, 0.085))  # to the far side
    radius = dice.uniform(0.078, 0.092) * (1.12 if style == "offroad" else 1.0)
    rim = dice.choice(((0.7, 0.72, 0.74), (0.5, 0.52, 0.54), (0.82, 0.83, 0.84)))
    axles = (-0.31, 0.31 if not van else 0.33)
    brush.canvas.save()
    brush.canvas.scale(0.93, 0.93)
    brush.canvas.translate(-away[0] / 2, 0)
    for x in axles:
        brush.oval(x + away[0] * 0.9, -radius + away[1] * 0.5, radius * 0.9, radius * 0.9, _TYRE)
    brush.shape(
        [
            (-0.46, -0.03),
            (0.46, -0.03),
            (0.46 + away[0], -0.06 + away[1] * 0.4),
            (-0.46 + away[0], -0.06 + away[1] * 0.4),
        ],
        (0.05, 0.05, 0.06),
    )
    _ends_and_top(brush, outline, colour, away, van)
    points = [(x, y) for x, y, _ in outline]
    top = min(y for _, y in points)
    light = mix(colour, (0.5, 0.5, 0.55), 0.35) if sum(colour) < 0.6 else shaded(colour, 1.12)
    brush.shape(points, across((0, top), (0, -0.05), light, colour, shaded(colour, 0.72)))
    dark = shaded(colour, 0.55) if sum(colour) > 0.6 else (0.3, 0.3, 0.32)
    if van:
        _van_side(brush, points, top, colour, dark, dice)
    else:
        _car_windows(brush, outline, style, dark)
    waist = outline[-4][1] if not van else -0.27
    brush.line([(-0.47, -0.13), (0.48, -0.13)], 0.007, dark, 0.6)
    brush.line([(-0.49, -0.085), (0.49, -0.085)], 0.03, (0.13, 0.13, 0.14), 0.9, round_ends=False)
    brush.rect(0.445, max(waist + 0.015, -0.225), 0.5, max(waist + 0.055, -0.185), (0.97, 0.95, 0.82), corner=0.012)
    brush.rect(-0.5, max(waist + 0.01, -0.24), -0.465, max(waist + 0.065, -0.175), (0.75, 0.08, 0.06), corner=0.006)
    for x in axles:
        brush.oval(x, -radius * 1.02, radius * 1.18, radius * 1.18, (0.05, 0.05, 0.06))
        brush.rect(x - radius * 1.2, -0.02, x + radius * 1.2, 0.03, (0.05, 0.05, 0.06), 0)
        brush.oval(x, -radius, radius, radius, _TYRE)
        brush.oval(x, -radius, radius * 0.6, radius * 0.6, rim)
        spokes = [
            p
            for i in range(5)
            for p in ((x, -radius), (x + radius * 0.55 * cos(i * 1.257), -radius + radius * 0.55 * sin(i * 1.257)))
        ]
        brush.lines(spokes, 0.01, (0.25, 0.25, 0.27))
    brush.canvas.restore()


def _ends_and_top(brush: Brush, outline: list, colour: Colour, away: Point, van: bool) -> None:
    """The quads between the near outline and the far one, where they face the camera."""
    dx, dy = away
    for (x0, y0, glass), (x1, y1, _) in zip(outline, outline[1:]):
        facing_up = x1 - x0
        facing_end = (y1 - y0) * (1 if dx > 0 else -1)
        if facing_up <= 0 and facing_end <= 0:
            continue
        upness = facing_up / (abs(facing_up) + abs(y1 - y0) + 1e-6)
        body = mix(shaded(colour, 0.62), mix(colour, (1, 1, 1), 0.22), upness)
        quad = [(x0, y0), (x1, y1), (x1 + dx, y1 + dy), (x0 + dx, y0 + dy)]
        brush.shape(quad, body)
        if glass:
            inner = [_between(quad, u, v) for u, v in ((0.1, 0.1), (0.9, 0.1), (0.9, 0.92), (0.1, 0.92))]
            brush.shape(inner, shaded(_GLASS, 1.12))
    end = outline[-3:-1] if dx > 0 else outline[:2]
    lamp = (0.97, 0.95, 0.8) if dx > 0 else (0.78, 0.08, 0.06)
    (x0, y0, _), (x1, y1, _) = end
    height = (y0 + y1) / 2 - (0.03 if not van else 0.0)
    brush.oval((x0 + x1) / 2 + dx * 0.82, height + dy * 0.82, 0.02, 0.025, lamp)


def _between(quad: list[Point], u: float, v: float) -> Point:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    near = (ax + (bx - ax) * u, ay + (by - ay) * u)
    far = (dx + (cx - dx) * u, dy + (cy - dy) * u)
    return near[0] + (far[0] - near[0]) * v, near[1] + (far[1] - near[1]) * v


def _car_windows(brush: Brush, outline: list, style: str, dark: Colour) -> None:
    """The side's glass between the two pillars, a door's seams and handles."""
    glass = [i for i, point in enumerate(outline) if point[2]]
    rear, front = glass[0], glass[1]
    belt = max(outline[rear][1], outline[front + 1][1]) + 0.0
    roof = outline[front][1] + 0.03
    left, right = outline[rear][0], outline[front + 1][0]
    left_top, right_top = outline[rear + 1][0], outline[front][0]
    middle = (left_top + right_top) / 2 + 0.02
    sky = across((0, roof), (0, belt), shaded(_GLASS, 1.35), _GLASS)
    brush.shape([(left + 0.035, belt), (left_top + 0.02, roof), (middle - 0.012, roof), (middle - 0.012, belt)], sky)
    brush.shape([(middle + 0.012, belt), (middle + 0.012, roof), (right_top - 0.01, roof), (right - 0.035, belt)], sky)
    brush.lines(
        [
            (middle, belt),
            (middle, -0.09),
            (left + 0.1, belt),
            (left + 0.12, -0.12),
            (right - 0.04, belt),
            (right - 0.03, -0.1),
        ],
        0.007,
        dark,
        0.75,
    )
    brush.lines(
        [
            (middle - 0.07, belt + 0.035),
            (middle - 0.03, belt + 0.035),
            (right - 0.14, belt + 0.035),
            (right - 0.1, belt + 0.035),
        ],
        0.011,
        dark,
    )
    brush.rect(right - 0.07, belt - 0.02, right - 0.035, belt + 0.008, dark, corner=0.005)
    if style == "offroad":
        brush.rect(-0.42, roof - 0.055, 0.04, roof - 0.04, (0.12, 0.12, 0.13))


def _van_side(brush: Brush, points: list, top: float, colour: Colour, dark: Colour, dice: Random) -> None:
    """A cab's window in front, a blind box behind it with a sliding door."""
    glass_top, belt = top * 0.9, top * 0.6
    front = next(p for p in points[3:] if p[1] > top * 0.8)
    roof_end = points[points.index(front) - 1]
    brush.shape(
        [
            (roof_end[0] - 0.1, belt),
            (roof_end[0] - 0.1, glass_top),
            (roof_end[0] - 0.005, glass_top),
            (front[0] - 0.035, belt),
        ],
        across((0, glass_top), (0, belt), shaded(_GLASS, 1.35), _GLASS),
    )
    door = roof_end[0] - 0.12
    brush.lines(
        [
            (door, top * 0.95),
            (door, -0.1),
            (door - 0.26, top * 0.95),
            (door - 0.26, -0.1),
            (front[0] - 0.04, belt),
            (front[0] - 0.05, -0.12),
            (-0.46, top * 0.52),
            (door, top * 0.52),
        ],
        0.007,
        dark,
        0.75,
    )
    brush.lines(
        [
            (door - 0.05, belt + 0.06),
            (door - 0.02, belt + 0.06),
            (door + 0.03, belt + 0.06),
            (door + 0.06, belt + 0.06),
        ],
        0.012,
        dark,
    )
    if dice.random() < 0.45:
        mark = dice.choice((shaded(colour, 0.6), mix(colour, (1, 1, 1), 0.6)))
        brush.rect(-0.43, top * 0.8, door - 0.29, top * 0.62, mark, corner=0.02)
    brush.rect(front[0] - 0.045, belt - 0.06, front[0] - 0.015, belt + 0.01, (0.1, 0.1, 0.11), corner=0.008)


def _end_on(brush: Brush, colour: Colour, dice: Random, van: bool) -> None:
    """Seen from the front or from behind; nearly two thirds of a side's length wide."""
    brush.canvas.scale(0.86, 0.86)
    front = dice.random() < 0.6
    wide = dice.uniform(0.36, 0.39)
    high = dice.uniform(0.84, 0.94) if van else dice.uniform(0.6, 0.68)
    belt = high * (0.56 if van else 0.58)
    slim = wide * (0.94 if van else 0.74)
    dark = shaded(colour, 0.5) if sum(colour) > 0.6 else (0.28, 0.28, 0.3)
    light = mix(colour, (0.5, 0.5, 0.55), 0.35) if sum(colour) < 0.6 else shaded(colour, 1.1)
    for side in (-1, 1):
        x = side * wide * 0.78
        brush.rect(x - 0.055, -0.2, x + 0.055, 0, _TYRE, corner=0.025)
    brush.blob(
        [
            (-wide, -0.1),
            (-wide * 1.02, -belt * 0.7),
            (-wide * 0.96, -belt),
            (-slim, -high * 0.97),
            (-slim * 0.8, -high),
            (0, -high * 1.01),
            (slim * 0.8, -high),
            (slim, -high * 0.97),
            (wide * 0.96, -belt),
            (wide * 1.02, -belt * 0.7),
            (wide, -0.1),
            (wide * 0.9, -0.07),
            (-wide * 0.9, -0.07),
        ],
        across((0, -high), (0, -0.05), light, colour, shaded(colour, 0.72)),
    )
    screen = [
        (-wide * 0.84, -belt * 1.02),
        (-slim * 0.86, -high * 0.93),
        (slim * 0.86, -high * 0.93),
        (wide * 0.84, -belt * 1.02),
    ]
    if front or not van:
        brush.shape(screen, across((0, -high), (0, -belt), shaded(_GLASS, 1.4), _GLASS))
        brush.line([screen[0], (-wide * 0.1, -belt * 1.06)], 0.01, (0.05, 0.05, 0.05))
    else:
        for side in (-1, 1):
            brush.rect(
                min(side * 0.04, side * slim * 0.82),
                -high * 0.9,
                max(side * 0.04, side * slim * 0.82),
                -belt * 1.1,
                _GLASS,
                corner=0.02,
            )
        brush.line([(0, -high * 0.97), (0, -0.12)], 0.012, dark)
    lamp = (0.97, 0.95, 0.82) if front else (0.78, 0.08, 0.06)
    for side in (-1, 1):
        x = side * wide * 0.76
        brush.rect(x - 0.07, -belt * 0.78, x + 0.07, -belt * 0.62, lamp, corner=0.025)
        brush.oval(side * wide * 1.07, -belt * 1.02, 0.04, 0.035, dark)
    if front:
        brush.rect(-wide * 0.5, -belt * 0.76, wide * 0.5, -belt * 0.52, (0.08, 0.08, 0.09), corner=0.02)
        brush.lines([(-wide * 0.5, -belt * 0.64), (wide * 0.5, -belt * 0.64)], 0.012, (0.5, 0.5, 0.52))
        if not van:
            brush.curve([(-wide * 0.86, -belt * 0.95), (0, -belt * 0.86), (wide * 0.86, -belt * 0.95)], 0.01, dark)
    brush.rect(-wide * 0.95, -belt * 0.36, wide * 0.95, -0.09, (0.14, 0.14, 0.15), corner=0.03)
    brush.rect(-0.1, -belt * 0.38, 0.1, -belt * 0.23, (0.92, 0.92, 0.86), corner=0.008)
