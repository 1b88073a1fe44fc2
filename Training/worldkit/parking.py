"""A parking lot: asphalt with painted bays, a fence at the back, and a gate in it."""

from .brush import across, mix, shaded
from .fixtures import post_lamp
from .materials import speckle, wall, wall_colour
from .plants import fence, tree, treeline
from .stage import Stage

GATE_WIDE = 0.32
_SNOW = (0.93, 0.95, 0.98)


def draw_parking_lot(stage: Stage) -> None:
    brush, back, scene = stage.brush, stage.view.back, stage.scene
    dice = stage.dice("lot")
    _behind(stage)
    tar = shaded((0.4, 0.41, 0.42), dice.uniform(0.8, 1.2))
    if scene.weather == "snow":
        tar = mix(tar, _SNOW, 0.84)
    elif scene.weather == "rain":
        tar = shaded(tar, 0.72)
    brush.rect(
        stage.left,
        back - 0.012,
        stage.right,
        stage.bottom,
        across((0, back), (0, 1), shaded(tar, 1.12), shaded(tar, 0.88)),
    )
    speckle(stage, back, shaded(tar, 1.2), dice, 60, alpha=0.4)
    _bays(stage)
    _fence_and_gate(stage)
    lamps = stage.dice("lamps")
    stage_lamps = 1 if scene.aspect < 1.3 else 2
    for i in range(stage_lamps):
        low, high = i / stage_lamps, (i + 1) / stage_lamps
        x = scene.aspect * lamps.uniform(low + 0.12 / stage_lamps, high - 0.12 / stage_lamps)
        if stage.opening_x is not None and abs(x - stage.opening_x) < GATE_WIDE / 2 + 0.03:
            x = stage.opening_x + (GATE_WIDE / 2 + 0.06) * (1 if stage.opening_x < scene.aspect * 0.5 else -1)
        post_lamp(stage, x, back, back - 0.12, arm=lamps.choice((0.06, 0.08)), heads=2, reach=0.66, size=0.028)


def _bays(stage: Stage) -> None:
    """White lines that run away from the camera, in one row or two."""
    brush, view, dice = stage.brush, stage.view, stage.dice("bays")
    strength = 0.3 if stage.scene.weather == "snow" else 0.9
    paint = dice.choice(((0.93, 0.93, 0.9), (0.93, 0.93, 0.9), (0.93, 0.84, 0.45)))
    step = dice.uniform(0.36, 0.5)
    slant = dice.choice((0.0, 0.0, 0.18, -0.18))
    rows = dice.choice((((1.02, 0.5),), ((1.02, 0.62), (0.3, -0.25)), ((0.75, 0.1),)))
    for far, near in rows:
        top, bottom = view.foot(far), view.foot(near)
        for i in range(-8, 10):
            x = view.vanishing_x + (i + 0.5) * step
            a, b = view.along(x + slant, top), view.along(x, bottom)
            thick_top, thick_bottom = 0.011 * view.size(far), 0.011 * view.size(near)
            brush.shape(
                [(a - thick_top, top), (a + thick_top, top), (b + thick_bottom, bottom), (b - thick_bottom, bottom)],
                paint,
                strength,
            )
        if dice.random() < 0.5:
            brush.rect(stage.left, top - 0.004, stage.right, top + 0.004, paint, strength)
    if dice.random() < 0.5:
        x, y = view.vanishing_x + dice.uniform(-0.25, 0.25), view.foot(0.38)
        brush.shape(
            [
                (x - 0.09, y - 0.008),
                (x + 0.03, y - 0.008),
                (x + 0.03, y - 0.022),
                (x + 0.09, y),
                (x + 0.03, y + 0.022),
                (x + 0.03, y + 0.008),
                (x - 0.09, y + 0.008),
            ],
            paint,
            strength * 0.9,
        )


def _behind(stage: Stage) -> None:
    """Trees, an office or a hall beyond the fence."""
    brush, back, dice = stage.brush, stage.view.back, stage.dice("behind")
    kind = dice.choice(("trees", "office", "hall", "trees and hall"))
    if "trees" in kind:
        treeline(stage, back, 0.24, stage.dice("trees"), 7)
    if kind == "office":
        left, top = dice.uniform(-0.1, 0.25) * stage.scene.aspect, back - dice.uniform(0.36, 0.46)
        right = left + dice.uniform(0.6, 0.9) * stage.scene.aspect
        wall(brush, (left, top, right, back), "render", wall_colour("render", dice), dice)
        for row in range(3):
            brush.rect(left + 0.03, top + 0.04 + row * 0.11, right - 0.03, top + 0.095 + row * 0.11, (0.3, 0.38, 0.44))
            count = int((right - left) / 0.09)
            brush.lines(
                [
                    p
                    for i in range(1, count)
                    for p in ((left + i * 0.09, top + 0.04 + row * 0.11), (left + i * 0.09, top + 0.095 + row * 0.11))
                ],
                0.008,
                (0.8, 0.8, 0.8),
            )
    elif "hall" in kind:
        left, top = dice.uniform(0.0, 0.3) * stage.scene.aspect, back - dice.uniform(0.25, 0.33)
        right = left + dice.uniform(0.5, 0.8) * stage.scene.aspect
        colour = wall_colour("boards", dice)
        wall(brush, (left, top, right, back), "render", colour, dice)
        ribs = int((right - left) / 0.025)
        brush.lines(
            [p for i in range(ribs) for p in ((left + i * 0.025, top), (left + i * 0.025, back))],
            0.003,
            shaded(colour, 0.8),
        )
        brush.rect(
            left - 0.01, top - 0.03, right + 0.01, top, _SNOW if stage.scene.weather == "snow" else shaded(colour, 0.65)
        )
    if kind == "office" and dice.random() < 0.6:
        tree(stage, dice.uniform(0.1, 0.9) * stage.scene.aspect, back, 0.3, dice)


