"""Scenes by chance: every seed is one scene, and the same seed is the same scene for ever."""

import random
from dataclasses import dataclass

from .scene import (
    COLOURS_OF,
    INDOORS,
    KINDS_OF,
    MOST_OF_A_KIND,
    OPENING_OF,
    PLACES,
    POSES_OF,
    Camera,
    Scene,
    Thing,
)

# Scenes learnt from, scenes that choices are made by, and scenes looked at once: never the same seed.
TRAIN_SEEDS = range(0, 10**8)
VALIDATION_SEEDS = range(10**8, 2 * 10**8)
TEST_SEEDS = range(2 * 10**8, 3 * 10**8)

OUT_OF_VIEW = -2.0  # opening_x of a door that the camera does not show

_COUNTS = {0: 0.15, 1: 0.35, 2: 0.30, 3: 0.14, 4: 0.06}
_LIGHTS = {"day": 0.42, "dusk": 0.26, "night": 0.32}
_LIT = {"day": 0.05, "dusk": 0.5, "night": 0.7}
_WEATHERS = {"clear": 0.43, "rain": 0.21, "snow": 0.19, "fog": 0.17}
_POSES = {
    "person": {"standing": 0.44, "walking": 0.40, "lying": 0.16},
    "dog": {"standing": 0.28, "walking": 0.26, "sitting": 0.28, "lying": 0.18},
    "cat": {"standing": 0.26, "walking": 0.26, "sitting": 0.30, "lying": 0.18},
}
_FIRE = _SMOKE = 0.06
_SMOKE_OVER_FIRE = 0.25

# About half the width that a kind has at depth 0, in heights of the picture: enough to keep things apart.
_HALF_WIDTHS = {
    "person": 0.14,
    "car": 0.37,
    "van": 0.44,
    "bicycle": 0.26,
    "dog": 0.22,
    "cat": 0.16,
    "parcel": 0.145,
    "ladder": 0.17,
    "fire": 0.13,
    "smoke": 0.18,
}
_LYING_HALF_WIDTH = 0.33
_UMBRELLA_HALF_WIDTH = 0.21
_FARTHEST = 0.65  # of the depth; beyond, small things could not be told apart
_FAR_SCALE = 0.48  # how large a thing at depth 1 is beside the same at depth 0


@dataclass(frozen=True)
class Only:
    """What a sampled scene must be; None leaves it to chance."""

    place: str | None = None
    kinds: tuple[str, ...] | None = None  # exactly these, one entry a thing
    light: str | None = None
    weather: str | None = None
    poses: tuple[str, ...] | None = None  # the poses that a person, dog or cat may have


def sample_scene(seed: int, only: Only | None = None, aspect: float = 1.0) -> Scene:
    """The scene of a seed."""
    only = only or Only()
    rng = random.Random(seed)
    place = only.place or rng.choice(PLACES)
    light = only.light or _one(rng, _LIGHTS)
    weather = "clear" if place in INDOORS else only.weather or _one(rng, _WEATHERS)
    opening_x = None
    if place in OPENING_OF:
        opening_x = rng.uniform(0.15, 0.85) * aspect if rng.random() < 0.75 else OUT_OF_VIEW
    kinds = only.kinds if only.kinds is not None else _kinds(rng, place)
    if weather == "fog" and "smoke" in kinds:
        weather = "clear"  # nobody could see it
    return Scene(
        place=place,
        light=light,
        weather=weather,
        is_open=rng.random() < 0.5 if place in OPENING_OF else None,
        opening_x=opening_x,
        is_lit=rng.random() < _LIT[light],
        things=_placed(rng, _things(rng, kinds, weather, only.poses), aspect),
        aspect=aspect,
        seed=rng.getrandbits(31),
        camera=another_camera(rng),
    )


def half_width(thing: Thing) -> float:
    """About half of a thing's width where it stands."""
    width = _HALF_WIDTHS[thing.kind]
    if thing.pose == "lying" and thing.kind == "person":
        width = _LYING_HALF_WIDTH
    if thing.carries:
        width = _UMBRELLA_HALF_WIDTH
    return width * (1 - (1 - _FAR_SCALE) * thing.depth)


def _one(rng: random.Random, weights: dict):
    return rng.choices(list(weights), list(weights.values()))[0]


