"""The stage: what the drawing of a place has at hand, and the spots along its back that are still free."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import skia

from .brush import Brush
from .light import LAMPLIGHT, Lamp, Light
from .scene import Scene
from .shades import chance
from .view import OVERSCAN, View

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass
class Stage:
    scene: Scene
    view: View
    light: Light
    brush: Brush
    glows: list[Callable[[], None]] = field(default_factory=list)  # drawn over the lit place: what shines by itself
    bulbs: list[Callable[[], None]] = field(default_factory=list)  # what shines through fog
    opening: Box | None = None  # where the door, gate or shutter is
    taken: list[tuple[float, float]] = field(default_factory=list)  # along the back

    @property
    def left(self) -> float:
        return -OVERSCAN

    @property
    def right(self) -> float:
        return self.scene.aspect + OVERSCAN

    @property
    def bottom(self) -> float:
        return 1 + OVERSCAN

    def dice(self, what: str) -> Random:
        return chance(self.scene.seed, f"{self.scene.place} {what}")

    @property
    def opening_x(self) -> float | None:
        """Where the opening is, if the picture shows any of it."""
        x = self.scene.opening_x
        return x if x is not None and self.left - 0.2 < x < self.right + 0.2 else None

    def take(self, middle: float, wide: float) -> None:
        self.taken.append((middle - wide / 2, middle + wide / 2))

    def spot(self, wide: float, dice: Random, margin: float = 0.0) -> float | None:
        """The middle of a free stretch along the back, which is then taken."""
        for _ in range(12):
            middle = dice.uniform(margin, self.scene.aspect - margin)
            if all(middle + wide / 2 <= left or middle - wide / 2 >= right for left, right in self.taken):
                self.take(middle, wide)
                return middle
        return None

    def shine(
        self, x: float, y: float, size: float, reach: float, foot: float | None = None, strength: float = 0.75
    ) -> None:
        """A lamp's light: on the place, and as a glow around its bulb."""
        self.light.lamps.append(Lamp(x, y, reach, strength, foot))
        halo = 0.5 if self.scene.light == "day" else 0.72

        def glow() -> None:
            self.brush.glow(x, y, size * 4.5, LAMPLIGHT, halo)
            self.brush.glow(x, y, size * 1.9, (1.0, 0.95, 0.75), 0.95)

        self.bulbs.append(glow)

    def clipped(self, box: Box, drawing: Callable[[], None]) -> None:
        canvas = self.brush.canvas
        canvas.save()
        canvas.clipRect(skia.Rect(*box), True)
        drawing()
        canvas.restore()
