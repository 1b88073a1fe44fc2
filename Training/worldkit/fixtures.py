"""What several places have: the sky, doors, windows and lamps."""

from random import Random

from .brush import Brush, Colour, across, mix, shaded
from .shades import tone
from .stage import Box, Stage

_FRAMES = ((0.93, 0.93, 0.91), (0.24, 0.25, 0.27), (0.5, 0.36, 0.24), (0.85, 0.83, 0.76))
_LEAVES = (
    (0.35, 0.17, 0.12),
    (0.14, 0.24, 0.36),
    (0.15, 0.3, 0.22),
    (0.5, 0.1, 0.1),
    (0.85, 0.84, 0.8),
    (0.2, 0.2, 0.22),
    (0.52, 0.36, 0.2),
    (0.45, 0.52, 0.56),
    (0.72, 0.55, 0.2),
)


def sky(stage: Stage, down_to: float) -> None:
    """The sky and, by weather and hour, its clouds or stars."""
    brush, light, scene = stage.brush, stage.light, stage.scene
    top, low = light.sky
    brush.rect(
        stage.left,
        -0.25,
        stage.right,
        down_to,
        across((0, 0), (0, max(0.2, min(0.42, down_to))), top, mix(top, low, 0.55), low),
    )
    dice = stage.dice("sky")
    if scene.weather == "clear" and scene.light == "night":
        brush.dots(
            [(dice.uniform(stage.left, stage.right), dice.uniform(-0.1, 0.4)) for _ in range(40)],
            0.005,
            (0.85, 0.87, 0.95),
            0.9,
        )
    elif scene.weather == "clear" and dice.random() < 0.7:
        pale = (1.0, 1.0, 1.0) if scene.light == "day" else (0.98, 0.66, 0.55)
        for _ in range(dice.choice((2, 3, 4))):
            x, y, wide = dice.uniform(0, scene.aspect), dice.uniform(0.0, 0.18), dice.uniform(0.06, 0.13)
            for i in range(4):
                brush.oval(
                    x + (i - 1.5) * wide * 0.6, y + dice.uniform(-0.01, 0.01), wide * 0.55, wide * 0.2, pale, 0.6
                )


def beyond_glass(stage: Stage, box: Box, inside: bool) -> None:
    """A pane: from outside dark with the sky mirrored in it, from inside the sky itself."""
    left, top, right, bottom = box
    sky_top, sky_low = stage.light.sky
    if inside:
        night = stage.scene.light == "night"
        stage.brush.rect(left, top, right, bottom, across((0, top), (0, bottom), mix(sky_top, sky_low, 0.2), sky_low))
        hill = {"day": (0.36, 0.52, 0.3), "dusk": (0.24, 0.17, 0.2), "night": (0.02, 0.03, 0.05)}[stage.scene.light]
        middle = bottom - (bottom - top) * 0.26
        stage.brush.blob(
            [
                (left - 0.02, bottom + 0.01),
                (left - 0.02, middle),
                ((left + right) / 2, middle - 0.03),
                (right + 0.02, middle + 0.02),
                (right + 0.02, bottom + 0.01),
            ],
            hill,
        )
        if night:
            stage.brush.oval(right - (right - left) * 0.28, top + (bottom - top) * 0.22, 0.016, 0.016, (0.9, 0.9, 0.82))
    else:
        pale = mix((0.14, 0.17, 0.21), sky_low, 0.45)
        stage.brush.rect(
            left, top, right, bottom, across((left, top), (right, bottom), pale, (0.13, 0.16, 0.2), (0.2, 0.24, 0.28))
        )


def window(
    stage: Stage, x: float, top: float, wide: float, high: float, dice: Random, lit: bool = False, inside: bool = False
) -> None:
    brush = stage.brush
    frame = dice.choice(_FRAMES)
    box = (x - wide / 2, top, x + wide / 2, top + high)
    bars, curtains = dice.choice(((1, 1), (2, 1), (1, 2), (2, 2), (3, 2))), dice.random() < 0.6
    cloth = tone(dice, (0, 360), (0.1, 0.35), (0.6, 0.9))

    def panes() -> None:
        if lit and not inside:
            brush.rect(*box, across((0, top), (0, top + high), (1.0, 0.9, 0.62), (0.98, 0.76, 0.42)))
        else:
            stage.clipped(box, lambda: beyond_glass(stage, box, inside))

    def rest() -> None:
        shade = cloth
        if not inside and curtains:
            for side in (-1, 1):
                edge = x + side * wide / 2
                brush.rect(
                    min(edge, edge - side * wide * 0.2),
                    top,
                    max(edge, edge - side * wide * 0.2),
                    top + high,
                    shaded(shade, 0.8),
                    0.8,
                )
        ends = [
            p
            for i in range(1, bars[0])
            for p in ((x - wide / 2 + wide * i / bars[0], top), (x - wide / 2 + wide * i / bars[0], top + high))
        ]
        ends += [
            p
            for i in range(1, bars[1])
            for p in ((x - wide / 2, top + high * i / bars[1]), (x + wide / 2, top + high * i / bars[1]))
        ]
        tinted = tuple(a * b for a, b in zip(frame, stage.light.on_place)) if inside or lit else frame
        brush.lines(ends, 0.009, tinted)
        brush.frame(*box, 0.014, tinted)

    if inside or lit:
        brush.rect(*box, (0, 0, 0))
        stage.glows.append(lambda: (panes(), rest()))
    else:
        panes()
        rest()
    brush.rect(x - wide / 2 - 0.02, top + high, x + wide / 2 + 0.02, top + high + 0.014, shaded(frame, 0.85))
    if inside and curtains:
        for side in (-1, 1):
            edge = x + side * (wide / 2 + 0.02)
            stage.glows.append(lambda edge=edge, side=side: _curtain(stage, edge, side, top, high, wide, cloth))


