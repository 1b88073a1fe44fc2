"""People: in coats of the colour that is said of them, standing, walking or lying, some under an umbrella.

Drawn in their own heights: feet at (0, 0), head at (0, −1).
"""

from math import copysign, cos, pi, sin

import skia

from .brush import Brush, Colour, across, shaded
from .scene import Thing
from .shades import chance, shade

_SKINS = ((0.98, 0.83, 0.71), (0.93, 0.74, 0.6), (0.82, 0.62, 0.47), (0.62, 0.43, 0.3), (0.42, 0.28, 0.2))
_HAIRS = (
    (0.1, 0.08, 0.07),
    (0.22, 0.14, 0.09),
    (0.42, 0.27, 0.14),
    (0.75, 0.58, 0.3),
    (0.62, 0.6, 0.58),
    (0.5, 0.22, 0.1),
)
_TROUSERS = (
    (0.16, 0.19, 0.27),
    (0.2, 0.2, 0.21),
    (0.33, 0.34, 0.36),
    (0.62, 0.55, 0.43),
    (0.27, 0.23, 0.2),
    (0.24, 0.3, 0.42),
)
_SHOES = ((0.1, 0.1, 0.1), (0.26, 0.17, 0.11), (0.8, 0.8, 0.78), (0.3, 0.3, 0.32))


class _Looks:
    """What stays the same about a person from frame to frame."""

    def __init__(self, thing: Thing):
        dice = chance(thing.seed, "person")
        self.dice = dice
        self.coat = shade(thing.colour or "grey", dice)
        self.skin = dice.choice(_SKINS)
        self.hair = dice.choice(_HAIRS)
        self.trousers = shaded(dice.choice(_TROUSERS), dice.uniform(0.85, 1.1))
        self.shoes = dice.choice(_SHOES)
        self.width = dice.uniform(0.86, 1.16)
        self.hem = dice.choice((-0.44, -0.42, -0.36, -0.3, -0.25))  # a jacket's to a long coat's
        self.flare = dice.uniform(0.0, 0.035) + (0.02 if self.hem > -0.35 else 0)
        self.style = dice.choice(("zip", "buttons", "belt", "plain", "padded"))
        self.haircut = dice.choice(("short", "short", "long", "bun", "bob", "bald"))
        self.hat = dice.choice(("none", "none", "none", "beanie", "cap", "hood", "brim"))
        self.hat_colour = self.coat if dice.random() < 0.5 else dice.choice(_TROUSERS)
        self.scarf = dice.random() < 0.2
        self.bag = dice.choice(("none", "none", "none", "backpack", "shoulder"))
        self.skirted = self.hem <= -0.42 and dice.random() < 0.2
        self.back_turned = dice.random() < 0.18
        self.lean = dice.uniform(-0.015, 0.015)


def draw_person(brush: Brush, thing: Thing) -> None:
    looks = _Looks(thing)
    canvas = brush.canvas
    canvas.save()
    if thing.faces_left:
        canvas.scale(-1, 1)
    if thing.pose == "lying":
        _lie(brush, looks)
    elif thing.pose == "walking":
        _walk(brush, looks, thing)
    else:
        _stand(brush, looks, thing)
    canvas.restore()


def _coat_fill(looks: _Looks, half: float):
    return across((-half, 0), (half, 0), shaded(looks.coat, 1.1), looks.coat, shaded(looks.coat, 0.74))


def _stand(brush: Brush, looks: _Looks, thing: Thing, armspread: float = 0.0, legspread: float = 0.0) -> None:
    """Seen from the front (or the back)."""
    w = looks.width
    gap = 0.045 * w + legspread
    _leg(brush, looks, [(-0.04 * w, -0.46), (-gap, -0.24), (-gap - 0.005, -0.035)], 0)
    _leg(brush, looks, [(0.04 * w, -0.46), (gap, -0.24), (gap + 0.005, -0.035)], 0)
    if looks.skirted:
        brush.shape([(-0.07 * w, -0.47), (0.07 * w, -0.47), (0.1 * w, -0.26), (-0.1 * w, -0.26)], looks.trousers)
    holds = thing.carries == "umbrella"
    sway = 0.1 + armspread
    if looks.bag == "backpack":
        brush.rect(-0.1 * w, -0.8, 0.1 * w, -0.52, (0.25, 0.25, 0.24), corner=0.03)
    _arm(brush, looks, [(-0.088 * w, -0.785), (-sway * w - 0.022, -0.62), (-sway * w - 0.01, -0.47)])
    if not holds:
        _arm(brush, looks, [(0.088 * w, -0.785), (sway * w + 0.022, -0.62), (sway * w + 0.012, -0.47)])
    _torso(brush, looks)
    if holds:
        _arm(brush, looks, [(0.09 * w, -0.785), (0.145, -0.66), (0.07, -0.74)])
    _head(brush, looks, 0.0, turned=False)
    if holds:
        _umbrella(brush, thing)