def _kinds(rng: random.Random, place: str) -> tuple[str, ...]:
    count = _one(rng, _COUNTS)
    if count == 0:
        return ()
    share = 1 - _COUNTS[0]
    kinds: list[str] = []
    if rng.random() < _FIRE / share:
        kinds.append("fire")
    # Half of the fires that leave room for it make smoke, the rest of the smoke is alone.
    if len(kinds) < count and rng.random() < (_SMOKE_OVER_FIRE if kinds else _SMOKE / share):
        kinds.append("smoke")
    common = [kind for kind in KINDS_OF[place] if kind not in ("fire", "smoke")]
    weights = [2.2 if kind == "person" else 1.0 for kind in common]
    while len(kinds) < count:
        # A second of the same is common, and a third the more so, or there would be hardly any "three".
        same = kinds[-1] if kinds and kinds[-1] in common else None
        again = same if same and rng.random() < (0.3, 0.3, 0.55, 0)[kinds.count(same)] else None
        kind = again or rng.choices(common, weights)[0]
        if kinds.count(kind) < MOST_OF_A_KIND:
            kinds.append(kind)
    return tuple(kinds)


def _things(rng: random.Random, kinds: tuple[str, ...], weather: str, poses: tuple[str, ...] | None) -> list[Thing]:
    things: list[Thing] = []
    for kind in kinds:
        before = [thing.colour for thing in things if thing.kind == kind]
        things.append(thing_of(rng, kind, weather, poses, before[-1] if before else None))
    return things


def thing_of(
    rng: random.Random, kind: str, weather: str, poses: tuple[str, ...] | None = None, before: str | None = None
) -> Thing:
    """A thing by chance, not yet anywhere. `before`: the colour of one like it, which it may share."""
    colours = COLOURS_OF[kind]
    colour = rng.choice(colours) if colours else None
    if before and rng.random() < 0.25:
        colour = before
    pose = "standing"
    if kind in POSES_OF:
        pose = _one(rng, {p: w for p, w in _POSES[kind].items() if poses is None or p in poses})
    carries = carried_colour = None
    if kind == "person" and pose != "lying" and rng.random() < (0.4 if weather == "rain" else 0.15):
        carries, carried_colour = "umbrella", rng.choice(COLOURS_OF["umbrella"])
    return Thing(
        kind=kind,
        colour=colour,
        pose=pose,
        faces_left=rng.random() < 0.5,
        carries=carries,
        carried_colour=carried_colour,
        seed=rng.getrandbits(31),
        phase=rng.random(),
    )


def _placed(rng: random.Random, things: list[Thing], aspect: float) -> tuple[Thing, ...]:
    """Finds each thing a spot, the widest first, hiding others as little as a few tries allow."""
    order = sorted(range(len(things)), key=lambda index: -_HALF_WIDTHS[things[index].kind])
    placed: dict[int, Thing] = {}
    crowd = min(0.3, 0.1 * (len(things) - 1))  # many things stand farther away, where there is room
    for index in order:
        best, least = None, float("inf")
        for _ in range(24):
            spot = _spot(rng, things[index], crowd, aspect)
            overlap = max((_overlap(spot, other) for other in placed.values()), default=0.0)
            if overlap < least:
                best, least = spot, overlap
            if least <= 0.1:
                break
        placed[index] = best
    return tuple(placed[index] for index in range(len(things)))


def _spot(rng: random.Random, thing: Thing, crowd: float, aspect: float) -> Thing:
    if crowd and thing.kind in ("car", "van"):
        crowd = 0.5
    depth = _FARTHEST * (crowd + (1 - crowd) * rng.random() ** 1.2)
    half = half_width(_at(thing, 0.0, depth))
    # One thing in fourteen may stick out of the picture a little, as in real ones.
    margin = half + 0.02 if rng.random() > 0.07 else half * 0.5
    margin = min(margin, aspect / 2)
    return _at(thing, round(rng.uniform(margin, aspect - margin), 4), round(depth, 4))


def _at(thing: Thing, x: float, depth: float) -> Thing:
    # dataclasses.replace costs twenty times as much as this, and a scene tries many spots.
    return Thing(
        thing.kind,
        thing.colour,
        x,
        depth,
        thing.pose,
        thing.faces_left,
        thing.carries,
        thing.carried_colour,
        thing.seed,
        thing.phase,
    )


def _overlap(one: Thing, other: Thing) -> float:
    """How much of the narrower one's width the two share."""
    first, second = half_width(one), half_width(other)
    shared = min(one.x + first, other.x + second) - max(one.x - first, other.x - second)
    return max(0.0, shared) / (2 * min(first, second))


def another_camera(rng: random.Random) -> Camera:
    """A camera by chance."""
    return Camera(
        gain=round(rng.uniform(0.75, 1.3), 3),
        warmth=round(rng.uniform(-0.6, 0.6), 3),
        noise=round(rng.uniform(0, 8) * rng.random(), 2),
        blur=round(rng.uniform(0.0062, 0.009), 5) if rng.random() < 0.07 else 0.0,
        quality=rng.randint(35, 95),
        shake=(
            round(rng.uniform(-0.02, 0.02), 4),
            round(rng.uniform(-0.02, 0.02), 4),
            round(rng.uniform(-2, 2), 2),
        ),
        seed=rng.getrandbits(31),
    )
