"""A living room: its back wall and what stands along it, a door, a window, a lamp, and the floor."""

from random import Random

from .brush import across, shaded
from .fixtures import door, window
from .materials import planks_away
from .plants import pot
from .shades import tone
from .stage import Stage

DOOR_WIDE, DOOR_HIGH = 0.19, 0.4


def draw_room(stage: Stage) -> None:
    brush, back = stage.brush, stage.view.back
    dice = stage.dice("wall")
    paper = dice.choice(
        (
            (0.88, 0.84, 0.75),
            (0.74, 0.8, 0.82),
            (0.8, 0.83, 0.74),
            (0.86, 0.78, 0.74),
            (0.9, 0.89, 0.87),
            (0.66, 0.7, 0.76),
            (0.84, 0.72, 0.58),
        )
    )
    brush.rect(stage.left, -0.25, stage.right, back, across((0, 0), (0, back), shaded(paper, 0.92), paper))
    looks = dice.choice(("plain", "stripes", "panels", "dots"))
    if looks == "stripes":
        brush.lines(
            [p for i in range(60) for p in ((stage.left + i * 0.05, -0.2), (stage.left + i * 0.05, back))],
            0.018,
            shaded(paper, 0.92),
        )
    elif looks == "panels":
        brush.rect(stage.left, back - 0.16, stage.right, back, shaded(paper, 1.4))
        brush.lines([(stage.left, back - 0.16), (stage.right, back - 0.16)], 0.01, shaded(paper, 0.8))
        for i in range(16):
            brush.frame(
                stage.left + i * 0.16,
                back - 0.135,
                stage.left + i * 0.16 + 0.13,
                back - 0.035,
                0.004,
                shaded(paper, 0.85),
            )
    elif looks == "dots":
        brush.dots(
            [(stage.left + i * 0.07 + (j % 2) * 0.035, -0.1 + j * 0.06) for i in range(32) for j in range(12)],
            0.012,
            shaded(paper, 0.86),
        )
    _floor(stage)
    brush.rect(
        stage.left,
        back - 0.022,
        stage.right,
        back + 0.004,
        (0.93, 0.92, 0.9) if dice.random() < 0.7 else (0.4, 0.29, 0.2),
    )
    if stage.opening_x is not None:
        stage.take(stage.opening_x, DOOR_WIDE + 0.13)
        door(stage, stage.opening_x, back, DOOR_WIDE, DOOR_HIGH, inside=True)
    _lamp(stage)
    _window(stage)
    _furniture(stage)


def _floor(stage: Stage) -> None:
    brush, view, back, dice = stage.brush, stage.view, stage.view.back, stage.dice("floor")
    kind = dice.choice(("boards", "tiles", "carpet", "boards"))
    colour = {
        "boards": dice.choice(((0.62, 0.44, 0.28), (0.74, 0.58, 0.4), (0.44, 0.3, 0.2), (0.66, 0.6, 0.54))),
        "tiles": dice.choice(((0.78, 0.76, 0.72), (0.66, 0.5, 0.42), (0.56, 0.58, 0.6))),
        "carpet": dice.choice(((0.62, 0.58, 0.52), (0.5, 0.54, 0.6), (0.6, 0.5, 0.48), (0.48, 0.52, 0.46))),
    }[kind]
    brush.rect(
        stage.left,
        back,
        stage.right,
        stage.bottom,
        across((0, back), (0, 1), shaded(colour, 0.9), shaded(colour, 1.06)),
    )
    if kind != "carpet":
        planks_away(stage, back, shaded(colour, 0.75), 0.1 if kind == "boards" else 0.22, across_too=kind == "tiles")
    if dice.random() < 0.6:
        rug = tone(dice, (0, 360), (0.15, 0.42), (0.45, 0.75))
        x = view.vanishing_x + dice.uniform(-0.2, 0.2)
        top, bottom, half = view.foot(0.85), view.foot(0.2), dice.uniform(0.36, 0.5)
        for inset, tint in ((0.0, rug), (0.04, shaded(rug, 1.2)), (0.065, rug)):
            a, b = top + inset * 0.45, bottom - inset
            brush.shape(
                [
                    (view.along(x - half + inset, a), a),
                    (view.along(x + half - inset, a), a),
                    (view.along(x + half - inset, b), b),
                    (view.along(x - half + inset, b), b),
                ],
                tint,
            )


def _window(stage: Stage) -> None:
    """The window shows what hour it is."""
    back, dice = stage.view.back, stage.dice("window")
    wide, high = dice.uniform(0.22, 0.3), dice.uniform(0.2, 0.25)
    for _ in range(1 if stage.scene.aspect < 1.3 else 2):
        for tried in (wide, 0.2, 0.16):
            x = stage.spot(tried + 0.06, dice, tried / 2)
            if x is not None:
                window(stage, x, back - 0.17 - high, tried, high, dice, inside=True)
                if dice.random() < 0.4:
                    stage.taken.pop()  # a sofa may stand below
                break


