"""The bundled clip's plot: a camera over a doorstep for 75 seconds, from day into night, and when each trigger is due.

The daemon cuts the 16:9 frame into two squares, x from 0 to 1 and from 0.78 to 1.78. Whatever stays does so wholly
inside one of them: the door, its visitors and the parcel in the left one, the ladder, the dog and the cat in the right.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from .scene import Camera, Scene, Thing, replace

DURATION = 75.0
ASPECT = 16 / 9

_STRIDE = 0.34  # heights that a step and the next take a person at depth 0; animals take half
_DEPTH = 0.9  # how far depth 1 is from depth 0, on foot, in the same measure


Path = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Actor:
    """A thing and where it is when: (seconds, x, depth), straight in between, not there before and after."""

    thing: Thing
    path: Path

    def at(self, time: float) -> Thing | None:
        if not self.path[0][0] <= time < self.path[-1][0]:
            return None
        walked = 0.0
        for (start, x, depth), (end, next_x, next_depth) in pairwise(self.path):
            way = hypot(next_x - x, (next_depth - depth) * _DEPTH)
            if time >= end:
                walked += way
                continue
            done = (time - start) / (end - start)
            place = {"x": x + (next_x - x) * done, "depth": depth + (next_depth - depth) * done}
            if way == 0:
                return replace(self.thing, **place)
            stride = _STRIDE * (1 if self.thing.kind == "person" else 0.5) * (1 - 0.52 * place["depth"])
            phase = (walked + way * done) / stride % 1
            return replace(self.thing, **place, pose="walking", phase=phase, faces_left=next_x < x)
        return None


def _stay(start: float, end: float, x: float, depth: float) -> Path:
    return (start, x, depth), (end, x, depth)


def _visit(start: float, end: float, x: float, depth: float, outside: float, pace: float = 2.0) -> Path:
    """Comes in from `outside`, stays at x, and leaves the same way."""
    return (start, outside, depth), (start + pace, x, depth), (end - pace, x, depth), (end, outside, depth)


_LEFT, _RIGHT = -0.25, 2.05

_COURIER = Thing("person", "blue", seed=11)
_TENANT = Thing("person", "green", seed=12)
_RED_COAT = Thing("person", "red", seed=13)
_WORKER = Thing("person", "white", seed=14)
_FIRST, _SECOND = Thing("person", "grey", seed=15), Thing("person", "purple", seed=16)
_WALKER = Thing("person", "green", carries="umbrella", carried_colour="yellow", seed=17)
_DOG = Thing("dog", "black", pose="sitting", faces_left=True, seed=18)
_CAT = Thing("cat", "orange", pose="sitting", faces_left=True, seed=19)
_PARCEL = Thing("parcel", "brown", seed=20)
_LADDER = Thing("ladder", "yellow", seed=21)

ACTORS = (
    Actor(_COURIER, _visit(3.0, 10.0, 0.56, 0.35, _LEFT)),
    Actor(_PARCEL, _stay(6.5, 17.0, 0.78, 0.3)),
    Actor(_DOG, _visit(12.0, 20.5, 1.3, 0.2, _RIGHT, 1.8)),
    Actor(_TENANT, ((14.0, 0.5, 1.0), (15.4, 0.7, 0.6), (17.2, 0.7, 0.6), (18.6, 0.5, 1.0))),
    Actor(_RED_COAT, _visit(22.0, 30.0, 0.34, 0.35, _LEFT)),
    Actor(_WORKER, _visit(29.0, 34.5, 1.22, 0.4, _RIGHT, 2.2)),
    Actor(_LADDER, _stay(31.5, 45.8, 1.4, 0.6)),
    Actor(_FIRST, _visit(35.0, 43.5, 0.72, 0.4, _LEFT, 2.4)),
    Actor(_SECOND, _visit(35.6, 42.9, 0.28, 0.3, _LEFT - 0.1)),
    Actor(_WORKER, _visit(43.6, 48.2, 1.22, 0.4, _RIGHT, 2.2)),
    Actor(_DOG, _visit(48.5, 57.0, 1.25, 0.2, _RIGHT, 1.8)),
    Actor(_WALKER, _visit(49.0, 57.2, 0.34, 0.35, _LEFT - 0.1)),
    Actor(_CAT, _visit(60.5, 67.5, 1.3, 0.15, _RIGHT, 1.8)),
    Actor(_RED_COAT, ((62.5, _LEFT, 0.35), (64.5, 0.3, 0.35), (66.6, 0.3, 0.35), (68.2, 0.5, 1.0))),
)

_DOOR_OPEN = ((13.0, 19.5), (66.0, 70.5))
_RAIN = (44.5, 58.0)
_DUSK, _LIT, _NIGHT = 51.0, 58.5, 61.5


def scene_at(time: float) -> Scene:
    """The clip's scene so many seconds after its start."""
    things = (actor.at(time) for actor in ACTORS)
    return Scene(
        place="doorstep",
        light="day" if time < _DUSK else "dusk" if time < _NIGHT else "night",
        weather="rain" if _RAIN[0] <= time < _RAIN[1] else "clear",
        is_open=any(start <= time < end for start, end in _DOOR_OPEN),
        opening_x=0.5,
        is_lit=time >= _LIT,
        things=tuple(thing for thing in things if thing),
        aspect=ASPECT,
        seed=1,
        camera=Camera(noise=1.0, quality=34, seed=round(time * 1000)),
    )


def _event(trigger: str, start: float, end: float, what: str) -> dict:
    return {"trigger": trigger, "start": start, "end": end, "what": what}


# When each trigger of Config/demo.yaml is due. Things that walk in count from when three fifths of them are seen.
SCRIPT = [
    _event("parcel-left", 6.5, 17.0, "a courier puts a parcel down"),
    _event("dog", 12.7, 19.8, "a black dog comes and sits"),
    _event("door-open", 13.0, 19.5, "the door opens, the parcel is fetched"),
    _event("red-coat", 22.9, 29.2, "somebody in red waits"),
    _event("ladder", 31.5, 45.8, "a ladder is put up"),
    _event("two-people", 36.8, 41.8, "two people wait"),
    _event("rain", 44.5, 58.0, "it rains"),
    _event("dog", 49.2, 56.3, "the dog comes again, in the rain"),
    _event("yellow-umbrella", 50.1, 56.2, "somebody under a yellow umbrella"),
    _event("porch-light", 58.5, 75.0, "the light goes on"),
    _event("red-coat", 63.5, 68.2, "the red coat comes home"),
    _event("door-open", 66.0, 70.5, "the door opens at night"),
]
