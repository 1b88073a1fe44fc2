"""What walls and grounds are made of."""

from random import Random

from .brush import Brush, Colour, across, shaded
from .shades import tone
from .stage import Box, Stage

WALLS = ("brick", "render", "boards", "stone")


def wall(brush: Brush, box: Box, material: str, colour: Colour, dice: Random, unit: float = 0.04) -> None:
    """A wall seen squarely; `unit` is the height of a course."""
    left, top, right, bottom = box
    brush.rect(left, top, right, bottom, across((0, top), (0, bottom), shaded(colour, 1.05), shaded(colour, 0.86)))
    if material == "brick":
        _courses(brush, box, unit * 0.72, unit * 2, shaded(colour, 0.74), dice, colour)
    elif material == "stone":
        _courses(brush, box, unit * 1.5, unit * 3.1, shaded(colour, 0.7), dice, colour)
    elif material == "boards":
        rows = int((bottom - top) / unit) + 1
        brush.lines(
            [p for i in range(rows) for p in ((left, bottom - i * unit), (right, bottom - i * unit))],
            0.005,
            shaded(colour, 0.72),
        )
    else:
        spots = [(dice.uniform(left, right), dice.uniform(top, bottom)) for _ in range(60)]
        brush.dots(spots, 0.006, shaded(colour, 0.88), 0.6)


def _courses(brush: Brush, box: Box, course: float, length: float, joint: Colour, dice: Random, colour: Colour) -> None:
    left, top, right, bottom = box
    ends, patches = [], []
    row, y = 0, bottom
    while y > top:
        ends += [(left, y), (right, y)]
        x = left + (row % 2) * length / 2
        while x < right:
            ends += [(x, y), (x, max(top, y - course))]
            if dice.random() < 0.12:
                patches.append((x, y))
            x += length
        y -= course
        row += 1
    for i, (x, y) in enumerate(patches):
        brush.rect(x, max(top, y - course), min(x + length, right), y, shaded(colour, 0.85 if i % 2 else 1.1))
    brush.lines(ends, 0.0035, joint, 0.8)


def wall_colour(material: str, dice: Random) -> Colour:
    if material == "brick":
        return dice.choice(
            ((0.56, 0.33, 0.27), (0.66, 0.46, 0.36), (0.62, 0.58, 0.5), (0.44, 0.34, 0.32), (0.72, 0.62, 0.48))
        )
    if material == "stone":
        return tone(dice, (30, 50), (0.06, 0.2), (0.5, 0.72))
    return dice.choice(
        (
            (0.9, 0.87, 0.79),
            (0.85, 0.84, 0.82),
            (0.72, 0.78, 0.8),
            (0.75, 0.8, 0.7),
            (0.86, 0.77, 0.62),
            (0.64, 0.67, 0.7),
            (0.83, 0.72, 0.66),
        )
    )


def ground(stage: Stage, top: float, colour: Colour) -> None:
    """Flat ground from the height `top` down, lighter and greyer far away."""
    stage.brush.rect(
        stage.left, top, stage.right, stage.bottom, across((0, top), (0, 1), shaded(colour, 1.08), shaded(colour, 0.9))
    )


def speckle(
    stage: Stage, top: float, colour: Colour, dice: Random, count: int, size: float = 0.008, alpha: float = 0.5
) -> None:
    """Grains on the ground, denser and smaller far away."""
    far, near = [], []
    for _ in range(count):
        share = dice.random() ** 1.6
        point = (dice.uniform(stage.left, stage.right), top + (stage.bottom - top) * share)
        (near if share > 0.4 else far).append(point)
    stage.brush.dots(far, size * 0.6, colour, alpha)
    stage.brush.dots(near, size, colour, alpha)


def blades(stage: Stage, top: float, colour: Colour, dice: Random, count: int = 110) -> None:
    """Tufts of grass."""
    ends = []
    for _ in range(count):
        share = dice.random() ** 1.4
        x, y = dice.uniform(stage.left, stage.right), top + (stage.bottom - top) * share
        high = 0.006 + 0.016 * share
        ends += [(x, y), (x + dice.uniform(-0.4, 0.4) * high, y - high)]
    stage.brush.lines(ends, 0.004, colour, 0.6)


def planks_away(stage: Stage, top: float, colour: Colour, step: float = 0.13, across_too: bool = False) -> None:
    """Joints that run away from the camera: boards, or tiles when there are joints across as well."""
    view, bottom = stage.view, stage.bottom
    ends = []
    reach = (stage.scene.aspect + 1.0) * 1.6
    count = int(reach / step)
    for i in range(-count, count):
        x = view.vanishing_x + i * step
        ends += [(view.along(x, top), top), (view.along(x, bottom), bottom)]
    size = view.size(1.1)
    if across_too:
        while size < 1.5:
            y = view.horizon + (view.near - view.horizon) * size
            if y > top:
                ends += [(stage.left, y), (stage.right, y)]
            size *= 1.13
    stage.brush.lines(ends, 0.004, colour, 0.7)


def strip_away(
    stage: Stage, top: float, near_left: float, near_right: float, colour: Colour, shift: float = 0.0
) -> list[tuple[float, float]]:
    """A path on the ground from the back to the camera; `shift` moves its far end aside."""
    view, bottom = stage.view, stage.bottom
    corners = [
        (view.along(near_left, top) + shift, top),
        (view.along(near_right, top) + shift, top),
        (view.along(near_right, bottom), bottom),
        (view.along(near_left, bottom), bottom),
    ]
    stage.brush.shape(corners, across((0, top), (0, 1), shaded(colour, 1.06), shaded(colour, 0.88)))
    return corners
