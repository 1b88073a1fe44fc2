"""Classes for zero-shot: what is at a place, each described so that no other class's pictures fit.

A class's scenes hold exactly its things; light, weather, colours, poses and the camera are left to chance.
"""

from dataclasses import dataclass

from .sample import Only, sample_scene
from .scene import KINDS_OF, PLACES, Scene

_CONTENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("empty", ()),
    ("a person", ("person",)),
    ("two people", ("person", "person")),
    ("a car", ("car",)),
    ("a van", ("van",)),
    ("a bicycle", ("bicycle",)),
    ("a dog", ("dog",)),
    ("a cat", ("cat",)),
    ("a parcel", ("parcel",)),
    ("a ladder", ("ladder",)),
    ("a fire", ("fire",)),
    ("smoke", ("smoke",)),
)
_WHERE = {
    "doorstep": ("on a doorstep", "on the porch", "in front of a house"),
    "street": ("on a street", "in the street", "on the road"),
    "parking lot": ("in a parking lot", "in the car park", "in the parking lot"),
    "room": ("in a room", "in the living room", "in the room"),
    "garden": ("in a garden", "in the backyard", "in the garden"),
    "warehouse": ("in a warehouse", "in the storeroom", "in a warehouse aisle"),
}
_NOUNS = {
    "doorstep": ("doorstep", "porch"),
    "street": ("street", "road"),
    "parking lot": ("parking lot", "car park"),
    "room": ("room", "living room"),
    "garden": ("garden", "backyard"),
    "warehouse": ("warehouse", "storeroom"),
}


@dataclass(frozen=True)
class SceneClass:
    place: str
    kinds: tuple[str, ...]
    plain: str  # one description
    phrasings: tuple[str, ...]  # the same in several ways, for their mean


def _phrasings(place: str, content: str) -> tuple[str, ...]:
    where, nouns = _WHERE[place], _NOUNS[place]
    if content == "empty":
        texts = [
            f"an empty {nouns[0]}",
            f"an empty {nouns[1]}",
            f"the {nouns[0]} is empty",
            f"there is nothing {where[0]}",
            f"nothing {where[1]}",
            f"a picture of an empty {nouns[0]}",
        ]
    else:
        be = "are" if content.startswith("two") else "is"
        texts = [
            f"{content} {where[0]}",
            f"{content} {where[1]}",
            f"{content} {where[2]}",
            f"there {be} {content} {where[0]}",
            f"a {nouns[0]} with {content}",
            f"a photo of {content} {where[0]}",
        ]
    return tuple(texts)


def _classes() -> tuple[SceneClass, ...]:
    return tuple(
        SceneClass(place, kinds, texts[0], texts)
        for place in PLACES
        for content, kinds in _CONTENTS
        if all(kind in KINDS_OF[place] for kind in kinds)
        for texts in (_phrasings(place, content),)
    )


CLASSES = _classes()


def class_scene(class_index: int, seed: int) -> Scene:
    """A scene that belongs to this class and to no other."""
    chosen = CLASSES[class_index]
    only = Only(place=chosen.place, kinds=chosen.kinds)
    return sample_scene(seed, only)
