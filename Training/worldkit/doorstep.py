"""A doorstep: the front of a house with its door, and the path to it."""

from .brush import across, mix, shaded
from .fixtures import door, wall_lamp, window
from .materials import WALLS, blades, ground, planks_away, speckle, strip_away, wall, wall_colour
from .plants import bush, fence, pot, treeline
from .stage import Stage

DOOR_WIDE, DOOR_HIGH = 0.2, 0.4


def draw_doorstep(stage: Stage) -> None:
    brush, back = stage.brush, stage.view.back
    aspect, snow = stage.scene.aspect, stage.scene.weather == "snow"
    dice = stage.dice("house")
    material = dice.choice(WALLS)
    colour = wall_colour(material, dice)
    eaves = back - DOOR_HIGH - dice.uniform(0.07, 0.1)
    door_x = stage.opening_x
    corner = _corner(stage)
    left, right = (
        (corner, stage.right) if corner is not None and corner < aspect / 2 else (stage.left, corner or stage.right)
    )
    if corner is not None:
        treeline(stage, back, 0.16, stage.dice("trees"), 6)
        _side_fence(stage, left, right)
    _front_ground(stage)
    wall(brush, (left, eaves, right, back), material, colour, stage.dice("bricks"))
    if dice.random() < 0.4:
        brush.rect(left, back - dice.uniform(0.06, 0.12), right, back, shaded(colour, 0.7))
    _roof(stage, left, right, eaves, snow)
    if door_x is not None:
        stage.take(door_x, DOOR_WIDE + 0.1)
        _path(stage, door_x)
        _porch(stage, door_x, eaves)
        door(stage, door_x, back, DOOR_WIDE, DOOR_HIGH, inside=False)
        _step(stage, door_x, snow)
    _windows(stage, left, right, eaves)
    _lamp(stage, left, right, door_x)
    _pots(stage, left, right, snow)


def _corner(stage: Stage) -> float | None:
    """Where the house ends within the picture, if it does: never at the door."""
    dice, aspect = stage.dice("corner"), stage.scene.aspect
    x = stage.opening_x
    if dice.random() < 0.4:
        return None
    on_right = dice.random() < 0.5
    if x is not None and 0 < x < aspect:
        on_right = x < aspect / 2
    wide = dice.uniform(0.14, 0.26)
    if x is not None:
        wide = min(wide, (aspect - x if on_right else x) - DOOR_WIDE * 0.75)
    if wide < 0.06:
        return None
    return aspect - wide if on_right else wide


def _side_fence(stage: Stage, left: float, right: float) -> None:
    dice = stage.dice("side fence")
    style = dice.choice(("hedge", "boards", "pickets", "brick"))
    colour = {
        "hedge": (0.22, 0.38, 0.18),
        "boards": (0.5, 0.36, 0.24),
        "pickets": (0.9, 0.9, 0.88),
        "brick": (0.58, 0.38, 0.3),
    }[style]
    spans = ((stage.left, left), (right, stage.right))
    for start, end in spans:
        if end - start > 0.02:
            fence(stage, start, end, stage.view.back, dice.uniform(0.13, 0.18), style, colour, dice)


def _front_ground(stage: Stage) -> None:
    back, dice = stage.view.back, stage.dice("front ground")
    kind = dice.choice(("grass", "paving", "gravel", "deck", "concrete"))
    colour = {
        "grass": (0.34, 0.5, 0.24),
        "paving": (0.62, 0.6, 0.56),
        "gravel": (0.66, 0.61, 0.53),
        "deck": (0.55, 0.42, 0.3),
        "concrete": (0.6, 0.6, 0.59),
    }[kind]
    colour = shaded(colour, dice.uniform(0.88, 1.05))
    if stage.scene.weather == "snow":
        ground(stage, back, (0.92, 0.94, 0.97))
        speckle(stage, back, (0.8, 0.84, 0.9), dice, 60)
        return
    if stage.scene.weather == "rain":
        colour = shaded(colour, 0.78)
    ground(stage, back, colour)
    if kind == "grass":
        blades(stage, back, shaded(colour, 0.75), dice)
    elif kind == "gravel":
        speckle(stage, back, shaded(colour, 0.7), dice, 130)
        speckle(stage, back, shaded(colour, 1.2), dice, 90)
    elif kind == "concrete":
        speckle(stage, back, shaded(colour, 0.85), dice, 70)
    else:
        planks_away(stage, back, shaded(colour, 0.72), 0.085 if kind == "deck" else 0.2, across_too=kind == "paving")


def _path(stage: Stage, x: float) -> None:
    view, back, dice = stage.view, stage.view.back, stage.dice("path")
    colour = dice.choice(((0.68, 0.66, 0.62), (0.58, 0.42, 0.36), (0.5, 0.5, 0.52), (0.76, 0.7, 0.6)))
    if stage.scene.weather == "snow":
        colour = mix(colour, (0.92, 0.94, 0.97), 0.72)
    elif stage.scene.weather == "rain":
        colour = shaded(colour, 0.8)
    near = view.vanishing_x + (x - view.vanishing_x) / view.size(1.07)
    half = dice.uniform(0.2, 0.27)
    strip_away(stage, back, near - half, near + half, colour)
    size, ends = view.size(1.07), []
    while size < 1.5:
        y = view.horizon + (view.near - view.horizon) * size
        ends += [(view.along(near - half, y), y), (view.along(near + half, y), y)]
        size *= 1.16
    stage.brush.lines(ends, 0.004, shaded(colour, 0.78), 0.8)


