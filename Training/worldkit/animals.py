"""Dogs and cats, each with a body plan of its own.

Drawn in their own lengths, nose to rump, facing right: feet at y = 0, the middle of the body at x = 0.
"""

from math import pi, sin

from .brush import Brush, Colour, across, mix, shaded
from .scene import Thing
from .shades import chance, shade


def draw_animal(brush: Brush, thing: Thing) -> None:
    brush.canvas.save()
    if thing.faces_left:
        brush.canvas.scale(-1, 1)
    (_Dog if thing.kind == "dog" else _Cat)(brush, thing).draw()
    brush.canvas.restore()


def _fur(colour: Colour, top: float, bottom: float):
    light = shaded(colour, 1.14) if sum(colour) < 0.6 else colour
    return across((0, top), (0, bottom), light, colour, shaded(colour, 0.74))


class _Dog:
    """Long muzzle, deep chest, long legs, a stout tail; ears by breed."""

    def __init__(self, brush: Brush, thing: Thing):
        dice = chance(thing.seed, "dog")
        self.brush, self.thing, self.dice = brush, thing, dice
        self.fur = shade(thing.colour or "brown", dice, "dog")
        self.dark = mix(self.fur, (0.25, 0.25, 0.27), 0.5) if sum(self.fur) < 0.6 else shaded(self.fur, 0.68)
        self.legs = dice.uniform(0.3, 0.42)
        self.deep = dice.uniform(0.2, 0.27)
        self.snout = dice.uniform(0.13, 0.19)
        self.head = dice.uniform(0.105, 0.125)
        self.ears = dice.choice(("floppy", "floppy", "pricked", "folded"))
        self.tail = dice.choice(("up", "curled", "bushy", "low"))
        self.shaggy = dice.random() < 0.3
        self.collar = dice.choice(((0.75, 0.12, 0.12), (0.12, 0.3, 0.7), (0.3, 0.2, 0.12), None))
        self.tongue = dice.random() < 0.4
        self.leg_wide = dice.uniform(0.062, 0.08)

    def draw(self) -> None:
        {"sitting": self.sit, "lying": self.lie}.get(self.thing.pose, self.stand)()

    def stand(self) -> None:
        brush, legs, deep = self.brush, self.legs, self.deep
        stride = sin(2 * pi * self.thing.phase + 1.1) * 0.13 if self.thing.pose == "walking" else 0.0
        if self.thing.pose == "walking" and abs(stride) < 0.04:
            stride = 0.04
        back = -legs - deep
        self.wag((-0.33, back + 0.05))
        for x, way in ((-0.27, -1), (0.2, 1)):
            self.leg(x + 0.04, -legs - 0.02, stride * way - 0.01, self.dark)
        body = [
            (-0.37, back + 0.04),
            (-0.2, back - 0.005),
            (0.1, back + 0.01),
            (0.27, back - 0.03),
            (0.34, back + 0.1),
            (0.28, -legs + 0.05),
            (0.1, -legs + 0.03),
            (-0.1, -legs - 0.04),
            (-0.24, -legs + 0.02),
            (-0.38, -legs - 0.04),
        ]
        brush.blob(body, _fur(self.fur, back, -legs + 0.05))
        if self.shaggy:
            fringe = [
                p
                for i in range(20)
                for p in ((-0.3 + i * 0.03, -legs - 0.03), (-0.32 + i * 0.03, -legs + 0.04 + 0.02 * (i % 3)))
            ]
            brush.lines(fringe, 0.034, shaded(self.fur, 0.8))
        for x, way in ((-0.29, 1), (0.2, -1)):
            self.leg(x, -legs - 0.05, stride * way, self.fur)
        brush.line([(0.24, back + 0.1), (0.36, back - 0.1)], 0.15, self.fur)
        if self.collar:
            brush.line([(0.27, back - 0.035), (0.38, back + 0.01)], 0.03, self.collar)
        self.face(0.4, back - 0.13)

    def sit(self) -> None:
        """Upright on the haunches, forelegs straight."""
        brush = self.brush
        self.canvas_shift(-0.05)
        brush.curve([(-0.22, -0.05), (-0.36, -0.04), (-0.44, -0.1 if self.tail != "low" else -0.03)], 0.06, self.dark)
        brush.line([(0.2, -0.35), (0.19, -0.03)], self.leg_wide, self.dark)
        brush.blob(
            [
                (0.16, -0.62),
                (0.28, -0.5),
                (0.25, -0.28),
                (0.1, -0.02),
                (-0.2, 0.0),
                (-0.33, -0.06),
                (-0.28, -0.24),
                (-0.12, -0.44),
                (0.02, -0.62),
            ],
            _fur(self.fur, -0.6, 0.0),
        )
        brush.oval(-0.12, -0.12, 0.16, 0.12, self.fur)
        brush.curve([(-0.22, -0.2), (-0.05, -0.26), (0.03, -0.12), (0.0, -0.03)], 0.012, self.dark, 0.8)
        brush.line([(-0.12, -0.02), (0.04, -0.02)], 0.05, self.fur)
        brush.line([(0.17, -0.4), (0.16, -0.03), (0.2, -0.025)], self.leg_wide, self.fur)
        brush.line([(0.13, -0.52), (0.18, -0.66)], 0.16, self.fur)
        if self.collar:
            brush.line([(0.09, -0.62), (0.25, -0.59)], 0.03, self.collar)
        self.face(0.22, -0.74)

    def lie(self) -> None:
        """On the belly, forelegs stretched out, head up."""
        brush = self.brush
        brush.curve([(-0.38, -0.1), (-0.48, -0.04), (-0.56, -0.03)], 0.05, self.dark)
        brush.blob(
            [
                (-0.42, -0.1),
                (-0.34, -0.24),
                (-0.1, -0.27),
                (0.16, -0.28),
                (0.28, -0.2),
                (0.26, -0.01),
                (-0.1, 0.0),
                (-0.38, 0.0),
            ],
            _fur(self.fur, -0.27, 0.0),
        )
        brush.oval(-0.24, -0.11, 0.14, 0.11, self.fur)
        brush.curve([(-0.34, -0.18), (-0.2, -0.22), (-0.1, -0.1)], 0.012, self.dark, 0.8)
        brush.line([(-0.26, -0.025), (-0.06, -0.025)], 0.05, self.fur)
        brush.line([(0.18, -0.09), (0.46, -0.03)], self.leg_wide * 0.9, self.dark)
        brush.line([(0.14, -0.06), (0.4, -0.025)], self.leg_wide * 0.9, self.fur)
        brush.line([(0.2, -0.2), (0.28, -0.32)], 0.15, self.fur)
        if self.collar:
            brush.line([(0.18, -0.28), (0.34, -0.24)], 0.03, self.collar)
        self.face(0.31, -0.38)

    def canvas_shift(self, x: float) -> None:
        self.brush.canvas.translate(x, 0)

    def leg(self, x: float, top: float, stride: float, colour: Colour) -> None:
        knee = (x + stride * 0.4 - 0.015, top * 0.5)
        self.brush.line([(x, top), knee, (x + stride, -0.03)], self.leg_wide, colour)
        self.brush.line([(x + stride, -0.025), (x + stride + 0.035, -0.022)], self.leg_wide * 0.75, colour)

    def wag(self, root: tuple[float, float]) -> None:
        x, y = root
        swing = sin(4 * pi * self.thing.phase) * 0.03
        shapes = {
            "up": ([(x, y), (x - 0.1, y - 0.04), (x - 0.15, y - 0.2 + swing)], 0.045),
            "curled": ([(x, y), (x - 0.12, y - 0.1), (x - 0.02, y - 0.22), (x + 0.04, y - 0.12)], 0.055),
            "bushy": ([(x, y), (x - 0.12, y), (x - 0.22, y - 0.09 + swing)], 0.085),
            "low": ([(x, y), (x - 0.08, y + 0.06), (x - 0.11, y + 0.22)], 0.045),
        }
        points, wide = shapes[self.tail]
        self.brush.curve(points, wide, self.dark)

    def face(self, x: float, y: float) -> None:
        """In profile: skull, stop, square muzzle with a black nose."""
        brush, head, snout = self.brush, self.head, self.snout
        if self.ears == "pricked":
            brush.shape([(x - 0.09, y - 0.05), (x - 0.06, y - 0.23), (x + 0.02, y - 0.08)], self.dark)
        brush.oval(x, y, head, head * 0.98, self.fur)
        brush.line([(x + 0.05, y + 0.035), (x + head * 0.4 + snout, y + 0.05)], head * 1.02, self.fur)
        tip = (x + head * 0.4 + snout + head * 0.48, y + 0.025)
        if self.tongue:
            brush.line([(tip[0] - 0.07, y + 0.1), (tip[0] - 0.06, y + 0.16)], 0.04, (0.9, 0.45, 0.5))
        brush.line([(x + 0.1, y + 0.085), (tip[0] - 0.03, y + 0.085)], 0.014, self.dark)
        brush.oval(tip[0], tip[1], 0.032, 0.028, (0.04, 0.04, 0.05))
        brush.oval(x + 0.045, y - 0.025, 0.021, 0.021, (0.05, 0.04, 0.04))
        if sum(self.fur) < 0.6:
            brush.oval(x + 0.045, y - 0.025, 0.022, 0.022, (0.62, 0.42, 0.2))
            brush.oval(x + 0.05, y - 0.025, 0.012, 0.012, (0, 0, 0))
        if self.ears == "floppy":
            brush.blob(
                [
                    (x - 0.08, y - 0.1),
                    (x + 0.0, y - 0.08),
                    (x - 0.01, y + 0.08),
                    (x - 0.06, y + 0.17),
                    (x - 0.12, y + 0.1),
                    (x - 0.12, y - 0.04),
                ],
                self.dark,
            )
        elif self.ears == "folded":
            brush.shape(
                [(x - 0.09, y - 0.07), (x - 0.03, y - 0.15), (x + 0.04, y - 0.01), (x - 0.04, y - 0.02)], self.dark
            )
        else:
            brush.shape([(x - 0.06, y - 0.07), (x + 0.0, y - 0.24), (x + 0.06, y - 0.06)], self.fur)
            brush.shape([(x - 0.03, y - 0.08), (x + 0.005, y - 0.18), (x + 0.035, y - 0.07)], self.dark)


