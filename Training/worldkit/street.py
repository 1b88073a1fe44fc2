"""A street: houses, a pavement with lamps, and the road before them, seen across."""

from random import Random

from .brush import across, mix, shaded
from .fixtures import post_lamp, window
from .materials import ground, speckle, wall, wall_colour
from .plants import bush, fence, tree, treeline
from .shades import tone
from .stage import Stage

_SNOW = (0.93, 0.95, 0.98)


def draw_street(stage: Stage) -> None:
    dice, back = stage.dice("kind"), stage.view.back
    style = dice.choice(("terrace", "detached", "shops", "flats", "park"))
    built_up_to = back - 0.045
    {"terrace": _terrace, "detached": _detached, "shops": _shops, "flats": _flats, "park": _park}[style](
        stage, built_up_to
    )
    _road(stage)
    lamps = stage.dice("lamps")
    step = lamps.uniform(0.62, 0.8)
    x = lamps.uniform(0.14, 0.3)
    while x < stage.scene.aspect - 0.05:
        post_lamp(stage, x, back - 0.012, back - 0.14, arm=0.07, reach=0.62, size=0.028)
        x += step


def _road(stage: Stage) -> None:
    brush, view, back, scene = stage.brush, stage.view, stage.view.back, stage.scene
    dice = stage.dice("road")
    tar = shaded((0.36, 0.37, 0.39), dice.uniform(0.85, 1.15))
    slab = shaded((0.66, 0.64, 0.61), dice.uniform(0.88, 1.08))
    if scene.weather == "snow":
        tar, slab = mix(tar, _SNOW, 0.78), _SNOW
    elif scene.weather == "rain":
        tar, slab = shaded(tar, 0.72), shaded(slab, 0.75)
    kerb = back + 0.012
    ground(stage, back - 0.05, slab)
    seams = [
        p
        for i in range(26)
        for p in ((view.along(-2 + i * 0.28, back - 0.045), back - 0.045), (view.along(-2 + i * 0.28, kerb), kerb))
    ]
    brush.lines(seams, 0.003, shaded(slab, 0.8))
    brush.rect(
        stage.left, kerb, stage.right, stage.bottom, across((0, kerb), (0, 1), shaded(tar, 1.12), shaded(tar, 0.9))
    )
    brush.rect(stage.left, kerb - 0.004, stage.right, kerb + 0.012, shaded(slab, 0.78))
    speckle(stage, kerb, shaded(tar, 1.2), dice, 70, alpha=0.35)
    near = view.foot(-0.02) - 0.005
    middle = view.foot(0.45)
    paint, strength = (0.92, 0.91, 0.86), 0.25 if scene.weather == "snow" else 0.9
    marks = dice.choice(("dashes", "dashes", "double"))
    if marks == "dashes":
        for i in range(-3, 9):
            x = view.vanishing_x + (i - 2.5) * 0.34
            brush.shape(
                [(x, middle), (x + 0.17, middle), (x + 0.172, middle + 0.014), (x - 0.002, middle + 0.014)],
                paint,
                strength,
            )
    else:
        for y in (middle - 0.01, middle + 0.012):
            brush.rect(stage.left, y, stage.right, y + 0.008, paint, strength)
    if dice.random() < 0.4:
        brush.rect(stage.left, kerb + 0.02, stage.right, kerb + 0.027, (0.9, 0.8, 0.3), strength)
    if dice.random() < 0.6:
        brush.rect(stage.left, near, stage.right, stage.bottom, shaded(slab, 0.95))
        brush.rect(stage.left, near - 0.004, stage.right, near + 0.018, shaded(slab, 0.75))
    if scene.weather == "snow":
        for y in (view.foot(0.25), view.foot(0.32), view.foot(0.62), view.foot(0.68)):
            brush.rect(stage.left, y, stage.right, y + 0.012, (0.62, 0.64, 0.68), 0.6)
    if dice.random() < 0.5 and scene.weather != "snow":
        x, y = dice.uniform(0.2, 0.8) * scene.aspect, view.foot(0.3)
        brush.oval(x, y, 0.045, 0.016, shaded(tar, 0.65))


def _roof_colour(stage: Stage, dice: Random):
    if stage.scene.weather == "snow":
        return _SNOW
    return dice.choice(((0.38, 0.21, 0.18), (0.29, 0.3, 0.33), (0.44, 0.31, 0.25)))


