"""A warehouse: a concrete floor, racks of drums and sacks, lamps under the roof, a roller shutter at the back."""

from random import Random

from .brush import Brush, across, mix, shaded
from .materials import planks_away, speckle, wall
from .shades import tone
from .stage import Stage

SHUTTER_WIDE, SHUTTER_HIGH = 0.32, 0.34


def draw_warehouse(stage: Stage) -> None:
    brush, back = stage.brush, stage.view.back
    dice = stage.dice("hall")
    clad = dice.choice(("panels", "brick", "blocks"))
    colour = dice.choice(((0.66, 0.69, 0.71), (0.72, 0.7, 0.64), (0.56, 0.62, 0.68), (0.64, 0.68, 0.62)))
    if clad == "panels":
        brush.rect(stage.left, -0.25, stage.right, back, across((0, 0), (0, back), shaded(colour, 0.75), colour))
        brush.lines(
            [p for i in range(90) for p in ((stage.left + i * 0.03, -0.2), (stage.left + i * 0.03, back))],
            0.003,
            shaded(colour, 0.8),
        )
    else:
        wall(
            brush,
            (stage.left, -0.25, stage.right, back),
            "brick" if clad == "brick" else "stone",
            (0.58, 0.4, 0.33) if clad == "brick" else colour,
            stage.dice("blocks"),
            0.045,
        )
    if dice.random() < 0.6:
        brush.rect(stage.left, back - 0.12, stage.right, back, shaded(colour, 0.7), 0.7)
    _floor(stage, dice)
    _roof(stage)
    if stage.opening_x is not None:
        stage.take(stage.opening_x, SHUTTER_WIDE + 0.06)
        _shutter(stage, stage.opening_x, back)
    _skylights(stage)
    racks = stage.dice("racks")
    for _ in range(2 if stage.scene.aspect < 1.3 else 4):
        wide = racks.uniform(0.26, 0.4)
        x = stage.spot(wide, racks) or stage.spot(0.2, racks)
        if x is not None:
            left, right = stage.taken[-1]
            _rack(stage, left, right, back, racks)
    _side_racks(stage)


def _floor(stage: Stage, dice: Random) -> None:
    brush, view, back = stage.brush, stage.view, stage.view.back
    concrete = shaded((0.62, 0.61, 0.59), dice.uniform(0.82, 1.08))
    brush.rect(
        stage.left,
        back,
        stage.right,
        stage.bottom,
        across((0, back), (0, 1), shaded(concrete, 0.88), shaded(concrete, 1.08)),
    )
    speckle(stage, back, shaded(concrete, 0.85), dice, 70)
    planks_away(stage, back, shaded(concrete, 0.82), dice.uniform(0.45, 0.6), across_too=dice.random() < 0.5)
    if dice.random() < 0.7:
        paint = (0.85, 0.72, 0.15)
        for x in (view.vanishing_x - 0.5, view.vanishing_x + 0.5):
            a, b = view.along(x, back), view.along(x, stage.bottom)
            brush.shape(
                [(a - 0.006, back), (a + 0.006, back), (b + 0.02, stage.bottom), (b - 0.02, stage.bottom)], paint, 0.75
            )


def _roof(stage: Stage) -> None:
    """Girders across, with lamps hung from them."""
    brush, dice, aspect = stage.brush, stage.dice("roof"), stage.scene.aspect
    brush.rect(stage.left, -0.25, stage.right, 0.035, (0.3, 0.31, 0.33))
    steel = dice.choice(((0.44, 0.46, 0.48), (0.5, 0.3, 0.25), (0.3, 0.38, 0.46)))
    brush.lines([(stage.left, 0.035), (stage.right, 0.035), (stage.left, 0.075), (stage.right, 0.075)], 0.01, steel)
    zigzag = [
        (stage.left + i * 0.05, 0.035 if i % 2 else 0.075) for i in range(int((stage.right - stage.left) / 0.05) + 1)
    ]
    brush.line(zigzag, 0.006, steel)
    kind = dice.choice(("strip", "bell"))
    count = (2 if dice.random() < 0.6 else 1) * (1 if aspect < 1.3 else 2)
    for i in range(count):
        x, y = aspect * (i + 0.5) / count + dice.uniform(-0.05, 0.05), 0.115
        brush.lines(
            [(x - 0.03, 0.07), (x - 0.03, y), (x + 0.03, 0.07), (x + 0.03, y)]
            if kind == "strip"
            else [(x, 0.07), (x, y)],
            0.004,
            (0.15, 0.15, 0.15),
        )

        def tube(colour, x: float = x, y: float = y) -> None:
            if kind == "strip":
                brush.rect(x - 0.085, y - 0.012, x + 0.085, y, (0.35, 0.36, 0.37))
                brush.rect(x - 0.08, y, x + 0.08, y + 0.014, colour, corner=0.006)
            else:
                brush.oval(x, y + 0.022, 0.04, 0.012, colour)
                brush.shape(
                    [(x - 0.016, y - 0.018), (x + 0.016, y - 0.018), (x + 0.05, y + 0.022), (x - 0.05, y + 0.022)],
                    (0.3, 0.32, 0.33),
                )

        tube((0.58, 0.6, 0.6))
        if stage.scene.is_lit:
            stage.shine(x, y + 0.012, 0.04, 0.8, stage.view.back + 0.2, 0.72)
            stage.bulbs.append(lambda tube=tube: tube((1.0, 0.98, 0.86)))


