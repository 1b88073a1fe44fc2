"""Draws scenes, and measures how much of each thing a picture really shows."""

import numpy as np
import skia

from .brush import Brush
from .camera import photograph, photograph_jpeg
from .places import draw_place
from .scene import Scene, Thing, Visible
from .things import draw_lit, draw_thing
from .view import View, view_of
from .weather import falling, veil, wet

_SOLID = 77  # of 255: where a thing covers less than this, it is seen through
_ROOM_AROUND = 1.0  # how far, in heights, a thing may lie outside the picture and yet be measured


def draw(scene: Scene, height: int = 256) -> np.ndarray:
    """The scene before the camera: (height, width, 3) levels of red, green and blue."""
    width = round(height * scene.aspect)
    pixels = np.zeros((height, width, 4), np.uint8)
    canvas = skia.Surface(pixels, colorType=skia.kRGBA_8888_ColorType).getCanvas()
    canvas.scale(height, height)
    _shake(canvas, scene)
    brush, view = Brush(canvas), view_of(scene)
    light, stage = draw_place(brush, scene, view)
    veil(brush, view, light)
    if scene.weather == "rain":
        wet(brush, scene, view, light)
    for bulb in stage.bulbs:
        bulb()
    for thing in _far_to_near(scene):
        draw_lit(brush, thing, view, light, scene)
    canvas.resetMatrix()
    canvas.scale(height, height)
    falling(brush, scene)
    return np.ascontiguousarray(pixels[..., :3])


def picture(scene: Scene, height: int = 256) -> np.ndarray:
    """What the scene's camera shows."""
    return photograph(draw(scene, height), scene.camera)


def picture_jpeg(scene: Scene, height: int = 256) -> bytes:
    return photograph_jpeg(draw(scene, height), scene.camera)


def measure(scene: Scene, height: int = 128) -> Visible:
    """What of each thing, and of the opening, is inside the picture and not behind something nearer."""
    view, width = view_of(scene), round(height * scene.aspect)
    around = round(_ROOM_AROUND * height)
    owners = np.zeros((height + 2 * around, width + 2 * around), np.int16)
    opening = _opening_mask(scene, view, owners.shape, height, around)
    wholes = {}
    if opening is not None:
        owners[opening] = -1
        wholes[-1] = int(opening.sum())
    for number, thing in sorted(enumerate(scene.things, 1), key=lambda numbered: -numbered[1].depth):
        covered = _alone(scene, thing, view, owners.shape, height, around)
        owners[covered] = number
        wholes[number] = int(covered.sum())
    seen = owners[around : around + height, around : around + width]
    counts = {number: int((seen == number).sum()) for number in wholes}
    numbers = range(1, len(scene.things) + 1)
    return Visible(
        things=tuple(_share(counts[n], wholes[n]) for n in numbers),
        areas=tuple(counts[n] / seen.size for n in numbers),
        opening=_share(counts.get(-1, 0), wholes.get(-1, 0)),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _far_to_near(scene: Scene) -> list[Thing]:
    return sorted(scene.things, key=lambda thing: -thing.depth)


def _shake(canvas: skia.Canvas, scene: Scene) -> None:
    aside, down, roll = scene.camera.shake
    canvas.translate(aside, down)
    canvas.rotate(roll, scene.aspect / 2, 0.5)


def _mask(scene: Scene, shape: tuple[int, int], height: int, around: int, drawing) -> np.ndarray:
    pixels = np.zeros((*shape, 4), np.uint8)
    canvas = skia.Surface(pixels).getCanvas()
    canvas.translate(around, around)
    canvas.scale(height, height)
    _shake(canvas, scene)
    drawing(Brush(canvas))
    return pixels[..., 3] > _SOLID


def _alone(scene: Scene, thing: Thing, view: View, shape: tuple[int, int], height: int, around: int) -> np.ndarray:
    return _mask(scene, shape, height, around, lambda brush: draw_thing(brush, thing, view))


def _opening_mask(scene: Scene, view: View, shape: tuple[int, int], height: int, around: int) -> np.ndarray | None:
    if scene.opening_x is None or scene.is_open is None:
        return None
    nowhere = Brush(skia.Surface(1, 1).getCanvas())
    _, stage = draw_place(nowhere, scene, view)
    if stage.opening is None:
        return None
    box = stage.opening
    return _mask(scene, shape, height, around, lambda brush: brush.rect(*box, (0, 0, 0)))
