"""Light: the sky, what the time of day and the weather leave of colours, and lamps."""

from dataclasses import dataclass, field
from math import hypot

import skia

from .brush import Brush, Colour, faded, mix
from .scene import INDOORS, Scene
from .view import OVERSCAN, View

_SKIES = {  # at the top, and low above the horizon
    ("day", "clear"): ((0.3, 0.56, 0.9), (0.74, 0.87, 0.97)),
    ("day", "rain"): ((0.46, 0.5, 0.54), (0.64, 0.67, 0.69)),
    ("day", "snow"): ((0.68, 0.72, 0.77), (0.86, 0.88, 0.9)),
    ("day", "fog"): ((0.76, 0.78, 0.79), (0.82, 0.83, 0.83)),
    ("dusk", "clear"): ((0.34, 0.27, 0.5), (1.0, 0.56, 0.3)),
    ("dusk", "rain"): ((0.38, 0.34, 0.42), (0.86, 0.6, 0.47)),
    ("dusk", "snow"): ((0.47, 0.36, 0.5), (0.96, 0.62, 0.46)),
    ("dusk", "fog"): ((0.56, 0.48, 0.5), (0.8, 0.63, 0.54)),
    ("night", "clear"): ((0.015, 0.025, 0.08), (0.05, 0.07, 0.17)),
    ("night", "rain"): ((0.03, 0.035, 0.06), (0.07, 0.08, 0.12)),
    ("night", "snow"): ((0.06, 0.07, 0.13), (0.12, 0.14, 0.22)),
    ("night", "fog"): ((0.2, 0.22, 0.27), (0.27, 0.29, 0.34)),
}
# What is left of the place's and of the things' colours. Things keep more, so that they can be told at night.
_OUTDOORS = {
    "day": ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0)),
    "dusk": ((0.76, 0.6, 0.56), (0.88, 0.79, 0.75)),
    "night": ((0.29, 0.34, 0.52), (0.57, 0.57, 0.65)),
}
_INSIDE = {
    "day": ((0.98, 0.98, 0.98), (1.0, 1.0, 1.0)),
    "dusk": ((0.66, 0.52, 0.48), (0.82, 0.73, 0.69)),
    "night": ((0.3, 0.33, 0.47), (0.57, 0.57, 0.64)),
}
_OF_WEATHER = {
    "clear": (1.0, 1.0, 1.0),
    "rain": (0.78, 0.82, 0.87),
    "snow": (0.95, 0.97, 1.0),
    "fog": (0.9, 0.92, 0.93),
}
LAMPLIGHT: Colour = (1.0, 0.83, 0.54)
FIRELIGHT: Colour = (1.0, 0.5, 0.15)


@dataclass(frozen=True)
class Lamp:
    """Light from a lit lamp (or a fire) at (x, y), that reaches as far as `reach` and lights the ground at `foot`."""

    x: float
    y: float
    reach: float
    strength: float = 0.75
    foot: float | None = None
    colour: Colour = LAMPLIGHT


@dataclass
class Light:
    """The light of a scene."""

    sky: tuple[Colour, Colour]
    on_place: Colour
    on_things: Colour
    fog: Colour
    fogginess: float
    lamps: list[Lamp] = field(default_factory=list)

    def cover(self, brush: Brush, view: View) -> None:
        """Lights all that is on the current layer."""
        canvas = brush.canvas
        canvas.saveLayer(None, skia.Paint(BlendMode=skia.BlendMode.kModulate))
        edge = OVERSCAN + 0.1
        brush.rect(-edge, -edge, view.aspect + edge, 1 + edge, self.on_place)
        for lamp in self.lamps:
            pool = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kScreen)
            _pour(canvas, pool, lamp.x, lamp.y, lamp.reach, 1.0, lamp, 0.75)
            if lamp.foot is not None:
                _pour(canvas, pool, lamp.x, lamp.foot, lamp.reach * 0.9, 0.42, lamp, 0.7)
        canvas.restore()

    def at(self, x: float, foot: float) -> Colour:
        """The light on a thing that stands there."""
        light = self.on_things
        for lamp in self.lamps:
            distance = hypot(x - lamp.x, (foot - (lamp.foot or lamp.y)) * 1.4)
            share = max(0.0, 1 - distance / (lamp.reach * 1.1)) * lamp.strength * 0.7
            light = tuple(now + (1 - now) * share * c for now, c in zip(light, lamp.colour))
        return light

    def haze(self, depth: float) -> float:
        """How much fog there is before what is at a depth."""
        return self.fogginess * (0.25 + 0.75 * depth)

    def filter(self, x: float, foot: float, depth: float, floor: float = 0.0) -> skia.ColorFilter:
        """What light and fog make of the colours of a thing; light is at least `floor`."""
        haze = self.haze(depth) * 0.68  # less than before the place, for colours to be told
        rows = []
        for channel, light in enumerate(self.at(x, foot)):
            row = [0.0] * 5
            row[channel] = max(light, floor) * (1 - haze)
            row[4] = self.fog[channel] * haze
            rows += row
        return skia.ColorFilters.Matrix([*rows, 0, 0, 0, 1, 0])


def _pour(
    canvas: skia.Canvas, paint: skia.Paint, x: float, y: float, reach: float, flat: float, lamp: Lamp, share: float
) -> None:
    strength = lamp.strength * share
    colours = [faded(lamp.colour, strength), faded(lamp.colour, strength * 0.45), faded(lamp.colour, 0.0)]
    packed = [skia.Color4f(*c).toColor() for c in colours]
    canvas.save()
    canvas.translate(x, y)
    canvas.scale(reach, reach * flat)
    paint.setShader(skia.GradientShader.MakeRadial(skia.Point(0, 0), 1, packed))
    canvas.drawCircle(0, 0, 1, paint)
    canvas.restore()


def light_of(scene: Scene) -> Light:
    """The light without lamps."""
    sky = _SKIES[scene.light, scene.weather]
    if scene.place in INDOORS:
        on_place, on_things = _INSIDE[scene.light]
        if scene.is_lit:
            on_place, on_things = (mix(c, (1.0, 0.9, 0.72), 0.4) for c in (on_place, on_things))
        return Light(sky, on_place, on_things, sky[1], 0.0)
    on_place, on_things = _OUTDOORS[scene.light]
    weather = mix((1.0, 1.0, 1.0), _OF_WEATHER[scene.weather], 1.0 if scene.light == "day" else 0.4)
    on_place = tuple(a * b for a, b in zip(on_place, weather))
    on_things = tuple(a * (0.5 + 0.5 * b) for a, b in zip(on_things, weather))
    return Light(sky, on_place, on_things, mix(sky[0], sky[1], 0.6), 0.66 if scene.weather == "fog" else 0.0)
