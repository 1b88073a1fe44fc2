"""The view: where the camera stands and how the ground recedes from it."""

from dataclasses import dataclass

from .scene import Scene
from .shades import chance

OVERSCAN = 0.2  # how far backgrounds reach beyond the picture, for a shaken camera to find no border


@dataclass(frozen=True)
class View:
    aspect: float
    horizon: float
    near: float  # where things at depth 0 stand
    vanishing_x: float

    def size(self, depth: float) -> float:
        """The size of things at a depth, 1 at depth 0."""
        return 1 - 0.516 * depth

    def foot(self, depth: float) -> float:
        return self.horizon + (self.near - self.horizon) * self.size(depth)

    def along(self, x: float, y: float) -> float:
        """Follows a line on the ground, that runs away from the camera, from (x, near) to the height y."""
        return self.vanishing_x + (x - self.vanishing_x) * (y - self.horizon) / (self.near - self.horizon)

    @property
    def back(self) -> float:
        """Where walls and fences at the back meet the ground: a little behind the farthest things."""
        return self.foot(1.07)


def view_of(scene: Scene) -> View:
    dice = chance(scene.seed, "view")
    return View(
        scene.aspect, dice.uniform(0.2, 0.29), dice.uniform(0.93, 0.96), scene.aspect * dice.uniform(0.35, 0.65)
    )