def _torso(brush: Brush, looks: _Looks) -> None:
    w, hem = looks.width, looks.hem
    shoulder, waist, bottom = 0.115 * w, 0.088 * w, 0.1 * w + looks.flare
    outline = [
        (-0.04, -0.86),
        (-shoulder * 0.8, -0.835),
        (-shoulder, -0.8),
        (-waist, -0.58),
        (-bottom, hem),
        (bottom, hem),
        (waist, -0.58),
        (shoulder, -0.8),
        (shoulder * 0.8, -0.835),
        (0.04, -0.86),
    ]
    brush.shape(outline, _coat_fill(looks, shoulder * 1.1))
    dark = shaded(looks.coat, 0.55) if sum(looks.coat) > 0.6 else (0.28, 0.28, 0.3)
    if looks.style == "padded":
        for y in (-0.76, -0.69, -0.62, -0.55, -0.48):
            if y < hem - 0.02:
                brush.line([(-waist, y), (waist, y)], 0.008, dark, 0.6)
    if not looks.back_turned:
        if looks.style in ("zip", "padded", "buttons"):
            brush.line([(0, -0.84), (0, hem)], 0.007, dark, 0.8)
        if looks.style == "buttons":
            brush.dots([(0.022, y) for y in (-0.76, -0.68, -0.6, -0.52)], 0.014, dark)
        brush.lines(
            [(-0.075 * w, -0.53), (-0.035 * w, -0.545), (0.075 * w, -0.53), (0.035 * w, -0.545)], 0.007, dark, 0.7
        )
        brush.shape([(-0.035, -0.862), (0, -0.8), (0.035, -0.862)], shaded(looks.skin, 0.85))
    if looks.style == "belt":
        brush.line([(-waist, -0.585), (waist, -0.585)], 0.02, dark, 0.9, round_ends=False)
    if looks.bag == "shoulder":
        brush.line([(-0.07, -0.84), (0.09, -0.52)], 0.01, (0.2, 0.15, 0.1))
        brush.rect(0.05, -0.55, 0.14, -0.45, (0.3, 0.21, 0.14), corner=0.01)
    elif looks.bag == "backpack" and not looks.back_turned:
        brush.lines([(-0.065, -0.83), (-0.065, -0.68), (0.065, -0.83), (0.065, -0.68)], 0.018, (0.25, 0.25, 0.24))
    if looks.scarf:
        brush.line([(-0.045, -0.85), (0.045, -0.85)], 0.032, shaded(looks.trousers, 1.2))
        brush.line([(0.03, -0.85), (0.04, -0.72)], 0.03, shaded(looks.trousers, 1.15))


def _leg(brush: Brush, looks: _Looks, joints: list, toe: float) -> None:
    bare = looks.skirted
    colour = shaded(looks.trousers, 0.7) if bare else looks.trousers
    brush.line(joints, 0.05 if bare else 0.068 * looks.width, colour)
    x, y = joints[-1]
    brush.oval(x + toe, y + 0.018, 0.042 + abs(toe) * 0.4, 0.022, looks.shoes)


def _arm(brush: Brush, looks: _Looks, joints: list, shadow: float = 0.88) -> None:
    hand = joints[-1]
    brush.oval(hand[0], hand[1], 0.024, 0.026, looks.skin)
    sleeve = [*joints[:-1], tuple(a + (b - a) * 0.86 for a, b in zip(joints[-2], hand))]
    brush.line(sleeve, 0.06 * looks.width, shaded(looks.coat, shadow))


