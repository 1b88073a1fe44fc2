"""What grows and what fences it in: trees, bushes, pots, fences and far greenery."""

from random import Random

from .brush import Colour, across, mix, shaded
from .materials import wall
from .shades import tone
from .stage import Stage


def tree(stage: Stage, x: float, foot: float, high: float, dice: Random) -> None:
    brush, snowy = stage.brush, stage.scene.weather == "snow"
    trunk, leaf = tone(dice, (20, 35), (0.3, 0.5), (0.25, 0.4)), tone(dice, (85, 130), (0.35, 0.6), (0.28, 0.46))
    kind = dice.choice(("round", "round", "fir", "tall"))
    brush.line([(x, foot), (x, foot - high * 0.5)], high * 0.06, trunk)
    if kind == "fir":
        for i in range(4):
            y, half = foot - high * (0.14 + 0.2 * i), high * (0.25 - 0.05 * i)
            brush.shape([(x - half, y), (x + half, y), (x, y - high * 0.34)], shaded(leaf, 0.75 + 0.08 * i))
            if snowy:
                brush.shape(
                    [(x - half * 0.5, y - high * 0.17), (x + half * 0.5, y - high * 0.17), (x, y - high * 0.34)],
                    (0.95, 0.96, 0.98),
                )
        return
    wide = high * (0.32 if kind == "round" else 0.19)
    clumps = sorted(
        (
            (dice.uniform(-0.8, 0.5), dice.uniform(-0.7, 0.7), dice.uniform(0.4, 0.62), dice.uniform(0.78, 1.12))
            for _ in range(9)
        ),
        reverse=True,
    )
    for dy, dx, r, tint in clumps:
        if dy < -0.1:
            dx *= 0.6
        leaves = (
            mix(shaded(leaf, tint), (0.93, 0.95, 0.98), 0.75 if dy < -0.1 else 0.25) if snowy else shaded(leaf, tint)
        )
        brush.oval(x + dx * wide, foot - high * 0.68 + dy * high * 0.22, r * wide, r * high * 0.26, leaves)


def bush(stage: Stage, x: float, foot: float, wide: float, high: float, dice: Random, flowers: bool = False) -> None:
    brush = stage.brush
    leaf = tone(dice, (85, 135), (0.35, 0.6), (0.26, 0.44))
    for _ in range(6):
        dx = dice.uniform(-0.35, 0.35)
        brush.oval(
            x + dx * wide,
            foot - high * dice.uniform(0.35, 0.6),
            wide * 0.28,
            high * 0.42,
            shaded(leaf, dice.uniform(0.8, 1.12)),
        )
    brush.rect(x - wide * 0.42, foot - high * 0.3, x + wide * 0.42, foot, shaded(leaf, 0.82), corner=0.01)
    if stage.scene.weather == "snow":
        for dx in (-0.26, 0.0, 0.26):
            brush.oval(x + dx * wide, foot - high * (0.86 - abs(dx) * 0.5), wide * 0.2, high * 0.14, (0.95, 0.96, 0.98))
    elif flowers:
        petal = dice.choice(
            ((0.9, 0.35, 0.5), (0.95, 0.85, 0.3), (0.95, 0.95, 0.95), (0.7, 0.4, 0.8), (0.9, 0.25, 0.2))
        )
        brush.dots(
            [(x + dice.uniform(-0.42, 0.42) * wide, foot - high * dice.uniform(0.15, 0.9)) for _ in range(14)],
            0.011,
            petal,
        )


def pot(stage: Stage, x: float, foot: float, size: float, dice: Random) -> None:
    """A potted plant."""
    brush = stage.brush
    clay = dice.choice(((0.66, 0.36, 0.24), (0.4, 0.42, 0.44), (0.85, 0.84, 0.8), (0.3, 0.4, 0.48)))
    kind, leaf = dice.choice(("ball", "spikes", "flowers")), tone(dice, (90, 135), (0.4, 0.65), (0.28, 0.5))
    if kind == "spikes":
        tips = [(x + dice.uniform(-1, 1) * size * 0.6, foot - size * dice.uniform(1.2, 1.8)) for _ in range(9)]
        brush.lines([p for tip in tips for p in ((x, foot - size * 0.5), tip)], size * 0.09, leaf)
    else:
        for _ in range(5):
            brush.oval(
                x + dice.uniform(-0.22, 0.22) * size,
                foot - size * dice.uniform(0.8, 1.15),
                size * 0.3,
                size * 0.28,
                shaded(leaf, dice.uniform(0.85, 1.15)),
            )
        if kind == "flowers":
            petal = dice.choice(((0.9, 0.3, 0.45), (0.95, 0.85, 0.3), (0.95, 0.95, 0.95)))
            brush.dots(
                [(x + dice.uniform(-0.4, 0.4) * size, foot - size * dice.uniform(0.7, 1.3)) for _ in range(8)],
                0.011,
                petal,
            )
    brush.shape(
        [
            (x - size * 0.32, foot - size * 0.6),
            (x + size * 0.32, foot - size * 0.6),
            (x + size * 0.24, foot),
            (x - size * 0.24, foot),
        ],
        across((x - size * 0.3, 0), (x + size * 0.3, 0), shaded(clay, 1.1), shaded(clay, 0.75)),
    )
    brush.rect(x - size * 0.36, foot - size * 0.66, x + size * 0.36, foot - size * 0.54, shaded(clay, 0.92))