def _lamp(stage: Stage) -> None:
    """A standing lamp, or one that hangs from above."""
    brush, back, dice, aspect = stage.brush, stage.view.back, stage.dice("lamp"), stage.scene.aspect
    cloth = dice.choice(((0.9, 0.86, 0.75), (0.75, 0.6, 0.48), (0.6, 0.66, 0.66), (0.85, 0.85, 0.83)))
    metal = dice.choice(((0.2, 0.2, 0.21), (0.62, 0.5, 0.3), (0.5, 0.36, 0.24)))
    kind = dice.choice(("standing", "hanging", "standing", "arc"))
    count = 1 if aspect < 1.3 else 2
    for i in range(count):
        x = stage.spot(0.13, dice, 0.09) if kind != "hanging" else aspect * (i + dice.uniform(0.3, 0.7)) / count
        if x is None:
            x, kind = aspect * 0.5, "hanging"
        if kind == "hanging":
            y = dice.uniform(0.09, 0.13)
            brush.line([(x, -0.25), (x, y)], 0.007, metal)
        else:
            y = back - dice.uniform(0.29, 0.35)
            brush.line([(x, back + 0.01), (x, y)], 0.011, metal)
            brush.oval(x, back + 0.012, 0.036, 0.011, metal)
        _shade_of_lamp(stage, x, y, cloth, kind)


def _shade_of_lamp(stage: Stage, x: float, y: float, cloth: tuple, kind: str) -> None:
    brush = stage.brush
    slim = 0.55 if kind != "arc" else 1.0

    def cover(colour) -> None:
        brush.shape(
            [
                (x - 0.052, y + 0.035),
                (x + 0.052, y + 0.035),
                (x + 0.052 * slim, y - 0.045),
                (x - 0.052 * slim, y - 0.045),
            ],
            colour,
        )

    cover(cloth)
    if stage.scene.is_lit:
        stage.shine(x, y + 0.01, 0.04, 0.85, stage.view.back + 0.15, 0.8)
        stage.bulbs.append(lambda: cover(across((0, y - 0.045), (0, y + 0.035), (1.0, 0.86, 0.55), (1.0, 0.97, 0.82))))


def _furniture(stage: Stage) -> None:
    dice = stage.dice("furniture")
    wanted = dice.sample((_sofa, _shelf, _table, _plant, _picture, _drawers, _armchair), 5)
    if _sofa not in wanted and dice.random() < 0.5:
        wanted.insert(0, _sofa)
    for item in wanted * (1 if stage.scene.aspect < 1.3 else 2):
        item(stage, dice)


def _sofa(stage: Stage, dice: Random, wide: float | None = None) -> None:
    brush, foot = stage.brush, stage.view.back + 0.012
    wide = wide or dice.uniform(0.32, 0.42)
    cloth = tone(dice, (0, 360), (0.08, 0.4), (0.4, 0.7))
    cushion = tone(dice, (0, 360), (0.2, 0.45), (0.6, 0.85))
    x = stage.spot(wide, dice, wide * 0.3)
    if x is None:
        return
    left, right = x - wide / 2, x + wide / 2
    brush.rect(left + 0.02, foot - 0.155, right - 0.02, foot - 0.02, shaded(cloth, 0.85), corner=0.02)
    seats = 1 if wide < 0.25 else dice.choice((2, 3))
    for i in range(seats):
        a, b = left + 0.035 + (wide - 0.07) * i / seats, left + 0.035 + (wide - 0.07) * (i + 1) / seats
        brush.rect(a + 0.003, foot - 0.08, b - 0.003, foot - 0.035, shaded(cloth, 1.12), corner=0.012)
    if dice.random() < 0.7:
        brush.rect(left + 0.05, foot - 0.125, left + 0.11, foot - 0.07, cushion, corner=0.012)
    brush.rect(left + 0.02, foot - 0.04, right - 0.02, foot - 0.008, shaded(cloth, 0.75))
    for a in (left, right - 0.042):
        brush.rect(a, foot - 0.105, a + 0.042, foot - 0.008, cloth, corner=0.016)
    brush.lines(
        [
            (left + 0.02, foot - 0.008),
            (left + 0.02, foot + 0.006),
            (right - 0.02, foot - 0.008),
            (right - 0.02, foot + 0.006),
        ],
        0.012,
        (0.2, 0.15, 0.1),
    )


def _armchair(stage: Stage, dice: Random) -> None:
    _sofa(stage, dice, dice.uniform(0.17, 0.2))