def _step(stage: Stage, x: float, snow: bool) -> None:
    brush, back, dice = stage.brush, stage.view.back, stage.dice("step")
    stone = (0.93, 0.95, 0.98) if snow else shaded((0.7, 0.69, 0.66), dice.uniform(0.8, 1.1))
    half = DOOR_WIDE / 2 + 0.05
    brush.shape(
        [(x - half, back), (x + half, back), (x + half + 0.015, back + 0.03), (x - half - 0.015, back + 0.03)],
        shaded(stone, 1.05),
    )
    brush.rect(x - half - 0.015, back + 0.03, x + half + 0.015, back + 0.05, shaded(stone, 0.7))
    mat = dice.choice(((0.35, 0.26, 0.17), (0.2, 0.2, 0.21), (0.45, 0.37, 0.26)))
    y = back + 0.068
    brush.shape([(x - 0.075, y), (x + 0.075, y), (x + 0.085, y + 0.032), (x - 0.085, y + 0.032)], mat)


def _porch(stage: Stage, x: float, eaves: float) -> None:
    brush, back, dice = stage.brush, stage.view.back, stage.dice("porch")
    style = dice.choice(("none", "canopy", "gable", "none"))
    colour = dice.choice(((0.9, 0.9, 0.88), (0.3, 0.3, 0.32), (0.45, 0.3, 0.2)))
    y = back - DOOR_HIGH - 0.022
    if style == "canopy":
        brush.shape([(x - 0.14, y), (x + 0.14, y), (x + 0.165, y + 0.022), (x - 0.165, y + 0.022)], colour)
    elif style == "gable":
        brush.shape([(x - 0.16, y), (x, y - 0.075), (x + 0.16, y)], colour)
        brush.shape([(x - 0.115, y - 0.008), (x, y - 0.056), (x + 0.115, y - 0.008)], shaded(colour, 0.75))
    if style == "none" and dice.random() < 0.6:
        brush.rect(x - 0.02, y + 0.0, x + 0.02, y - 0.02, (0.95, 0.95, 0.93))


def _roof(stage: Stage, left: float, right: float, eaves: float, snow: bool) -> None:
    brush, dice = stage.brush, stage.dice("roof")
    tiles = dice.choice(((0.38, 0.2, 0.17), (0.28, 0.29, 0.32), (0.45, 0.3, 0.22)))
    edge_left = left - 0.03 if left > stage.left else left
    edge_right = right + 0.03 if right < stage.right else right
    top = eaves - dice.uniform(0.025, 0.05)
    brush.rect(edge_left, top, edge_right, eaves, (0.93, 0.95, 0.98) if snow else tiles)
    brush.rect(
        edge_left,
        eaves - 0.008,
        edge_right,
        eaves + 0.014,
        (0.86, 0.86, 0.84) if dice.random() < 0.5 else (0.25, 0.25, 0.26),
    )
    brush.rect(
        edge_left,
        eaves + 0.014,
        edge_right,
        eaves + 0.03,
        across((0, eaves), (0, eaves + 0.03), (0.2, 0.2, 0.2), (0.4, 0.4, 0.4)),
        0.35,
    )


def _windows(stage: Stage, left: float, right: float, eaves: float) -> None:
    back, dice = stage.view.back, stage.dice("windows")
    wide, high = dice.uniform(0.17, 0.25), dice.uniform(0.17, 0.22)
    lit_too = dice.random() < 0.5
    top = max(eaves + 0.05, back - DOOR_HIGH + 0.01)
    stage.taken += [(stage.left - 1, left), (right, stage.right + 1)]
    boxes = dice.random() < 0.4
    for _ in range(2 if stage.scene.aspect < 1.3 else 4):
        x = stage.spot(wide + 0.05, dice)
        if x is not None:
            window(stage, x, top, wide, high, stage.dice("window frame"), lit=stage.scene.is_lit and lit_too)
            if boxes:
                bush(stage, x, top + high + 0.025, wide, 0.045, stage.dice("window box"), flowers=True)


def _lamp(stage: Stage, left: float, right: float, door_x: float | None) -> None:
    """Beside the door; where the picture lacks the door, elsewhere on the wall."""
    back, dice, aspect = stage.view.back, stage.dice("lamp side"), stage.scene.aspect
    y = back - DOOR_HIGH * 0.86
    low, high = max(left, 0.0) + 0.05, min(right, aspect) - 0.05
    spots = [door_x + side * (DOOR_WIDE / 2 + 0.06) for side in dice.sample((-1, 1), 2)] if door_x is not None else []
    inside = [x for x in spots if low < x < high] or [low + (high - low) * dice.uniform(0.2, 0.8)]
    wall_lamp(stage, inside[0], y, 0.62, back + 0.1)
    if aspect > 1.3:
        far = high - 0.12 if inside[0] < aspect / 2 else low + 0.12
        wall_lamp(stage, far, y, 0.5, back + 0.1)


def _pots(stage: Stage, left: float, right: float, snow: bool) -> None:
    dice, back = stage.dice("pots"), stage.view.back
    stage.taken = [(a, b) for a, b in stage.taken if b - a < DOOR_WIDE + 0.12 and b - a > DOOR_WIDE + 0.08]
    for _ in range(dice.choice((1, 2, 3)) + (2 if stage.scene.aspect > 1.3 else 0)):
        x = stage.spot(0.1, dice)
        if x is not None and left + 0.05 < x < right - 0.05:
            if dice.random() < 0.3:
                bush(stage, x, back + 0.015, 0.12, 0.1, dice, flowers=not snow)
            else:
                pot(stage, x, back + 0.03, dice.uniform(0.075, 0.105), dice)
