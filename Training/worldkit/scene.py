"""A scene: everything that is true of a picture, before it is drawn or put into words.

Lengths are in heights of the picture: y runs from 0 at its top to 1 at its bottom, x from 0 at its left to `aspect` at
its right. A thing stands at (x, depth): depth 0 is nearest to the camera, 1 farthest.
"""

from dataclasses import dataclass, field, replace

PLACES = ("doorstep", "street", "parking lot", "room", "garden", "warehouse")
INDOORS = frozenset({"room", "warehouse"})
LIGHTS = ("day", "dusk", "night")
WEATHERS = ("clear", "rain", "snow", "fog")  # indoors always clear

COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white", "grey", "black", "brown")

# The colours that each kind of thing comes in. A person's colour is the coat's. Fire and smoke have none.
COLOURS_OF = {
    "person": ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white", "grey", "black", "brown"),
    "car": ("red", "orange", "yellow", "green", "blue", "white", "grey", "black"),
    "van": ("red", "yellow", "green", "blue", "white", "black"),
    "bicycle": ("red", "yellow", "green", "blue", "white", "black"),
    "dog": ("black", "white", "brown"),
    "cat": ("black", "white", "grey", "orange"),
    "parcel": ("brown", "white"),
    "ladder": ("yellow", "grey", "brown"),
    "umbrella": ("red", "yellow", "green", "blue", "black", "pink"),
    "fire": (),
    "smoke": (),
}

# What may be seen where. An umbrella is never alone: a person carries it.
KINDS_OF = {
    "doorstep": ("person", "bicycle", "dog", "cat", "parcel", "ladder", "fire", "smoke"),
    "street": ("person", "car", "van", "bicycle", "dog", "cat", "fire", "smoke"),
    "parking lot": ("person", "car", "van", "bicycle", "dog", "cat", "fire", "smoke"),
    "room": ("person", "dog", "cat", "parcel", "ladder", "fire", "smoke"),
    "garden": ("person", "bicycle", "dog", "cat", "ladder", "fire", "smoke"),
    "warehouse": ("person", "van", "parcel", "dog", "cat", "ladder", "fire", "smoke"),
}

# What can be open or closed there; a street has nothing of the kind.
OPENING_OF = {
    "doorstep": "door",
    "room": "door",
    "garden": "gate",
    "parking lot": "gate",
    "warehouse": "shutter",
}

POSES_OF = {
    "person": ("standing", "walking", "lying"),
    "dog": ("standing", "walking", "sitting", "lying"),
    "cat": ("standing", "walking", "sitting", "lying"),
}

MOST_OF_A_KIND = 3


@dataclass(frozen=True)
class Thing:
    """Something that comes and goes."""

    kind: str
    colour: str | None = None
    x: float = 0.5
    depth: float = 0.3
    pose: str = "standing"  # for kinds in POSES_OF
    faces_left: bool = False
    carries: str | None = None  # a person's "umbrella"
    carried_colour: str | None = None
    seed: int = 0  # its own shape, proportions, shade
    phase: float = 0.0  # of a step, a flame or a drift of smoke, 0…1, so that frames can follow each other


@dataclass(frozen=True)
class Camera:
    """What the camera does to the picture."""

    gain: float = 1.0  # exposure, about 0.7…1.4
    warmth: float = 0.0  # −1 (blue) … 1 (yellow)
    noise: float = 0.0  # standard deviation in levels of 255, before JPEG
    blur: float = 0.0  # Gaussian radius in heights; over 0.006 a person calls it blurry
    quality: int = 90  # of the JPEG that comes out of the camera
    shake: tuple[float, float, float] = (0.0, 0.0, 0.0)  # shift x, shift y in heights, roll in degrees
    seed: int = 0


@dataclass(frozen=True)
class Scene:
    """A picture's truth."""

    place: str
    light: str = "day"
    weather: str = "clear"
    is_open: bool | None = None  # the door, gate or shutter of OPENING_OF; None where the place has none
    opening_x: float | None = None  # where it is; outside 0…aspect when the camera does not show it
    is_lit: bool = False  # whether the place's own lamps are on
    things: tuple[Thing, ...] = ()
    aspect: float = 1.0
    seed: int = 0  # the place's own look: walls, plants, geometry
    camera: Camera = field(default_factory=Camera)


@dataclass(frozen=True)
class Visible:
    """How much of a scene its picture really shows, measured on the drawn picture."""

    things: tuple[float, ...]  # per thing, the visible share of its area: 1 all of it, 0 hidden or outside
    areas: tuple[float, ...]  # per thing, the visible area as a share of the picture's
    opening: float = 0.0  # the visible share of the door, gate or shutter


__all__ = [name for name in dir() if name.isupper()] + ["Thing", "Camera", "Scene", "Visible", "replace"]
