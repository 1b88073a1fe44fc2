"""Twins: a scene and the same with one thing changed, on seeds 2n and 2n + 1.

Two scenes by chance differ in so much that their place and their largest thing tell their captions apart. Twins differ
in a door, a lamp, a colour, a count: who must tell them apart learns these too.
"""

import random
from collections.abc import Callable

from .draw import measure
from .sample import another_camera, sample_scene, thing_of
from .scene import COLOURS_OF, INDOORS, KINDS_OF, LIGHTS, POSES_OF, WEATHERS, Scene, Thing, Visible, replace
from .truth import CLEAR_OPENING, in_sight

# What a thing may be exchanged for: another of about its size.
_ALIKE = {
    "person": ("ladder",),
    "ladder": ("person",),
    "car": ("van",),
    "van": ("car",),
    "bicycle": ("dog",),
    "dog": ("cat", "cat", "bicycle"),
    "cat": ("dog", "dog", "parcel"),
    "parcel": ("cat", "dog"),
    "fire": ("smoke",),
    "smoke": ("fire",),
}


def twins(seed: int) -> tuple[Scene, Scene]:
    """The scenes of an even seed and of the one after it."""
    scene = sample_scene(seed)
    return scene, _twin(scene, measure(scene), random.Random(f"twin {seed + 1}"))


def change(scene: Scene, twin: Scene) -> str:
    """What is changed: one of the scene's fields, or of one thing's, or its "number"."""
    for name in ("light", "weather", "is_open", "is_lit"):
        if getattr(scene, name) != getattr(twin, name):
            return name
    if len(scene.things) != len(twin.things):
        return "number"
    (one, other), *_ = [pair for pair in zip(scene.things, twin.things) if pair[0] != pair[1]]
    names = ("kind", "colour", "pose", "carries", "carried_colour")
    return next(name for name in names if getattr(one, name) != getattr(other, name))


def _twin(scene: Scene, visible: Visible, rng: random.Random) -> Scene:
    """The scene with one change that can be seen, before a camera in another mood."""
    changes: list[tuple[float, Callable[[], Scene]]] = [
        (0.3, lambda: replace(scene, light=_other(rng, LIGHTS, scene.light)))
    ]
    if scene.is_open is not None and visible.opening >= CLEAR_OPENING:
        changes.append((9, lambda: replace(scene, is_open=not scene.is_open)))
    if scene.light != "day":
        changes.append((2, lambda: replace(scene, is_lit=not scene.is_lit)))
    if scene.place not in INDOORS:
        weathers = [weather for weather in WEATHERS if weather != "fog" or not _has(scene, "smoke")]
        changes.append((0.7, lambda: replace(scene, weather=_other(rng, weathers, scene.weather))))
    clear, _ = in_sight(scene, visible)
    for thing in clear:
        changes.append((6 / len(clear), lambda thing=thing: _with(scene, thing, _changed(rng, scene, thing))))
    return replace(_one_of(rng, changes), camera=another_camera(rng))


def _changed(rng: random.Random, scene: Scene, thing: Thing) -> Thing | None:
    """Another thing in its place; None where it is taken away."""
    changes: list[tuple[float, Callable[[], Thing | None]]] = [(2, lambda: None)]
    kinds = [kind for kind in _ALIKE[thing.kind] if kind in KINDS_OF[scene.place]]
    if kinds and not (scene.weather == "fog" and "smoke" in kinds):
        other = thing_of(rng, rng.choice(kinds), scene.weather)
        changes.append((2, lambda: replace(other, x=thing.x, depth=thing.depth)))
    if thing.colour:
        changes.append((3, lambda: replace(thing, colour=_other(rng, COLOURS_OF[thing.kind], thing.colour))))
    if thing.kind in POSES_OF and not thing.carries:
        changes.append((2, lambda: replace(thing, pose=_other(rng, POSES_OF[thing.kind], thing.pose))))
    if thing.kind == "person" and thing.pose != "lying":
        colour = _other(rng, COLOURS_OF["umbrella"], thing.carried_colour)
        changes.append((1, lambda: replace(thing, carries="umbrella", carried_colour=colour)))
    if thing.carries:
        changes.append((1, lambda: replace(thing, carries=None, carried_colour=None)))
    return _one_of(rng, changes)


def _one_of(rng: random.Random, changes: list[tuple[float, Callable]]):
    """What one of the changes, each with its weight, makes."""
    weights, makers = zip(*changes)
    return rng.choices(makers, weights)[0]()


def _with(scene: Scene, thing: Thing, other: Thing | None) -> Scene:
    things = (other if one is thing else one for one in scene.things)
    return replace(scene, things=tuple(one for one in things if one))


def _other(rng: random.Random, values, value):
    return rng.choice([other for other in values if other != value])


def _has(scene: Scene, kind: str) -> bool:
    return any(thing.kind == kind for thing in scene.things)