def _shelf(stage: Stage, dice: Random) -> None:
    brush, foot = stage.brush, stage.view.back + 0.006
    wide, high = dice.uniform(0.15, 0.22), dice.uniform(0.26, 0.36)
    wood = dice.choice(((0.45, 0.31, 0.2), (0.88, 0.87, 0.84), (0.66, 0.5, 0.34)))
    x = stage.spot(wide + 0.02, dice, wide / 2)
    if x is None:
        return
    left, right, top, rows = x - wide / 2, x + wide / 2, foot - high, 4
    brush.rect(left, top, right, foot, shaded(wood, 0.55))
    for row in range(rows):
        low, book = top + high * (row + 1) / rows, left + 0.012
        while book < right - 0.02:
            thick, tall = dice.uniform(0.008, 0.017), dice.uniform(0.55, 0.85) * high / rows
            if dice.random() < 0.85:
                brush.rect(book, low - tall, book + thick, low, tone(dice, (0, 360), (0.2, 0.55), (0.35, 0.75)))
            book += thick + 0.001
    brush.lines(
        [p for row in range(rows + 1) for p in ((left, top + high * row / rows), (right, top + high * row / rows))],
        0.01,
        wood,
    )
    brush.lines([(left, top), (left, foot), (right, top), (right, foot)], 0.012, wood)


def _table(stage: Stage, dice: Random) -> None:
    brush, foot = stage.brush, stage.view.back + 0.014
    wide = dice.uniform(0.18, 0.26)
    wood = dice.choice(((0.5, 0.34, 0.2), (0.72, 0.56, 0.38), (0.85, 0.84, 0.82)))
    x = stage.spot(wide + 0.02, dice, wide / 2)
    if x is None:
        return
    top = foot - 0.13
    brush.rect(x - wide / 2, top, x + wide / 2, top + 0.016, wood)
    brush.lines(
        [
            (x + s * (wide / 2 - 0.015), top + 0.016) if up else (x + s * (wide / 2 - 0.015), foot)
            for s in (-1, 1)
            for up in (True, False)
        ],
        0.014,
        shaded(wood, 0.8),
    )
    item = dice.choice(("vase", "bowl", "clock"))
    if item == "vase":
        pot(stage, x, top, 0.06, dice)
    elif item == "bowl":
        brush.shape(
            [(x - 0.04, top - 0.026), (x + 0.04, top - 0.026), (x + 0.02, top), (x - 0.02, top)], (0.4, 0.5, 0.56)
        )
    else:
        brush.oval(x, top - 0.03, 0.03, 0.03, (0.3, 0.22, 0.16))
        brush.oval(x, top - 0.03, 0.022, 0.022, (0.95, 0.94, 0.9))
        brush.lines(
            [(x, top - 0.03), (x, top - 0.046), (x, top - 0.03), (x + 0.01, top - 0.03)], 0.004, (0.1, 0.1, 0.1)
        )


def _drawers(stage: Stage, dice: Random) -> None:
    brush, foot = stage.brush, stage.view.back + 0.01
    wide, high = dice.uniform(0.18, 0.26), dice.uniform(0.13, 0.17)
    wood = dice.choice(((0.5, 0.34, 0.2), (0.72, 0.56, 0.38), (0.84, 0.83, 0.8), (0.36, 0.42, 0.46)))
    x = stage.spot(wide + 0.02, dice, wide / 2)
    if x is None:
        return
    left, right, top = x - wide / 2, x + wide / 2, foot - high
    brush.rect(left, top, right, foot, wood)
    brush.rect(left - 0.008, top - 0.008, right + 0.008, top + 0.008, shaded(wood, 0.85))
    for row in range(3):
        low = top + 0.014 + (high - 0.02) * row / 3
        brush.frame(left + 0.012, low, right - 0.012, low + (high - 0.04) / 3, 0.004, shaded(wood, 0.65))
        brush.line([(x - 0.016, low + high * 0.12), (x + 0.016, low + high * 0.12)], 0.008, shaded(wood, 0.5))
    if dice.random() < 0.6:
        pot(stage, x, top - 0.006, 0.055, dice)


def _plant(stage: Stage, dice: Random) -> None:
    x = stage.spot(0.1, dice, 0.06)
    if x is not None:
        pot(stage, x, stage.view.back + 0.02, dice.uniform(0.11, 0.15), dice)


def _picture(stage: Stage, dice: Random) -> None:
    """A frame on the wall with an abstract or a hilly picture."""
    brush, back = stage.brush, stage.view.back
    wide, high = dice.uniform(0.11, 0.19), dice.uniform(0.1, 0.15)
    frame, sky, hill = (
        dice.choice(((0.3, 0.2, 0.12), (0.12, 0.12, 0.13), (0.72, 0.6, 0.35))),
        tone(dice, (0, 360), (0.05, 0.3), (0.75, 0.95)),
        tone(dice, (0, 360), (0.2, 0.45), (0.4, 0.6)),
    )
    x = stage.spot(wide + 0.03, dice, wide / 2)
    if x is None:
        return
    stage.taken.pop()
    y = back - 0.37
    brush.rect(x - wide / 2, y, x + wide / 2, y + high, sky)
    brush.shape(
        [
            (x - wide / 2, y + high),
            (x - wide / 2, y + high * 0.6),
            (x - wide * 0.1, y + high * 0.35),
            (x + wide / 2, y + high * 0.75),
            (x + wide / 2, y + high),
        ],
        hill,
    )
    brush.frame(x - wide / 2, y, x + wide / 2, y + high, 0.012, frame)
