"""Bicycles.

Drawn in their own lengths, facing right: wheels on y = 0, from −0.5 to 0.5.
"""

from math import cos, pi, sin
from random import Random

import skia

from .brush import Brush, Colour, mirrored, shaded
from .scene import Thing
from .shades import chance, shade


def draw_bicycle(brush: Brush, thing: Thing) -> None:
    dice = chance(thing.seed, "bicycle")
    colour = shade(thing.colour or "blue", dice)
    mirrored(brush, thing.faces_left, lambda: _bicycle(brush, colour, dice, thing.phase))


def _bicycle(brush: Brush, colour: Colour, dice: Random, phase: float) -> None:
    wheel = dice.uniform(0.19, 0.215)
    rear, front = (-0.28, -wheel), (0.28, -wheel)
    black, steel = (0.09, 0.09, 0.1), (0.62, 0.64, 0.66)
    tube = dice.uniform(0.042, 0.052)
    for x, y in (rear, front):
        brush.ring(x, y, wheel - 0.012, 0.028, black)
        spokes = [
            p
            for i in range(4)
            for p in (
                (x + wheel * cos(i * pi / 4 + phase), y + wheel * sin(i * pi / 4 + phase)),
                (x - wheel * cos(i * pi / 4 + phase), y - wheel * sin(i * pi / 4 + phase)),
            )
        ]
        brush.lines(spokes, 0.006, steel, 0.8)
        brush.oval(x, y, 0.022, 0.022, steel)
    crank, seat, head = (-0.04, -wheel + 0.01), (-0.12, -0.47), (0.2, -0.48)
    low = dice.random() < 0.4
    if dice.random() < 0.5:
        for x, y in (rear, front):
            arc = skia.Path()
            arc.addArc(skia.Rect(x - wheel - 0.02, y - wheel - 0.02, x + wheel + 0.02, y + wheel + 0.02), 190, 140)
            brush.canvas.drawPath(
                arc,
                skia.Paint(
                    AntiAlias=True,
                    Style=skia.Paint.kStroke_Style,
                    StrokeWidth=0.018,
                    Color4f=skia.Color4f(*shaded(colour, 0.8), 1),
                ),
            )
    brush.line([rear, crank, seat, rear], tube * 0.7, shaded(colour, 0.85))
    brush.line([crank, seat], tube, colour)
    brush.line([crank, (head[0] + 0.01, head[1] + 0.07)], tube, colour)
    if low:
        brush.curve([(-0.09, -0.32), (0.05, -0.3), (0.2, -0.46)], tube, colour)
    else:
        brush.line([(-0.11, -0.43), head], tube, colour)
    brush.line([(head[0] - 0.02, head[1] - 0.06), front], tube * 0.8, colour)
    brush.line([seat, (-0.135, -0.53)], 0.022, steel)
    brush.line([(-0.2, -0.54), (-0.07, -0.54)], 0.038, black)
    if dice.random() < 0.5:
        brush.curve(
            [
                (head[0] - 0.03, head[1] - 0.06),
                (head[0] + 0.06, head[1] - 0.1),
                (head[0] + 0.1, head[1] - 0.02),
                (head[0] + 0.02, head[1]),
            ],
            0.024,
            black,
        )
    else:
        brush.line(
            [(head[0] + 0.03, head[1] - 0.07), (head[0] - 0.04, head[1] - 0.1), (head[0] - 0.12, head[1] - 0.09)],
            0.026,
            black,
        )
    brush.ring(*crank, 0.045, 0.014, steel)
    brush.lines(
        [
            (crank[0], crank[1]),
            (crank[0] + 0.05, crank[1] + 0.07),
            (crank[0] + 0.02, crank[1] + 0.07),
            (crank[0] + 0.09, crank[1] + 0.07),
        ],
        0.018,
        black,
    )
    if dice.random() < 0.3:
        brush.shape([(0.22, -0.52), (0.4, -0.52), (0.37, -0.38), (0.25, -0.38)], (0.55, 0.4, 0.24))
        brush.lines([(0.24, -0.47), (0.39, -0.47), (0.25, -0.42), (0.38, -0.42)], 0.008, (0.35, 0.24, 0.13))