def _shutter(stage: Stage, x: float, back: float) -> None:
    """Shut: slats down to the floor. Open: rolled up, the yard outside in full view."""
    brush, scene, dice = stage.brush, stage.scene, stage.dice("shutter")
    left, right, top = x - SHUTTER_WIDE / 2, x + SHUTTER_WIDE / 2, back - SHUTTER_HIGH
    metal = dice.choice(((0.74, 0.76, 0.78), (0.36, 0.46, 0.58), (0.5, 0.56, 0.5), (0.62, 0.4, 0.3), (0.82, 0.8, 0.74)))
    stage.opening = (left, top, right, back)
    brush.rect(left - 0.022, top - 0.055, right + 0.022, back, (0.3, 0.31, 0.33))
    low = top + 0.05 if scene.is_open else back
    if scene.is_open:
        brush.rect(left, low, right, back, (0, 0, 0))
        stage.glows.append(lambda: _yard(stage, left, low, right, back))
    brush.rect(left, top, right, low, metal)
    slat = 0.02
    count = int((low - top) / slat)
    for i in range(count + 1):
        y = min(low, top + i * slat)
        brush.lines([(left, y), (right, y)], 0.006, shaded(metal, 0.68))
        brush.lines([(left, y + 0.006), (right, y + 0.006)], 0.004, shaded(metal, 1.2))
    brush.rect(left, low - 0.014, right, low, (0.2, 0.2, 0.21))
    if not scene.is_open:
        brush.rect(x - 0.02, back - 0.032, x + 0.02, back - 0.022, (0.1, 0.1, 0.1))
    brush.rect(left - 0.03, top - 0.06, right + 0.03, top - 0.004, shaded(metal, 0.75))


def _yard(stage: Stage, left: float, top: float, right: float, foot: float) -> None:
    brush = stage.brush
    sky_top, sky_low = stage.light.sky
    ground = {"day": (0.7, 0.7, 0.68), "dusk": (0.42, 0.34, 0.33), "night": (0.05, 0.06, 0.09)}[stage.scene.light]
    far = top + (foot - top) * 0.62
    brush.rect(left, top, right, far, across((0, top), (0, far), mix(sky_top, sky_low, 0.35), sky_low))
    hedge = {"day": (0.36, 0.5, 0.32), "dusk": (0.23, 0.18, 0.2), "night": (0.02, 0.03, 0.04)}[stage.scene.light]
    brush.rect(left, far - 0.03, right, far, hedge)
    brush.rect(left, far, right, foot, across((0, far), (0, foot), ground, shaded(ground, 1.12)))


def _skylights(stage: Stage) -> None:
    """High windows along the back wall, that show the hour."""
    brush, dice = stage.brush, stage.dice("skylights")
    top, high, wide = 0.095, 0.05, dice.uniform(0.1, 0.16)
    lift = stage.view.back - SHUTTER_HIGH - 0.06
    if top + high > lift:
        high = max(0.03, lift - top - 0.005)
    x = dice.uniform(0.0, 0.15)
    sky_top, sky_low = stage.light.sky
    while x < stage.right:
        box = (x, top, x + wide, top + high)
        brush.rect(*box, (0, 0, 0))

        def pane(box=box) -> None:
            brush.rect(*box, mix(sky_top, sky_low, 0.6))
            bars = [p for i in (1, 2) for p in ((box[0] + wide * i / 3, box[1]), (box[0] + wide * i / 3, box[3]))]
            brush.lines(bars, 0.005, (0.2, 0.2, 0.21))
            brush.frame(*box, 0.007, (0.2, 0.2, 0.21))

        stage.glows.append(pane)
        x += wide * dice.uniform(1.5, 2.4)


