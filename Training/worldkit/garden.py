"""A garden: a lawn with beds and trees, a fence round it, and a gate in the fence."""

from random import Random

from .brush import across, mix, shaded
from .fixtures import post_lamp
from .materials import blades, ground, speckle, strip_away
from .plants import bush, fence, pot, tree, treeline
from .shades import tone
from .stage import Stage

GATE_WIDE = 0.22
_SNOW = (0.93, 0.95, 0.98)
_STYLES = {
    "boards": (0.56, 0.41, 0.28),
    "pickets": (0.92, 0.92, 0.9),
    "hedge": (0.2, 0.36, 0.17),
    "brick": (0.6, 0.4, 0.33),
    "stone": (0.6, 0.57, 0.52),
}


def draw_garden(stage: Stage) -> None:
    back, scene = stage.view.back, stage.scene
    dice = stage.dice("layout")
    if dice.random() < 0.8:
        treeline(stage, back - 0.04, dice.uniform(0.2, 0.34), stage.dice("far trees"))
    trees = stage.dice("trees")
    for _ in range(trees.choice((1, 2, 3)) + (1 if scene.aspect > 1.3 else 0)):
        tree(stage, trees.uniform(0, scene.aspect), back - 0.02, trees.uniform(0.34, 0.46), trees)
    _lawn(stage)
    style = dice.choice(tuple(_STYLES))
    colour = shaded(_STYLES[style], dice.uniform(0.85, 1.06))
    high = dice.uniform(0.17, 0.24)
    x = stage.opening_x
    if x is None:
        fence(stage, stage.left, stage.right, back, high, style, colour, stage.dice("slats"))
    else:
        stage.take(x, GATE_WIDE + 0.16)
        fence(stage, stage.left, x - GATE_WIDE / 2, back, high, style, colour, stage.dice("slats"))
        fence(stage, x + GATE_WIDE / 2, stage.right, back, high, style, colour, stage.dice("slats right"))
        _gate(stage, x, back, high, style)
    _lantern(stage, back)
    if dice.random() < 0.55:
        _shed(stage, back, stage.dice("shed"))
    _beds(stage, back)


def _lawn(stage: Stage) -> None:
    back, dice, weather = stage.view.back, stage.dice("lawn"), stage.scene.weather
    green = tone(dice, (80, 105), (0.42, 0.58), (0.44, 0.56))
    if weather == "snow":
        ground(stage, back - 0.02, _SNOW)
        speckle(stage, back, (0.8, 0.84, 0.9), dice, 60)
        blades(stage, back, (0.45, 0.52, 0.4), dice, 24)
        return
    if weather == "rain":
        green = shaded(green, 0.78)
    ground(stage, back - 0.02, green)
    looks = dice.choice(("stripes", "plain", "stones", "path"))
    if looks == "stripes":
        for i in range(-5, 6, 2):
            strip_away(
                stage,
                back,
                stage.view.vanishing_x + i * 0.3,
                stage.view.vanishing_x + (i + 1) * 0.3,
                shaded(green, 1.08),
            )
    blades(stage, back, shaded(green, 0.72), dice, 130)
    stone = (0.66, 0.64, 0.6)
    near = stage.view.vanishing_x + dice.uniform(-0.3, 0.3)
    if looks == "path":
        strip_away(
            stage,
            back,
            near - 0.14,
            near + 0.14,
            shaded((0.74, 0.66, 0.54), 0.95 if weather == "clear" else 0.8),
            dice.uniform(-0.1, 0.1),
        )
    elif looks == "stones":
        for i in range(6):
            depth = 0.95 - i * 0.22
            y, size = stage.view.foot(depth), stage.view.size(depth)
            stage.brush.oval(
                stage.view.along(near + dice.uniform(-0.05, 0.05), y),
                y,
                0.09 * size,
                0.028 * size,
                shaded(stone, 0.9 if weather == "rain" else 1.0),
            )


def _gate(stage: Stage, x: float, back: float, high: float, style: str) -> None:
    brush, dice = stage.brush, stage.dice("gate")
    left, right, top = x - GATE_WIDE / 2, x + GATE_WIDE / 2, back - high * 0.98
    wood = dice.choice(((0.3, 0.2, 0.13), (0.62, 0.42, 0.24), (0.2, 0.33, 0.27), (0.25, 0.3, 0.38)))
    if style == "pickets":
        wood = shaded(wood, 0.95)
    posts = (0.85, 0.84, 0.8) if dice.random() < 0.4 and style != "pickets" else (0.42, 0.38, 0.34)
    stage.opening = (left, top, right, back)
    _beyond(stage, left, right, top, back)
    for side in (left, right):
        brush.rect(side - 0.016, top - 0.035, side + 0.016, back + 0.004, posts)
        brush.shape([(side - 0.02, top - 0.035), (side + 0.02, top - 0.035), (side, top - 0.055)], shaded(posts, 0.8))
    hinge_left = dice.random() < 0.5
    hinge, end = (left, right) if hinge_left else (right, left)
    rise = drop = 0.0
    if stage.scene.is_open:
        end = hinge + (-1 if hinge_left else 1) * GATE_WIDE * 0.42
        rise, drop = 0.025, 0.06
    solid = dice.random() < 0.5
    corners = [(hinge, top), (hinge, back), (end, back + drop), (end, top - rise)]
    slats = 8
    if solid:
        brush.shape(corners, wood)
    edge = shaded(wood, 0.6)
    ends = []
    for i in range(slats + 1):
        share = i / slats
        slat = hinge + (end - hinge) * share
        ends += [(slat, top - rise * share), (slat, back + drop * share)]
    brush.lines(ends, 0.004 if solid else 0.012, edge if solid else wood)
    for share in (0.15, 0.85):
        brush.line(
            [(hinge, top + (back - top) * share), (end, top - rise + (back + drop - top + rise) * share)], 0.014, edge
        )
    brush.line([(hinge, back - 0.03), (end, top - rise + 0.03)], 0.01, edge)
    brush.oval(end + (hinge - end) * 0.1, (top + back + drop) / 2, 0.01, 0.01, (0.75, 0.72, 0.6))


