"""Places: the surroundings that stay, drawn and lit, behind all things."""

from collections.abc import Callable

import skia

from .brush import Brush
from .doorstep import draw_doorstep
from .fixtures import sky
from .garden import draw_garden
from .light import FIRELIGHT, Lamp, Light, light_of
from .parking import draw_parking_lot
from .room import draw_room
from .scene import INDOORS, Scene
from .stage import Stage
from .street import draw_street
from .view import View
from .warehouse import draw_warehouse

_PLACES: dict[str, Callable[[Stage], None]] = {
    "doorstep": draw_doorstep,
    "street": draw_street,
    "parking lot": draw_parking_lot,
    "room": draw_room,
    "garden": draw_garden,
    "warehouse": draw_warehouse,
}


def draw_place(brush: Brush, scene: Scene, view: View) -> tuple[Light, Stage]:
    """Draws the place under its light, which is also returned, for the things."""
    light = light_of(scene)
    stage = Stage(scene, view, light, brush)
    canvas = brush.canvas
    if scene.place not in INDOORS:
        sky(stage, view.back)
    canvas.saveLayer(None, skia.Paint())
    _PLACES[scene.place](stage)
    for thing in scene.things:
        if thing.kind == "fire" and scene.light != "day":
            foot = view.foot(thing.depth)
            light.lamps.append(Lamp(thing.x, foot - 0.1 * view.size(thing.depth), 0.4, 0.6, foot, FIRELIGHT))
    light.cover(brush, view)
    canvas.restore()
    for glow in stage.glows:
        glow()
    return light, stage