def _rack(stage: Stage, left: float, right: float, foot: float, dice: Random) -> None:
    """Shelves against the back wall, with drums, sacks and rolls on them."""
    brush = stage.brush
    frame = dice.choice(((0.2, 0.32, 0.55), (0.2, 0.4, 0.3), (0.4, 0.42, 0.44)))
    beam = dice.choice(((0.8, 0.45, 0.15), (0.5, 0.52, 0.54), (0.72, 0.62, 0.2)))
    levels, step = 3, 0.105
    for level in range(levels):
        y = foot - 0.012 - level * step
        x = left + 0.02
        kind = dice.choice(("drums", "sacks", "rolls"))
        while x < right - 0.07:
            wide = dice.uniform(0.055, 0.075)
            if dice.random() < 0.85:
                {"drums": _drum, "sacks": _sack, "rolls": _roll}[kind](brush, x, y, wide, dice)
            x += wide + 0.008
    brush.lines(
        [
            p
            for level in range(levels)
            for p in ((left, foot - 0.008 - level * step), (right, foot - 0.008 - level * step))
        ],
        0.012,
        beam,
    )
    top = foot - levels * step - 0.01
    brush.lines(
        [(left, top), (left, foot), (right, top), (right, foot), ((left + right) / 2, top), ((left + right) / 2, foot)],
        0.013,
        frame,
    )


def _drum(brush: Brush, x: float, y: float, wide: float, dice: Random) -> None:
    colour = dice.choice(((0.22, 0.36, 0.52), (0.36, 0.46, 0.4), (0.5, 0.51, 0.52), (0.5, 0.3, 0.24)))
    brush.rect(
        x,
        y - 0.078,
        x + wide,
        y,
        across((x, 0), (x + wide, 0), shaded(colour, 1.25), colour, shaded(colour, 0.6)),
        corner=0.005,
    )
    brush.oval(x + wide / 2, y - 0.078, wide / 2, 0.009, shaded(colour, 1.15))
    brush.lines(
        [(x, y - 0.027), (x + wide, y - 0.027), (x, y - 0.052), (x + wide, y - 0.052)], 0.004, shaded(colour, 0.6)
    )


def _sack(brush: Brush, x: float, y: float, wide: float, dice: Random) -> None:
    colour = tone(dice, (32, 46), (0.15, 0.32), (0.62, 0.8))
    for level in range(2):
        low = y - level * 0.032
        brush.blob(
            [
                (x - 0.004, low),
                (x - 0.004, low - 0.03),
                (x + wide / 2, low - 0.042),
                (x + wide + 0.004, low - 0.03),
                (x + wide + 0.004, low),
                (x + wide / 2, low + 0.004),
            ],
            shaded(colour, 1.0 - level * 0.08),
        )
        brush.lines([(x + 0.008, low - 0.008), (x + 0.014, low - 0.026)], 0.004, shaded(colour, 0.7))


def _roll(brush: Brush, x: float, y: float, wide: float, dice: Random) -> None:
    colour = tone(dice, (190, 330), (0.05, 0.25), (0.5, 0.75))
    radius = wide / 2
    brush.oval(x + radius, y - radius, radius, radius, colour)
    brush.ring(x + radius, y - radius, radius * 0.6, 0.004, shaded(colour, 0.7))
    brush.oval(x + radius, y - radius, radius * 0.28, radius * 0.28, shaded(colour, 0.35))


def _side_racks(stage: Stage) -> None:
    """A rack at the picture's edge that runs towards the camera, where nothing is in its way."""
    brush, back, dice = stage.brush, stage.view.back, stage.dice("side racks")
    frame = dice.choice(((0.2, 0.32, 0.55), (0.2, 0.4, 0.3), (0.42, 0.44, 0.46)))
    aspect, x = stage.scene.aspect, stage.opening_x
    for side, chance_of_it in ((0, 0.6), (1, 0.6)):
        edge = 0.06 if side == 0 else aspect - 0.06
        if dice.random() > chance_of_it or (x is not None and abs(x - edge) < SHUTTER_WIDE / 2 + 0.09):
            continue
        outer = edge - 0.3 if side == 0 else edge + 0.3
        foot_far, foot_near = back, back + 0.42
        for level in range(4):
            y0, y1 = foot_far - level * 0.1 - 0.01, foot_near - level * 0.24
            brush.shape(
                [(edge, y0), (outer, y1), (outer, y1 - 0.03), (edge, y0 - 0.012)],
                frame if level else shaded(frame, 0.8),
            )
            if level < 3:
                for i in range(4):
                    share = (i + 0.5) / 4
                    bx, by = edge + (outer - edge) * share, y0 + (y1 - y0) * share - 0.006
                    size = 0.028 + 0.036 * share
                    tint = tone(dice, (30, 220), (0.15, 0.35), (0.35, 0.65))
                    brush.rect(
                        bx - size * 0.8,
                        by - size * 2.2,
                        bx + size * 0.8,
                        by,
                        across((bx - size, 0), (bx + size, 0), shaded(tint, 1.2), shaded(tint, 0.65)),
                        corner=size * 0.3,
                    )
        for share in (0.0, 0.45, 1.0):
            px = edge + (outer - edge) * share
            brush.line(
                [(px, foot_far + (foot_near - foot_far) * share), (px, back - 0.32 - share * 0.3)],
                0.012 + 0.012 * share,
                frame,
            )