def fence(
    stage: Stage, left: float, right: float, foot: float, high: float, style: str, colour: Colour, dice: Random
) -> None:
    """A stretch of fence, hedge or garden wall."""
    brush, top = stage.brush, foot - high
    if right <= left:
        return
    snowy = stage.scene.weather == "snow"
    if style == "hedge":
        brush.rect(left, top, right, foot, across((0, top), (0, foot), shaded(colour, 1.1), shaded(colour, 0.7)))
        for _ in range(int((right - left) * 70)):
            brush.oval(
                dice.uniform(left, right),
                dice.uniform(top, foot),
                0.014,
                0.011,
                shaded(colour, dice.uniform(0.75, 1.2)),
            )
        brush.curve(
            [(left + i * 0.04, top + dice.uniform(-0.006, 0.006)) for i in range(int((right - left) / 0.04) + 1)]
            + [(right, top)],
            0.018,
            shaded(colour, 1.1),
        )
    elif style == "boards":
        brush.rect(left, top, right, foot, across((0, top), (0, foot), colour, shaded(colour, 0.82)))
        count = int((right - left) / 0.032) + 1
        brush.lines(
            [p for i in range(count) for p in ((left + i * 0.032, top), (left + i * 0.032, foot))],
            0.005,
            shaded(colour, 0.65),
        )
        brush.lines(
            [
                (left, top + high * 0.15),
                (right, top + high * 0.15),
                (left, foot - high * 0.15),
                (right, foot - high * 0.15),
            ],
            0.009,
            shaded(colour, 0.85),
        )
    elif style in ("pickets", "railings"):
        gap, thick = (0.034, 0.019) if style == "pickets" else (0.022, 0.006)
        brush.lines(
            [
                (left, top + high * 0.2),
                (right, top + high * 0.2),
                (left, foot - high * 0.2),
                (right, foot - high * 0.2),
            ],
            0.011,
            shaded(colour, 0.85),
        )
        count = int((right - left) / gap) + 1
        brush.lines([p for i in range(count) for p in ((left + i * gap, top), (left + i * gap, foot))], thick, colour)
    elif style == "mesh":
        brush.rect(left, top, right, foot, colour, 0.18)
        step, ends = 0.022, []
        count = int((right - left + high) / step)
        for i in range(count):
            x = left + i * step
            ends += [(min(x, right), top + max(0.0, x - right)), (max(left, x - high), min(foot, top + x - left))]
            ends += [(max(left, x - high), max(top, foot - (x - left))), (min(x, right), foot - max(0.0, x - right))]
        brush.lines(ends, 0.003, colour, 0.8)
        brush.line([(left, top), (right, top)], 0.008, colour)
        posts = int((right - left) / 0.2) + 1
        brush.lines(
            [p for i in range(posts) for p in ((left + i * 0.2, top - 0.01), (left + i * 0.2, foot))],
            0.012,
            shaded(colour, 0.9),
        )
    else:
        wall(brush, (left, top, right, foot), style, colour, dice, 0.03)
        brush.rect(left, top - 0.012, right, top + 0.004, shaded(colour, 0.8))
    if snowy:
        brush.line([(left, top), (right, top)], 0.016, (0.95, 0.96, 0.98), round_ends=False)


def treeline(stage: Stage, foot: float, high: float, dice: Random, count: int = 7) -> None:
    """Far greenery behind a fence."""
    leaf = tone(dice, (90, 140), (0.2, 0.4), (0.3, 0.45))
    if stage.scene.weather == "snow":
        leaf = mix(leaf, (0.9, 0.92, 0.95), 0.6)
    span = stage.right - stage.left
    for i in range(count * 2):
        x = stage.left + span * (i + dice.uniform(0.2, 0.8)) / (count * 2)
        stage.brush.oval(
            x,
            foot - high * 0.3,
            span / count * 0.5,
            high * dice.uniform(0.4, 0.75),
            shaded(leaf, dice.uniform(0.85, 1.1)),
        )
    stage.brush.rect(stage.left, foot - high * 0.3, stage.right, foot + 0.02, shaded(leaf, 0.9))