def _curtain(stage: Stage, edge: float, side: int, top: float, high: float, wide: float, cloth: Colour) -> None:
    lit = tuple(a * b for a, b in zip(cloth, stage.light.on_place))
    inner = edge - side * wide * 0.22
    stage.brush.rect(min(edge, inner), top - 0.02, max(edge, inner), top + high + 0.05, lit)
    folds = [
        p
        for i in (1, 2, 3)
        for p in ((edge + (inner - edge) * i / 4, top - 0.02), (edge + (inner - edge) * i / 4, top + high + 0.05))
    ]
    stage.brush.lines(folds, 0.004, shaded(lit, 0.8))


def door(stage: Stage, x: float, foot: float, wide: float, high: float, inside: bool) -> None:
    """A door in a wall: shut, or a dark (by lamplight: warm) hall behind it with the leaf swung aside."""
    brush, scene, dice = stage.brush, stage.scene, stage.dice("door")
    top, left, right = foot - high, x - wide / 2, x + wide / 2
    frame, leaf = dice.choice(_FRAMES), dice.choice(_LEAVES)
    panels, knob_right = dice.choice((2, 3, 4, 6)), dice.random() < 0.5
    glazed = not inside and dice.random() < 0.4
    metal = dice.choice(((0.8, 0.66, 0.3), (0.75, 0.76, 0.78)))
    stage.opening = (left, top, right, foot)
    brush.rect(left - 0.018, top - 0.02, right + 0.018, foot, frame)
    hinge = left if knob_right else right
    way = 1 if knob_right else -1
    if not scene.is_open:
        _leaf(brush, (left, top, right, foot), leaf, panels, glazed)
        knob = right - 0.018 if knob_right else left + 0.018
        brush.line([(knob, foot - high * 0.47), (knob - way * 0.016, foot - high * 0.47)], 0.012, metal)
        if not inside:
            brush.line([(x - 0.022, foot - high * 0.42), (x + 0.022, foot - high * 0.42)], 0.011, metal)
        return

    def hall() -> None:
        lit = scene.is_lit
        if lit:
            back, floor = (0.98, 0.84, 0.56), (0.62, 0.45, 0.28)
        else:
            dim = {"day": 1.0, "dusk": 0.65, "night": 0.35}[scene.light]
            back, floor = shaded((0.15, 0.13, 0.12), dim), shaded((0.2, 0.15, 0.11), dim)
        brush.rect(left, top, right, foot, across((0, top), (0, foot), shaded(back, 0.8), back))
        inner = wide * 0.2
        brush.shape(
            [(left, foot), (left + inner, foot - high * 0.13), (right - inner, foot - high * 0.13), (right, foot)],
            floor,
        )
        edge = shaded(back, 0.7) if lit else mix(back, (1, 1, 1), 0.12)
        brush.lines(
            [
                (left, foot),
                (left + inner, foot - high * 0.13),
                (right, foot),
                (right - inner, foot - high * 0.13),
                (left + inner, foot - high * 0.13),
                (left + inner, top + high * 0.08),
                (right - inner, foot - high * 0.13),
                (right - inner, top + high * 0.08),
                (left + inner, foot - high * 0.13),
                (right - inner, foot - high * 0.13),
            ],
            0.005,
            edge,
        )
        brush.frame(x - wide * 0.13, top + high * 0.25, x + wide * 0.13, top + high * 0.42, 0.006, edge)

    brush.rect(left, top, right, foot, (0, 0, 0))
    stage.glows.append(hall)
    out = hinge - way * wide * 0.52  # the leaf, swung towards the camera and away from the doorway
    corners = [(hinge, top), (hinge, foot), (out, foot + 0.05), (out, top - 0.035)]
    brush.shape(corners, shaded(leaf, 0.82))
    for low, up in ((0.08, 0.42), (0.52, 0.92)):
        a, b = hinge + (out - hinge) * 0.2, hinge + (out - hinge) * 0.8
        brush.line(
            [
                (a, foot - high * low),
                (a, foot - high * up),
                (b, foot + 0.03 - (high + 0.07) * up),
                (b, foot + 0.035 - (high + 0.07) * low),
                (a, foot - high * low),
            ],
            0.006,
            shaded(leaf, 0.55) if sum(leaf) > 0.8 else (0.4, 0.4, 0.42),
        )
    brush.line(
        [(hinge, top), (hinge, foot), (out, foot + 0.05), (out, top - 0.035), (hinge, top)], 0.006, shaded(leaf, 0.5)
    )
    brush.oval(hinge + (out - hinge) * 0.9, foot - high * 0.46, 0.012, 0.012, metal)