def _front_door(stage: Stage, x: float, foot: float, high: float, dice: Random) -> None:
    """Shut, small and dull: a street's doors say nothing."""
    colour = dice.choice(((0.3, 0.2, 0.17), (0.2, 0.24, 0.28), (0.24, 0.3, 0.27), (0.36, 0.34, 0.32)))
    stage.brush.rect(x - high * 0.27, foot - high * 1.06, x + high * 0.27, foot, (0.84, 0.84, 0.82))
    stage.brush.rect(x - high * 0.22, foot - high, x + high * 0.22, foot, colour)


def _lit(stage: Stage, dice: Random) -> bool:
    return dice.random() < 0.45 and stage.scene.is_lit and stage.scene.light != "day"


def _terrace(stage: Stage, foot: float) -> None:
    brush, dice = stage.brush, stage.dice("terrace")
    material = dice.choice(("brick", "brick", "render", "stone"))
    eaves, house = foot - dice.uniform(0.3, 0.36), dice.uniform(0.27, 0.34)
    x = stage.left - dice.uniform(0, 0.2)
    shared = wall_colour(material, dice)
    roof = _roof_colour(stage, dice)
    brush.shape(
        [(stage.left, eaves), (stage.left, eaves - 0.1), (stage.right, eaves - 0.1), (stage.right, eaves)], roof
    )
    while x < stage.right:
        colour = shared if dice.random() < 0.6 else wall_colour(material, dice)
        wall(brush, (x, eaves, x + house, foot), material, colour, dice, 0.03)
        frames = stage.dice(f"frames {round(x * 10)}")
        for column in (0.28, 0.74):
            window(stage, x + house * column, eaves + 0.035, house * 0.26, 0.085, frames, _lit(stage, dice))
        window(stage, x + house * 0.7, foot - 0.15, house * 0.34, 0.1, frames, _lit(stage, dice))
        _front_door(stage, x + house * 0.26, foot, 0.15, dice)
        brush.rect(x + house - 0.035, eaves - 0.15, x + house + 0.02, eaves - 0.085, shaded(colour, 0.8))
        x += house
    brush.rect(stage.left, eaves - 0.008, stage.right, eaves + 0.008, (0.25, 0.25, 0.27))


def _detached(stage: Stage, foot: float) -> None:
    brush, dice = stage.brush, stage.dice("detached")
    treeline(stage, foot, 0.2, stage.dice("far trees"))
    ground(stage, foot - 0.05, _SNOW if stage.scene.weather == "snow" else (0.36, 0.5, 0.26))
    x = stage.left + dice.uniform(-0.05, 0.15)
    while x < stage.right:
        house, high = dice.uniform(0.34, 0.46), dice.uniform(0.15, 0.26)
        material = dice.choice(("brick", "render", "boards"))
        wall(brush, (x, foot - high, x + house, foot - 0.01), material, wall_colour(material, dice), dice, 0.03)
        roof = _roof_colour(stage, dice)
        peak = foot - high - dice.uniform(0.1, 0.15)
        if dice.random() < 0.5:
            brush.shape([(x - 0.025, foot - high), (x + house / 2, peak), (x + house + 0.025, foot - high)], roof)
        else:
            brush.shape(
                [
                    (x - 0.025, foot - high),
                    (x + 0.05, peak),
                    (x + house - 0.05, peak),
                    (x + house + 0.025, foot - high),
                ],
                roof,
            )
        frames = stage.dice(f"frames {round(x * 10)}")
        for column in (0.2, 0.8):
            window(stage, x + house * column, foot - 0.125, house * 0.24, 0.07, frames, _lit(stage, dice))
            if high > 0.22:
                window(stage, x + house * column, foot - high + 0.025, house * 0.24, 0.07, frames, _lit(stage, dice))
        _front_door(stage, x + house * 0.5, foot - 0.01, 0.12, dice)
        gap = dice.uniform(0.1, 0.22)
        tree(stage, x + house + gap / 2, foot, dice.uniform(0.22, 0.34), dice)
        x += house + gap
    style = dice.choice(("pickets", "hedge", "brick", "railings"))
    colour = {
        "pickets": (0.9, 0.9, 0.88),
        "hedge": (0.22, 0.37, 0.18),
        "brick": (0.58, 0.4, 0.33),
        "railings": (0.18, 0.19, 0.2),
    }[style]
    fence(stage, stage.left, stage.right, foot + 0.006, 0.055, style, colour, stage.dice("front fence"))


