"""Whether an English caption is true of a picture.

It reads the words (reading.py) and compares what they claim with the scene and with what its picture really shows. It
shares nothing with the captions' own making but the thresholds below and what is in sight, so that each checks the
other. What cannot be told from the picture, like a person who only peeks in, makes every claim that hangs on it untrue.
Verbs that only fill a sentence (a car is parked, a fire burns) claim nothing, and are not checked.
"""

from .reading import Claim, Fact, Group, Only, Without, read
from .scene import INDOORS, OPENING_OF, POSES_OF, Scene, Thing, Visible

CLEAR_SHARE = 0.55  # a thing may be spoken of when this share of it is seen
CLEAR_AREA = 0.002  # … and it is this much of the picture
GONE_SHARE = 0.05  # a thing of which less is seen is not there
CLEAR_OPENING = 0.6  # a door may be spoken of when this share of it is seen
BLURRY = 0.006  # a camera's blur over this is blurry

_SIDES = {"left": (-9.0, 0.33), "middle": (0.36, 0.64), "right": (0.67, 9.0)}
_DISTANCES = {"near": (0.0, 0.2), "far": (0.45, 1.0)}


def in_sight(scene: Scene, visible: Visible) -> tuple[list[Thing], list[Thing]]:
    """The things that can be told, and those that are too little seen to be told or to be called absent."""
    clear: list[Thing] = []
    doubtful: list[Thing] = []
    for thing, share, area in zip(scene.things, visible.things, visible.areas, strict=True):
        if share >= CLEAR_SHARE and area >= CLEAR_AREA:
            clear.append(thing)
        elif share >= GONE_SHARE:
            doubtful.append(thing)
    return clear, doubtful


def is_true(text: str, scene: Scene, visible: Visible) -> bool:
    """Whether all of a caption could be read, and all of it is true."""
    reading = read(text)
    if reading.problems:
        return False
    picture = _Picture(scene, visible)
    return all(picture.shows(claim) for claim in reading.claims)


def problems(text: str, scene: Scene, visible: Visible) -> list[str]:
    """What is wrong with a caption: words that cannot be read, and claims that are not true."""
    reading, picture = read(text), _Picture(scene, visible)
    return list(reading.problems) + [f"untrue: {claim}" for claim in reading.claims if not picture.shows(claim)]


class _Picture:
    def __init__(self, scene: Scene, visible: Visible):
        self.scene, self.visible = scene, visible
        self.clear, self.doubtful = in_sight(scene, visible)

    def shows(self, claim: Claim) -> bool:
        match claim:
            case Group():
                return self._shows_group(claim)
            case Fact():
                return self._value(claim.what) in claim.values
            case Without():
                return not any(thing.kind in claim.kinds for thing in self.clear + self.doubtful)
            case Only():
                return not self.doubtful and all(
                    any(_matches(thing, group) for group in claim.groups) for thing in self.clear
                )

    def _shows_group(self, group: Group) -> bool:
        sure = [thing for thing in self.clear if _matches(thing, group)]
        if len(sure) < group.low:
            return False
        if group.high is not None and (
            len(sure) > group.high or any(_matches(thing, group) for thing in self.doubtful)
        ):
            return False
        if group.side:
            first, last = _SIDES[group.side]
            if not all(first <= thing.x / self.scene.aspect <= last for thing in sure):
                return False
        if group.distance:
            first, last = _DISTANCES[group.distance]
            return all(first <= thing.depth <= last for thing in sure)
        return True

    def _value(self, what: str):
        scene = self.scene
        match what:
            case "weather":
                return None if scene.place in INDOORS else scene.weather
            case "opening":
                return OPENING_OF.get(scene.place) if self.visible.opening >= CLEAR_OPENING else None
            case "is_open":
                return scene.is_open if self.visible.opening >= CLEAR_OPENING else None
            case "dark":
                return scene.light == "night" and not scene.is_lit
            case "blurry":
                return scene.camera.blur > BLURRY
            case "empty":
                return not self.clear and not self.doubtful
            case "quiet":
                return not any(
                    thing.kind in ("fire", "smoke") or (thing.kind == "person" and thing.pose == "lying")
                    for thing in self.clear + self.doubtful
                )
        return getattr(scene, what)


def _matches(thing: Thing, group: Group) -> bool:
    if group.kinds == {"umbrella"}:
        return thing.carries == "umbrella" and group.colour in (None, thing.carried_colour)
    if thing.kind not in group.kinds:
        return False
    if group.colour is not None and thing.colour != group.colour:
        return False
    # Cars, ladders and the like stand too, and that says nothing.
    if group.pose is not None and thing.kind in POSES_OF and thing.pose != group.pose:
        return False
    if group.carries and thing.carries != "umbrella":
        return False
    return group.carried_colour is None or thing.carried_colour == group.carried_colour