def _head(brush: Brush, looks: _Looks, x: float, turned: bool) -> None:
    y, rx, ry = -0.925, 0.052, 0.066
    behind = looks.back_turned and not turned
    back = -0.012 if turned else 0.0
    brush.rect(x - 0.024, -0.88, x + 0.024, -0.835, shaded(looks.skin, 0.85))
    if looks.haircut == "long":
        brush.rect(
            x - rx - 0.012 + back, y - 0.02, x + (rx + 0.012 if not turned else 0.02), y + 0.13, looks.hair, corner=0.03
        )
    elif looks.haircut == "bob":
        brush.rect(
            x - rx - 0.014 + back, y - 0.04, x + (rx + 0.014 if not turned else 0.02), y + 0.06, looks.hair, corner=0.03
        )
    if looks.hat == "hood":
        brush.oval(x + back, y + 0.002, rx + 0.026, ry + 0.02, shaded(looks.coat, 0.8))
    brush.oval(x, y, rx, ry, looks.hair if behind and looks.haircut != "bald" else looks.skin)
    if looks.haircut != "bald" and not behind:
        if turned:
            brush.blob(
                [
                    (x + 0.04, y - 0.075),
                    (x + 0.045, y - 0.035),
                    (x, y - 0.03),
                    (x - 0.01, y + 0.045),
                    (x - 0.065, y + 0.04),
                    (x - 0.068, y - 0.04),
                    (x - 0.03, y - 0.085),
                ],
                looks.hair,
            )
        else:
            brush.blob(
                [
                    (x - 0.06, y + 0.01),
                    (x - 0.066, y - 0.06),
                    (x - 0.02, y - 0.085),
                    (x + 0.03, y - 0.085),
                    (x + 0.066, y - 0.05),
                    (x + 0.058, y + 0.01),
                    (x + 0.045, y - 0.03),
                    (x - 0.02, y - 0.036),
                ],
                looks.hair,
            )
    if looks.haircut == "bun":
        brush.oval(x - (0.06 if turned else 0), y - (0.02 if turned else 0.078), 0.028, 0.028, looks.hair)
    if not behind:
        if turned:
            brush.dots([(x + 0.032, y - 0.002)], 0.011, (0.1, 0.08, 0.08))
            brush.shape([(x + 0.045, y - 0.01), (x + 0.066, y + 0.016), (x + 0.044, y + 0.02)], looks.skin)
        else:
            brush.dots([(x - 0.02, y - 0.002), (x + 0.02, y - 0.002)], 0.011, (0.1, 0.08, 0.08))
            brush.line([(x - 0.014, y + 0.034), (x + 0.014, y + 0.034)], 0.007, shaded(looks.skin, 0.6))
    if looks.hat == "beanie":
        brush.blob(
            [
                (x - 0.062, y - 0.015),
                (x - 0.064, y - 0.07),
                (x - 0.02, y - 0.1),
                (x + 0.02, y - 0.1),
                (x + 0.064, y - 0.07),
                (x + 0.062, y - 0.015),
                (x, y - 0.03),
            ],
            looks.hat_colour,
        )
    elif looks.hat == "cap":
        brush.blob(
            [(x - 0.06, y - 0.02), (x - 0.06, y - 0.075), (x, y - 0.095), (x + 0.06, y - 0.075), (x + 0.06, y - 0.02)],
            looks.hat_colour,
        )
        brush.line(
            [(x, y - 0.03), (x + 0.09, y - 0.028)] if turned else [(x - 0.04, y - 0.028), (x + 0.04, y - 0.028)],
            0.014,
            shaded(looks.hat_colour, 0.75),
        )
    elif looks.hat == "brim":
        brush.line([(x - 0.085, y - 0.035), (x + 0.085, y - 0.035)], 0.018, shaded(looks.hat_colour, 0.8))
        brush.rect(x - 0.05, y - 0.1, x + 0.05, y - 0.035, looks.hat_colour, corner=0.015)


