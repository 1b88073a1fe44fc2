"""Weather between the camera and the place: fog behind things, wet ground, and what falls."""

from .brush import Brush, across, faded, mix
from .light import Light
from .scene import Scene
from .shades import chance
from .view import OVERSCAN, View


def veil(brush: Brush, view: View, light: Light) -> None:
    """Fog before the place: thickest at the back."""
    if not light.fogginess:
        return
    thick, thin = faded(light.fog, light.haze(1.1)), faded(light.fog, light.haze(0.0))
    edge = OVERSCAN
    brush.rect(-edge, -edge, view.aspect + edge, view.back, across((0, 0), (0, 1), thick, thick))
    brush.rect(-edge, view.back, view.aspect + edge, 1 + edge, across((0, view.back), (0, 1), thick, thin))


def wet(brush: Brush, scene: Scene, view: View, light: Light) -> None:
    """Puddles that show the sky, and lamps drawn long on the ground."""
    dice = chance(scene.seed, "puddles")
    shine = mix(light.sky[1], light.sky[0], 0.35)
    for _ in range(7):
        depth = dice.uniform(-0.1, 0.95)
        x, size = dice.uniform(0, scene.aspect), view.size(depth)
        wide = dice.uniform(0.07, 0.19) * size
        brush.oval(x, view.foot(depth), wide, wide * 0.17, shine, 0.42)
        brush.oval(x + wide * 0.5, view.foot(depth) + wide * 0.08, wide * 0.7, wide * 0.12, shine, 0.42)
    for lamp in light.lamps:
        brush.canvas.save()
        brush.canvas.translate(lamp.x, view.back + 0.16)
        brush.canvas.scale(0.2, 1)
        brush.glow(0, 0, 0.26, lamp.colour, 0.55)
        brush.canvas.restore()


def falling(brush: Brush, scene: Scene) -> None:
    """Rain or snow in the air; another in every picture that a camera takes."""
    if scene.weather not in ("rain", "snow"):
        return
    dice = chance(scene.camera.seed * 31 + scene.seed, scene.weather)
    edge, wide = 0.05, scene.aspect
    count = round((150 if scene.weather == "rain" else 170) * wide)
    spots = [(dice.uniform(-edge, wide + edge), dice.uniform(-edge, 1 + edge)) for _ in range(count)]
    if scene.weather == "rain":
        slant = chance(scene.seed, "wind").uniform(-0.25, 0.25)
        pale = {"day": (0.9, 0.93, 0.97), "dusk": (0.92, 0.82, 0.78), "night": (0.62, 0.68, 0.8)}[scene.light]
        for width, length, part in ((0.0028, 0.045, spots[: count * 2 // 3]), (0.0042, 0.075, spots[count * 2 // 3 :])):
            ends = [p for x, y in part for p in ((x, y), (x + slant * length, y + length))]
            brush.lines(ends, width, pale, 0.55)
        return
    pale = {"day": (1.0, 1.0, 1.0), "dusk": (0.97, 0.92, 0.92), "night": (0.78, 0.82, 0.92)}[scene.light]
    third = count // 3
    for size, part in ((0.006, spots[:third]), (0.009, spots[third : 2 * third]), (0.014, spots[2 * third :])):
        brush.dots(part, size, pale, 0.92)