def _leaf(brush: Brush, box: Box, leaf: Colour, panels: int, glazed: bool) -> None:
    left, top, right, foot = box
    wide, high = right - left, foot - top
    brush.rect(*box, across((left, 0), (right, 0), shaded(leaf, 1.06), shaded(leaf, 0.88)))
    edge = shaded(leaf, 0.62) if sum(leaf) > 0.8 else (0.38, 0.38, 0.4)
    columns = 2 if panels in (4, 6) else 1
    rows = panels // columns
    for row in range(rows):
        for column in range(columns):
            a = left + wide * (0.1 + column * 0.84 / columns)
            b = left + wide * (0.06 + (column + 1) * 0.84 / columns)
            c, d = top + high * (0.06 + row * 0.9 / rows), top + high * (0.0 + (row + 1) * 0.9 / rows)
            if glazed and row == 0:
                brush.rect(a, c, b, d, (0.34, 0.4, 0.44))
            brush.frame(a, c, b, d, 0.006, edge)
    brush.frame(*box, 0.005, edge)


def wall_lamp(stage: Stage, x: float, y: float, reach: float = 0.6, foot: float | None = None) -> None:
    dice, brush = stage.dice("wall lamp"), stage.brush
    metal = dice.choice(((0.12, 0.12, 0.13), (0.6, 0.5, 0.25), (0.75, 0.76, 0.77)))
    style = dice.choice(("lantern", "globe", "bulkhead"))
    glass = (0.62, 0.64, 0.62)
    brush.line([(x, y - 0.04), (x, y + 0.005)], 0.014, metal)

    def bulb(colour: Colour, rim: Colour) -> None:
        if style == "lantern":
            brush.shape(
                [(x - 0.016, y + 0.028), (x + 0.016, y + 0.028), (x + 0.024, y - 0.022), (x - 0.024, y - 0.022)], colour
            )
            brush.shape([(x - 0.03, y - 0.02), (x + 0.03, y - 0.02), (x, y - 0.048)], rim)
            brush.lines([(x - 0.018, y + 0.03), (x + 0.018, y + 0.03), (x, y - 0.02), (x, y + 0.03)], 0.006, rim)
        elif style == "globe":
            brush.oval(x, y, 0.026, 0.026, colour)
            brush.rect(x - 0.016, y - 0.038, x + 0.016, y - 0.022, rim)
        else:
            brush.rect(x - 0.036, y - 0.02, x + 0.036, y + 0.02, rim, corner=0.012)
            brush.rect(x - 0.027, y - 0.013, x + 0.027, y + 0.013, colour, corner=0.008)

    bulb(glass, metal)
    if stage.scene.is_lit:
        stage.shine(x, y, 0.034, reach, foot)
        stage.bulbs.append(lambda: bulb((1.0, 0.96, 0.78), shaded(metal, 0.8)))


def post_lamp(
    stage: Stage,
    x: float,
    foot: float,
    high: float,
    arm: float = 0.0,
    heads: int = 1,
    reach: float = 0.62,
    size: float = 0.024,
) -> None:
    """A lamp on a post, on an arm to one side or on two."""
    brush, dice = stage.brush, stage.dice("post lamp")
    metal = dice.choice(((0.24, 0.26, 0.27), (0.45, 0.47, 0.48), (0.18, 0.27, 0.22)))
    old = arm == 0
    brush.line([(x, foot), (x, foot - high)], size * 0.62, metal)
    brush.rect(x - size * 0.55, foot - high * 0.14, x + size * 0.55, foot, metal)
    for side in (1,) if heads == 1 else (-1, 1):
        end = x + side * arm
        y = foot - high - (0.0 if old else 0.015)
        if not old:
            brush.curve([(x, foot - high), (x + side * arm * 0.3, y - 0.012), (end, y)], size * 0.45, metal)

        def head(colour: Colour, rim: Colour, end: float = end, y: float = y) -> None:
            if old:
                brush.shape(
                    [
                        (end - size * 0.55, y),
                        (end + size * 0.55, y),
                        (end + size * 0.95, y - size * 2.1),
                        (end - size * 0.95, y - size * 2.1),
                    ],
                    colour,
                )
                brush.shape(
                    [(end - size * 1.15, y - size * 2), (end + size * 1.15, y - size * 2), (end, y - size * 3)], rim
                )
            else:
                brush.rect(end - size * 1.3, y - size * 0.55, end + size * 1.3, y + size * 0.1, rim, corner=size * 0.3)
                brush.rect(
                    end - size * 1.1, y + size * 0.05, end + size * 1.1, y + size * 0.5, colour, corner=size * 0.2
                )

        head((0.6, 0.63, 0.64), metal)
        if stage.scene.is_lit:
            stage.shine(end, y - (size if old else 0), size * 1.1, reach, foot + 0.04)
            stage.bulbs.append(lambda head=head: head((1.0, 0.96, 0.78), metal))