def _beyond(stage: Stage, left: float, right: float, top: float, back: float) -> None:
    """A lane outside, seen through the gateway."""
    brush, snow = stage.brush, stage.scene.weather == "snow"
    far, middle = top + (back - top) * 0.35, (left + right) / 2
    brush.rect(left, top, right, far, mix((0.4, 0.52, 0.42), (0.9, 0.92, 0.95), 0.6 if snow else 0.25))
    brush.rect(left, far, right, back, _SNOW if snow else (0.5, 0.62, 0.36))
    brush.shape(
        [(middle - 0.025, far), (middle + 0.025, far), (right - 0.01, back), (left + 0.01, back)],
        (0.8, 0.81, 0.83) if snow else (0.78, 0.7, 0.56),
    )


def _lantern(stage: Stage, back: float) -> None:
    dice, aspect = stage.dice("lantern"), stage.scene.aspect
    count = 1 if aspect < 1.3 else 2
    for _ in range(count):
        x = stage.spot(0.08, dice, 0.08) or aspect * (0.1 if (stage.opening_x or 0) > aspect / 2 else 0.9)
        post_lamp(stage, x, back + 0.012, dice.uniform(0.3, 0.36), reach=0.58, size=0.027)


def _shed(stage: Stage, back: float, dice: Random) -> None:
    brush = stage.brush
    wide, high = dice.uniform(0.24, 0.3), dice.uniform(0.24, 0.3)
    x = stage.spot(wide, dice, 0.02)
    if x is None:
        return
    wood = dice.choice(((0.5, 0.36, 0.24), (0.42, 0.46, 0.42), (0.36, 0.42, 0.48), (0.62, 0.5, 0.36)))
    left, right, top = x - wide / 2, x + wide / 2, back - high
    brush.rect(left, top, right, back + 0.01, across((left, 0), (right, 0), wood, shaded(wood, 0.85)))
    rows = int(high / 0.03)
    brush.lines(
        [p for i in range(rows) for p in ((left, top + i * 0.03), (right, top + i * 0.03))], 0.004, shaded(wood, 0.7)
    )
    roof = _SNOW if stage.scene.weather == "snow" else (0.3, 0.28, 0.28)
    brush.shape([(left - 0.025, top), (x, top - 0.085), (right + 0.025, top)], roof)
    brush.rect(left + wide * 0.14, top + 0.05, left + wide * 0.44, top + 0.05 + high * 0.3, (0.2, 0.24, 0.28))
    brush.frame(left + wide * 0.14, top + 0.05, left + wide * 0.44, top + 0.05 + high * 0.3, 0.01, (0.85, 0.84, 0.8))
    brush.rect(left + wide * 0.58, top + 0.05, right - wide * 0.1, back + 0.01, shaded(wood, 0.8))
    brush.frame(left + wide * 0.58, top + 0.05, right - wide * 0.1, back + 0.01, 0.006, shaded(wood, 0.55))


def _beds(stage: Stage, back: float) -> None:
    dice, snow = stage.dice("beds"), stage.scene.weather == "snow"
    gate = stage.taken[:1] if stage.opening_x is not None else []
    shed = [span for span in stage.taken if span[1] - span[0] > 0.2 and span not in gate]
    x = stage.left
    flowery = dice.random() < 0.75
    while x < stage.right:
        wide = dice.uniform(0.1, 0.18)
        if all(x + wide < a or x > b for a, b in gate + shed) and dice.random() < 0.75:
            soil = _SNOW if snow else (0.34, 0.25, 0.18)
            stage.brush.oval(x + wide / 2, back + 0.012, wide * 0.6, 0.016, soil)
            bush(stage, x + wide / 2, back + 0.014, wide, dice.uniform(0.06, 0.13), dice, flowers=flowery and not snow)
        x += wide
    if dice.random() < 0.4:
        spot = dice.uniform(0.1, 0.9) * stage.scene.aspect
        if all(not a < spot < b for a, b in gate + shed):
            pot(stage, spot, back + 0.035, 0.09, dice)