def _fence_and_gate(stage: Stage) -> None:
    back, dice, x = stage.view.back, stage.dice("fence"), stage.opening_x
    style = dice.choice(("mesh", "railings", "boards", "hedge", "brick"))
    colour = {
        "mesh": (0.5, 0.54, 0.54),
        "railings": (0.3, 0.36, 0.34),
        "boards": (0.48, 0.4, 0.33),
        "hedge": (0.2, 0.35, 0.17),
        "brick": (0.56, 0.4, 0.34),
    }[style]
    high = dice.uniform(0.13, 0.18)
    if x is None:
        fence(stage, stage.left, stage.right, back, high, style, colour, stage.dice("slats"))
        return
    left, right = x - GATE_WIDE / 2, x + GATE_WIDE / 2
    fence(stage, stage.left, left, back, high, style, colour, stage.dice("slats"))
    fence(stage, right, stage.right, back, high, style, colour, stage.dice("slats right"))
    _drive_out(stage, left, right, back)
    if stage.dice("gate kind").random() < 0.5:
        _swing_gate(stage, left, right, back, high)
    else:
        _boom(stage, left, right, back)


def _drive_out(stage: Stage, left: float, right: float, back: float) -> None:
    """The road that leads out, seen through the gateway."""
    brush, view = stage.brush, stage.view
    tar = (0.9, 0.92, 0.95) if stage.scene.weather == "snow" else (0.5, 0.5, 0.5)
    top = back - 0.09
    brush.rect(left, top, right, back, (0.9, 0.92, 0.95) if stage.scene.weather == "snow" else (0.4, 0.5, 0.3))
    middle = (left + right) / 2
    aside = (view.vanishing_x - middle) * 0.25
    brush.shape([(left, back), (right, back), (middle + aside + 0.06, top), (middle + aside - 0.06, top)], tar)
    for side in (left, right):
        brush.rect(side - 0.014, back - 0.2, side + 0.014, back, (0.6, 0.6, 0.58))
        brush.rect(side - 0.018, back - 0.212, side + 0.018, back - 0.198, (0.45, 0.45, 0.44))


def _swing_gate(stage: Stage, left: float, right: float, back: float, high: float) -> None:
    """Two leaves of bars; open, both stand swung towards the camera."""
    brush, dice = stage.brush, stage.dice("gate")
    colour = dice.choice(((0.14, 0.15, 0.16), (0.75, 0.76, 0.77), (0.16, 0.3, 0.24), (0.2, 0.25, 0.4)))
    top = back - max(high, 0.16) - 0.02
    stage.opening = (left, top, right, back)
    middle = (left + right) / 2
    for hinge, end in ((left, middle - 0.004), (right, middle + 0.004)):
        rise, drop = 0.0, 0.0
        if stage.scene.is_open:
            end = hinge + (hinge - middle) * 0.34
            rise, drop = 0.03, 0.06
        bars = []
        for i in range(9):
            share = i / 8
            x = hinge + (end - hinge) * share
            bars += [(x, top - rise * share), (x, back + drop * share - 0.006)]
        brush.lines(bars, 0.007, colour)
        (x0, t0, b0), (x1, t1, b1) = (hinge, top, back), (end, top - rise, back + drop)
        for share in (0.02, 0.5, 0.97):
            brush.line([(x0, t0 + (b0 - t0) * share), (x1, t1 + (b1 - t1) * share)], 0.013, colour)
        brush.line([(x1, t1), (x1, b1)], 0.013, colour)


def _boom(stage: Stage, left: float, right: float, back: float) -> None:
    """A striped pole: across the drive when shut, steeply up when open."""
    brush, dice = stage.brush, stage.dice("gate")
    stripe = dice.choice(((0.82, 0.1, 0.08), (0.82, 0.1, 0.08), (0.9, 0.72, 0.08)))
    pivot, tip = (left + 0.012, right) if dice.random() < 0.5 else (right - 0.012, left)
    stage.opening = (left, back - 0.3 if stage.scene.is_open else back - 0.16, right, back)
    way = 1 if tip > pivot else -1
    length, y = abs(tip - pivot), back - 0.1
    brush.rect(pivot - 0.03, back - 0.14, pivot + 0.03, back + 0.01, (0.88, 0.86, 0.8))
    brush.rect(pivot - 0.03, back - 0.14, pivot + 0.03, back - 0.115, stripe)
    if stage.scene.is_open:
        ux, uy = way * 0.2, -0.98
    else:
        ux, uy = way * 1.0, 0.0
    count = 8
    for i in range(count):
        a, b = i / count * length, (i + 1) / count * length
        brush.line(
            [(pivot + ux * a, y + uy * a), (pivot + ux * b, y + uy * b)],
            0.024,
            stripe if i % 2 else (0.96, 0.96, 0.95),
            round_ends=False,
        )
    if not stage.scene.is_open:
        brush.rect(tip - way * 0.016 - 0.008, y, tip - way * 0.016 + 0.008, back, (0.7, 0.7, 0.7))