class _Cat:
    """Slim and low, a small round head with two pointed ears and whiskers, a long thin tail."""

    def __init__(self, brush: Brush, thing: Thing):
        dice = chance(thing.seed, "cat")
        self.brush, self.thing, self.dice = brush, thing, dice
        self.fur = shade(thing.colour or "grey", dice, "cat")
        black = sum(self.fur) < 0.6
        self.dark = (0.22, 0.22, 0.24) if black else shaded(self.fur, 0.7)
        self.striped = thing.colour in ("grey", "orange") and dice.random() < 0.65
        self.belly = (0.95, 0.93, 0.9) if dice.random() < 0.3 and not black else None
        self.eyes = dice.choice(((0.55, 0.78, 0.2), (0.9, 0.75, 0.2), (0.4, 0.7, 0.8)))
        self.legs = dice.uniform(0.24, 0.29)
        self.thick = dice.uniform(0.15, 0.19)
        self.tail = dice.choice(("tall", "hook", "curve"))
        self.head = dice.uniform(0.125, 0.145)
        self.line = (0.5, 0.5, 0.52) if black else shaded(self.fur, 0.5)

    def draw(self) -> None:
        {"sitting": self.sit, "lying": self.lie}.get(self.thing.pose, self.stand)()

    def stripes(self, places: list, length: float, lean: float = 0.0) -> None:
        if self.striped:
            ends = [p for x, y in places for p in ((x, y), (x + lean, y + length))]
            self.brush.lines(ends, 0.022, shaded(self.fur, 0.62), 0.9)

    def stand(self) -> None:
        brush, legs, thick = self.brush, self.legs, self.thick
        walking = self.thing.pose == "walking"
        stride = sin(2 * pi * self.thing.phase + 1.1) * 0.11 if walking else 0.0
        back = -legs - thick
        x, y = -0.33, back + 0.05
        sway = sin(2 * pi * self.thing.phase) * 0.025
        tails = {
            "tall": [(x, y), (x - 0.09, y - 0.06), (x - 0.06 + sway, y - 0.26), (x - 0.07 + sway, y - 0.42)],
            "hook": [(x, y), (x - 0.12, y - 0.06), (x - 0.08, y - 0.36), (x + sway, y - 0.4), (x + 0.02, y - 0.3)],
            "curve": [(x, y), (x - 0.16, y + 0.04), (x - 0.2, y - 0.18), (x - 0.3 + sway, y - 0.3)],
        }
        brush.curve(tails[self.tail], 0.046, self.fur)
        for place, way in ((-0.25, -1), (0.2, 1)):
            self.leg(place + 0.045, stride * way, self.dark)
        brush.blob(
            [
                (-0.37, back + 0.03),
                (-0.2, back - 0.02),
                (0.05, back + 0.035),
                (0.26, back - 0.01),
                (0.33, back + 0.08),
                (0.26, -legs + 0.02),
                (0.0, -legs + 0.01),
                (-0.22, -legs + 0.01),
                (-0.37, -legs - 0.05),
            ],
            _fur(self.fur, back, -legs + 0.04),
        )
        if self.belly:
            brush.oval(0.06, -legs - 0.015, 0.2, 0.035, self.belly)
        self.stripes([(i * 0.08 - 0.26, back + 0.035) for i in range(6)], thick * 0.55, -0.02)
        for place, way in ((-0.28, 1), (0.2, -1)):
            self.leg(place, stride * way, self.fur)
        brush.line([(0.24, back + 0.06), (0.33, back - 0.03)], 0.12, self.fur)
        self.face(0.37, back - 0.07)

    def sit(self) -> None:
        """Upright like a pear, seen half from the front, the tail around the feet."""
        brush = self.brush
        brush.curve(
            [(-0.14, -0.05), (-0.34, -0.08), (-0.36, -0.26), (-0.25, -0.34)]
            if self.tail != "curve"
            else [(-0.16, -0.06), (-0.26, -0.0), (-0.08, 0.01), (0.12, -0.02)],
            0.05,
            self.dark,
        )
        brush.blob(
            [
                (-0.02, -0.56),
                (0.1, -0.46),
                (0.16, -0.26),
                (0.2, -0.04),
                (0.1, 0.01),
                (-0.12, 0.01),
                (-0.26, -0.05),
                (-0.23, -0.24),
                (-0.13, -0.46),
            ],
            _fur(self.fur, -0.55, 0.0),
        )
        if self.belly:
            brush.oval(0.02, -0.34, 0.06, 0.12, self.belly)
        self.stripes([(-0.18 + i * 0.01, -0.4 + i * 0.09) for i in range(4)], 0.03, 0.1)
        brush.lines([(0.0, -0.26), (0.01, -0.02), (0.085, -0.26), (0.09, -0.02)], 0.012, self.dark, 0.8)
        brush.line([(-0.01, -0.015), (0.03, -0.012)], 0.045, self.fur)
        brush.line([(0.09, -0.012), (0.13, -0.012)], 0.045, self.fur)
        self.face(0.01, -0.64)

    def lie(self) -> None:
        """Curled to a loaf, paws tucked in."""
        brush = self.brush
        brush.blob(
            [
                (-0.38, -0.06),
                (-0.34, -0.22),
                (-0.12, -0.29),
                (0.12, -0.25),
                (0.26, -0.2),
                (0.3, -0.02),
                (0.1, 0.01),
                (-0.3, 0.01),
            ],
            _fur(self.fur, -0.28, 0.0),
        )
        self.stripes([(i * 0.08 - 0.26, -0.23) for i in range(5)], 0.11, -0.02)
        brush.curve([(-0.36, -0.05), (-0.44, 0.01), (-0.2, 0.0), (0.06, -0.02)], 0.05, self.dark)
        brush.line([(0.16, -0.02), (0.3, -0.02)], 0.045, self.belly or self.fur)
        self.face(0.24, -0.29)

    def leg(self, x: float, stride: float, colour: Colour) -> None:
        self.brush.line(
            [(x, -self.legs - 0.03), (x + stride * 0.5 - 0.01, -self.legs * 0.5), (x + stride, -0.022)], 0.048, colour
        )
        self.brush.line([(x + stride, -0.02), (x + stride + 0.025, -0.02)], 0.04, self.belly or colour)

    def face(self, x: float, y: float) -> None:
        """Turned to the camera: round, flat, ears like two triangles, whiskers to both sides."""
        brush, head = self.brush, self.head
        for side in (-1, 1):
            ear = [
                (x + side * head * 0.98, y - head * 0.25),
                (x + side * head * 0.82, y - head * 1.65),
                (x + side * head * 0.1, y - head * 0.8),
            ]
            brush.shape(ear, self.fur)
            inner = [
                (x + side * head * 0.8, y - head * 0.55),
                (x + side * head * 0.75, y - head * 1.3),
                (x + side * head * 0.36, y - head * 0.8),
            ]
            brush.shape(inner, mix(self.dark, (0.95, 0.6, 0.6), 0.45))
        brush.oval(x, y, head * 1.08, head * 0.94, self.fur)
        if self.striped:
            brush.lines(
                [
                    (x + dx, y - head * 0.85) if top else (x + dx * 0.8, y - head * 0.45)
                    for dx in (-0.04, 0.0, 0.04)
                    for top in (True, False)
                ],
                0.018,
                shaded(self.fur, 0.6),
            )
        muzzle = self.belly or shaded(self.fur, 1.25)
        brush.oval(x, y + head * 0.4, head * 0.5, head * 0.36, muzzle)
        for side in (-1, 1):
            brush.oval(x + side * head * 0.45, y - head * 0.08, 0.03, 0.033, self.eyes)
            brush.oval(x + side * head * 0.45, y - head * 0.08, 0.011, 0.028, (0.03, 0.03, 0.03))
            whisker = [
                (x + side * head * 0.4, y + head * 0.4),
                (x + side * head * 1.75, y + head * 0.22),
                (x + side * head * 0.4, y + head * 0.5),
                (x + side * head * 1.7, y + head * 0.68),
            ]
            brush.lines(whisker, 0.009, self.line)
        brush.shape([(x - 0.025, y + head * 0.2), (x + 0.025, y + head * 0.2), (x, y + head * 0.4)], (0.85, 0.45, 0.45))