def _walk(brush: Brush, looks: _Looks, thing: Thing) -> None:
    """Seen from the side, going to the right."""
    turn = 2 * pi * thing.phase
    swing = copysign(abs(cos(turn)) ** 0.6, cos(turn))  # longer apart than together, to be seen as walking
    w = looks.width
    stride = 0.34 * swing
    bob = -0.012 * abs(sin(turn))
    hip = (0.0, -0.47 + bob)
    brush.canvas.save()
    for side in (-1, 1):
        reach = stride * side
        lift = max(0.0, -sin(turn) * side) * 0.1
        foot = (hip[0] + reach * 0.5 - lift * 0.7, -0.035 - lift)
        knee = (hip[0] + reach * 0.25 + 0.03 + lift * 0.5, -0.25 - lift * 0.3)
        if side == 1:
            _side_arm(brush, looks, -swing * side, bob, 0.62)
        _leg(brush, looks, [hip, knee, foot], 0.022)
    brush.canvas.translate(0, bob)
    hem = looks.hem
    half = 0.075 * w
    if looks.skirted:
        brush.shape([(-0.06, -0.47), (0.06, -0.47), (0.1, -0.27), (-0.1, -0.27)], looks.trousers)
    if looks.bag == "backpack":
        brush.rect(-0.17, -0.8, -0.04, -0.55, (0.25, 0.25, 0.24), corner=0.03)
    spread = looks.flare + 0.02
    brush.shape(
        [
            (-0.04, -0.86),
            (-half, -0.82),
            (-half * 1.15, -0.7),
            (-half, -0.58),
            (-half - spread, hem),
            (half + spread, hem),
            (half, -0.58),
            (half * 1.12, -0.72),
            (half * 0.7, -0.83),
            (0.03, -0.86),
        ],
        _coat_fill(looks, half * 1.3),
    )
    dark = shaded(looks.coat, 0.55) if sum(looks.coat) > 0.6 else (0.28, 0.28, 0.3)
    if looks.style == "padded":
        brush.lines([p for y in (-0.76, -0.69, -0.62, -0.55) for p in ((-half, y), (half, y))], 0.008, dark, 0.6)
    elif looks.style == "belt":
        brush.line([(-half, -0.58), (half, -0.58)], 0.02, dark, 0.9, round_ends=False)
    if looks.scarf:
        brush.line([(-0.04, -0.85), (0.04, -0.85)], 0.032, shaded(looks.trousers, 1.2))
    _head(brush, looks, 0.014, turned=True)
    if thing.carries == "umbrella":
        _arm(brush, looks, [(0.0, -0.785), (0.03, -0.63), (0.075, -0.74)], 0.75)
        _umbrella(brush, thing)
    else:
        _side_arm(brush, looks, swing, 0.0, 0.72)
    brush.canvas.restore()


def _side_arm(brush: Brush, looks: _Looks, swing: float, bob: float, shadow: float) -> None:
    reach = 0.13 * swing
    _arm(brush, looks, [(0.0, -0.79 + bob), (reach * 0.45 - 0.015, -0.64 + bob), (reach + 0.015, -0.5 + bob)], shadow)


def _lie(brush: Brush, looks: _Looks) -> None:
    """On the ground, seen from above the feet's side: the length across, flattened a little."""
    still = Thing("person", pose="lying")
    dice = looks.dice
    brush.canvas.translate(-0.52, -0.1)
    brush.canvas.scale(1.06, 0.84)
    brush.canvas.rotate(90)
    looks.bag, looks.skirted = "none", False
    looks.hem = min(looks.hem, -0.36)
    if looks.hat in ("brim", "cap"):
        looks.hat = "none"
    _stand(brush, looks, still, armspread=dice.uniform(0.02, 0.07), legspread=dice.uniform(0.01, 0.04))


def _umbrella(brush: Brush, thing: Thing) -> None:
    """Open, over the head, its handle in the hand at (0.07, −0.74)."""
    dice = chance(thing.seed, "umbrella")
    colour: Colour = shade(thing.carried_colour or "black", dice, "umbrella")
    wide, high, top = dice.uniform(0.34, 0.42), dice.uniform(0.2, 0.27), -1.0
    canvas = brush.canvas
    canvas.save()
    canvas.translate(0.07, 0)
    canvas.rotate(dice.uniform(-7, 5), 0, -0.74)
    brush.line([(0, -0.7), (0, top - high - 0.04)], 0.014, (0.25, 0.2, 0.17))
    panels = dice.choice((4, 5, 6))
    rim = [-wide + 2 * wide * i / panels for i in range(panels + 1)]
    dome = skia.Path()
    dome.moveTo(-wide, top)
    dome.cubicTo(-wide * 0.85, top - high * 1.25, wide * 0.85, top - high * 1.25, wide, top)
    for right, left in zip(rim[::-1], rim[-2::-1]):
        dome.quadTo((left + right) / 2, top - 0.05, left, top)
    dome.close()
    brush.path(dome, across((-wide, 0), (wide, 0), shaded(colour, 1.15), colour, shaded(colour, 0.75)))
    rib = shaded(colour, 0.6) if sum(colour) > 0.6 else (0.3, 0.3, 0.33)
    peak = top - high * 0.94
    for x in rim[1:-1]:
        brush.curve([(0, peak), (x * 0.75, peak + high * 0.25), (x, top)], 0.009, rib, 0.8)
    brush.line([(0, peak - 0.01), (0, peak - 0.05)], 0.012, (0.25, 0.2, 0.17))
    canvas.restore()