def _shops(stage: Stage, foot: float) -> None:
    brush, dice = stage.brush, stage.dice("shops")
    x = stage.left - dice.uniform(0, 0.2)
    while x < stage.right:
        wide, top = dice.uniform(0.3, 0.42), foot - dice.uniform(0.36, 0.46)
        material = dice.choice(("brick", "render", "stone"))
        colour = wall_colour(material, dice)
        wall(brush, (x, top, x + wide, foot), material, colour, dice, 0.03)
        brush.rect(
            x, top - 0.012, x + wide, top + 0.01, _SNOW if stage.scene.weather == "snow" else shaded(colour, 0.7)
        )
        frames = stage.dice(f"frames {round(x * 10)}")
        for column in (0.22, 0.5, 0.78):
            window(stage, x + wide * column, top + 0.045, wide * 0.17, 0.085, frames, _lit(stage, dice))
        front = tone(dice, (0, 360), (0.2, 0.5), (0.25, 0.5))
        brush.rect(x + 0.012, foot - 0.19, x + wide - 0.012, foot, front)
        window(stage, x + wide * 0.38, foot - 0.14, wide * 0.5, 0.115, frames, _lit(stage, dice))
        _front_door(stage, x + wide * 0.82, foot, 0.14, dice)
        if dice.random() < 0.6:
            cloth = tone(dice, (0, 360), (0.25, 0.55), (0.45, 0.75))
            stripes = 8
            for i in range(stripes):
                a, b = x + 0.02 + (wide - 0.04) * i / stripes, x + 0.02 + (wide - 0.04) * (i + 1) / stripes
                brush.shape(
                    [(a, foot - 0.2), (b, foot - 0.2), (b + 0.004, foot - 0.15), (a - 0.004, foot - 0.15)],
                    cloth if i % 2 else (0.9, 0.89, 0.86),
                )
        else:
            brush.rect(x + 0.02, foot - 0.2, x + wide - 0.02, foot - 0.165, shaded(front, 0.7))
            brush.lines(
                [(x + wide * 0.25, foot - 0.182), (x + wide * 0.75, foot - 0.182)], 0.012, (0.85, 0.83, 0.75), 0.8
            )
        x += wide


def _flats(stage: Stage, foot: float) -> None:
    brush, dice = stage.brush, stage.dice("flats")
    x = stage.left - dice.uniform(0, 0.2)
    while x < stage.right:
        wide, top = dice.uniform(0.45, 0.65), foot - dice.uniform(0.42, 0.52)
        material = dice.choice(("render", "brick", "boards"))
        colour = wall_colour(material, dice)
        wall(brush, (x, top, x + wide, foot), material, colour, dice, 0.035)
        frames = stage.dice(f"frames {round(x * 10)}")
        columns, rows = dice.choice((3, 4)), 3
        for row in range(rows):
            for column in range(columns):
                middle, y = x + wide * (column + 0.5) / columns, foot - 0.07 - (rows - row) * 0.115
                window(stage, middle, y, wide / columns * 0.55, 0.07, frames, _lit(stage, dice))
                if dice.random() < 0.25:
                    brush.rect(
                        middle - wide / columns * 0.38,
                        y + 0.05,
                        middle + wide / columns * 0.38,
                        y + 0.09,
                        shaded(colour, 0.78),
                    )
        _front_door(stage, x + wide * dice.choice((0.25, 0.5, 0.75)), foot, 0.12, dice)
        if dice.random() < 0.5:
            tree(stage, x + wide + 0.04, foot, dice.uniform(0.25, 0.36), dice)
            x += 0.09
        x += wide


def _park(stage: Stage, foot: float) -> None:
    dice = stage.dice("park")
    treeline(stage, foot - 0.03, 0.22, stage.dice("far trees"), 8)
    ground(stage, foot - 0.06, _SNOW if stage.scene.weather == "snow" else (0.38, 0.53, 0.27))
    x = stage.left + 0.1
    while x < stage.right:
        tree(stage, x, foot - dice.uniform(0.0, 0.035), dice.uniform(0.28, 0.42), dice)
        if dice.random() < 0.5:
            bush(stage, x + 0.12, foot, 0.14, 0.08, dice, flowers=True)
        x += dice.uniform(0.18, 0.34)
    style = dice.choice(("railings", "hedge", "stone"))
    colour = {"railings": (0.16, 0.18, 0.18), "hedge": (0.2, 0.36, 0.17), "stone": (0.6, 0.57, 0.52)}[style]
    fence(stage, stage.left, stage.right, foot + 0.006, 0.09, style, colour, stage.dice("front fence"))
