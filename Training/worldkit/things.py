"""Things on the ground: how large each kind is, and its drawing, shadow and reflection there."""

from collections.abc import Callable

import skia

from .animals import draw_animal
from .bicycle import draw_bicycle
from .brush import Brush, faded
from .light import Light
from .objects import draw_fire, draw_ladder, draw_parcel, draw_smoke
from .people import draw_person
from .scene import Scene, Thing
from .shades import chance
from .vehicles import draw_car, draw_van
from .view import View

# A kind's drawing, the size (in heights of the picture) of its unit at depths 0 and 1, and how wide its shadow is.
_KINDS: dict[str, tuple[Callable[[Brush, Thing], None], float, float, float]] = {
    "person": (draw_person, 0.68, 0.33, 0.3),
    "car": (draw_car, 0.76, 0.4, 1.0),
    "van": (draw_van, 0.8, 0.44, 1.0),
    "bicycle": (draw_bicycle, 0.52, 0.29, 0.9),
    "dog": (draw_animal, 0.42, 0.235, 0.75),
    "cat": (draw_animal, 0.36, 0.205, 0.7),
    "parcel": (draw_parcel, 0.29, 0.155, 1.0),
    "ladder": (draw_ladder, 0.76, 0.48, 0.4),
    "fire": (draw_fire, 0.34, 0.18, 0.9),
    "smoke": (draw_smoke, 0.62, 0.36, 0.3),
}
_SPREAD = 0.1  # how much sizes of a kind differ


# A faint edge of light, without which black things would be lost in the dark.
_RIM = skia.ImageFilters.DropShadow(0, -0.003, 0.004, 0.004, skia.Color4f(0.66, 0.72, 0.86, 0.75).toColor())


def size_of(thing: Thing) -> float:
    near, far = _KINDS[thing.kind][1:3]
    return (near + (far - near) * thing.depth) * chance(thing.seed, "size").uniform(1 - _SPREAD * 0.3, 1 + _SPREAD)


def draw_thing(brush: Brush, thing: Thing, view: View) -> None:
    """The thing alone, in its own colours."""
    canvas = brush.canvas
    canvas.save()
    canvas.translate(thing.x, view.foot(thing.depth))
    size = size_of(thing)
    canvas.scale(size, size)
    _KINDS[thing.kind][0](brush, thing)
    canvas.restore()


def draw_lit(brush: Brush, thing: Thing, view: View, light: Light, scene: Scene) -> None:
    """The thing as the scene's light, fog and wet ground show it."""
    canvas = brush.canvas
    size, foot = size_of(thing), view.foot(thing.depth)
    if thing.kind not in ("fire", "smoke"):
        flat = thing.kind == "person" and thing.pose == "lying"
        half = size * (0.6 if flat else _KINDS[thing.kind][3] * 0.5)
        _shadow(brush, thing.x, foot, half, 0.5 if scene.light == "day" and scene.weather == "clear" else 0.38)
    floor = {"fire": 1.0, "smoke": 0.62}.get(thing.kind, 0.36)
    paint = skia.Paint(ColorFilter=light.filter(thing.x, foot, thing.depth, floor))
    if scene.light == "night" and thing.colour == "black":
        paint.setImageFilter(_RIM)
    bounds = skia.Rect(thing.x - size * 1.1, foot - size * 1.5, thing.x + size * 1.1, foot + size * 0.25)
    if scene.weather == "rain" and thing.kind != "smoke" and thing.pose != "lying":
        _reflect(brush, thing, view, paint, foot, size)
    if thing.kind == "fire":
        brush.glow(thing.x, foot - size * 0.4, size * 1.3, (1.0, 0.5, 0.1), 0.42 if scene.light == "day" else 0.6)
    canvas.saveLayer(bounds, paint)
    draw_thing(brush, thing, view)
    canvas.restore()


def _shadow(brush: Brush, x: float, foot: float, half: float, alpha: float) -> None:
    canvas = brush.canvas
    canvas.save()
    canvas.translate(x, foot)
    canvas.scale(half * 1.15, half * 0.22 + 0.008)
    shade = skia.GradientShader.MakeRadial(
        skia.Point(0, 0), 1, [skia.Color4f(*faded((0, 0, 0), a)).toColor() for a in (alpha, alpha * 0.85, 0)]
    )
    brush.oval(0, 0, 1, 1, shade)
    canvas.restore()


def _reflect(brush: Brush, thing: Thing, view: View, paint: skia.Paint, foot: float, size: float) -> None:
    """Upside down and faint, as wet ground shows it."""
    canvas = brush.canvas
    faint = skia.Paint(paint)
    faint.setAlphaf(0.26)
    canvas.save()
    canvas.translate(0, foot)
    canvas.scale(1, -0.55)
    canvas.translate(0, -foot)
    canvas.saveLayer(skia.Rect(thing.x - size, foot - size * 1.1, thing.x + size, foot), faint)
    draw_thing(brush, thing, view)
    canvas.restore()
    canvas.restore()
