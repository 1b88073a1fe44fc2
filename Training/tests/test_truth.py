"""The reader of captions: what is true passes, and what is changed to be false does not."""

import random
import re
import sys
import time
import unittest
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sightings import all_seen  # noqa: E402

from worldkit import words  # noqa: E402
from worldkit.captions import captions  # noqa: E402
from worldkit.sample import (  # noqa: E402
    sample_scene,
)
from worldkit.scene import (  # noqa: E402
    COLOURS,
    COLOURS_OF,
    LIGHTS,
    PLACES,
    POSES_OF,
    WEATHERS,
    Scene,
    Thing,
)
from worldkit.truth import is_true, problems  # noqa: E402


class Truth(unittest.TestCase):
    scene = Scene(
        place="doorstep",
        light="night",
        weather="rain",
        is_open=True,
        opening_x=0.5,
        is_lit=True,
        things=(
            Thing("person", "red", 0.2, 0.1, "walking", carries="umbrella", carried_colour="yellow"),
            Thing("person", "blue", 0.5, 0.9),
            Thing("dog", "black", 0.85, 0.4, "sitting"),
        ),
    )

    def check(self, texts, expected, scene=None):
        scene = scene or self.scene
        for text in texts:
            visible = all_seen(scene)
            self.assertEqual(is_true(text, scene, visible), expected, (text, problems(text, scene, visible)))

    def test_true_sentences_of_a_persons_own(self):
        self.check(
            (
                "Two people and a black dog on a porch.",
                "a person in a red coat with a yellow umbrella",
                "an animal sits on the right",
                "two people, one in red and the other in blue",
                "the front door stands open",
                "the porch light is on at night",
                "a rainy night",
                "a yellow umbrella in the rain",
                "someone in a blue jacket far away",
                "no cars",
                "dog, 2 people",
                "a person walking in the foreground",
                "a sitting dog",
                "people at the door after dark",
                "the dog is black",
                "a person standing and a person walking",
                "lights on",
                "no cat on the doorstep",
                "a dog",
            ),
            True,
        )

    def test_false_sentences(self):
        self.check(
            (
                "a person",
                "three people",
                "several people",
                "a person in a green coat",
                "a red dog",
                "a white dog",
                "a cat",
                "a person in a blue coat with a yellow umbrella",
                "a person with a red umbrella",
                "a black dog on a street",
                "two people by day",
                "a snowy doorstep",
                "the door is closed",
                "the door is shut",
                "an open gate",
                "the lights are off",
                "a dog lying on the ground",
                "a dog standing",
                "a person lying",
                "a dog on the left",
                "a dog in the distance",
                "an empty doorstep",
                "nobody",
                "only a dog",
                "no dog",
                "a vehicle",
                "two dogs",
                "a red coat",
                "an unlit porch",
                "two people in red coats",
                "a person in a red coat on the right",
                "two people with umbrellas",
                "a dark picture",
                "a person walking in the background",
                "a ladder",
                "people, three of them",
                "the dog is white",
                "a fire",
            ),
            False,
        )

    def test_what_cannot_be_read_is_a_problem(self):
        for text in (
            "a zebra",
            "a red",
            "a person in a",
            "the gate that",
            "two person",
            "a dogs",
            "a red blue car",
            "open",
            "the lights",
            "a red street",
            "one",
            "on the left",
            "",
            "the door is down",
            "two streets",
            "a coat",
        ):
            self.assertTrue(problems(text, self.scene, all_seen(self.scene)), text)

    def test_a_word_changed_makes_it_false(self):
        """Each word of a kind is put in another's place: what comes out must be untrue, or not English."""
        tried = Counter()
        for seed in range(1500):
            scene, rng = sample_scene(seed), random.Random(seed)
            visible = all_seen(scene)
            for text in captions(scene, visible, rng, 4) + captions(scene, visible, rng, 2, "held-out"):
                for what, changed in mutations(text, scene, rng):
                    tried[what] += 1
                    self.assertFalse(is_true(changed, scene, visible), (what, text, changed, scene))
        for what in (
            "colour",
            "number",
            "place",
            "light",
            "weather",
            "opening",
            "lamps",
            "pose",
            "side",
            "distance",
            "kind",
        ):
            self.assertGreater(tried[what], 40, (what, tried))

    def test_a_scene_changed_makes_it_false(self):
        """The picture is changed under the caption."""
        tried = Counter()
        for seed in range(1500):
            scene, rng = sample_scene(seed), random.Random(seed)
            for text in captions(scene, all_seen(scene), rng, 4) + captions(scene, all_seen(scene), rng, 2, "held-out"):
                for what, changed in scene_mutations(text, scene, rng):
                    tried[what] += 1
                    self.assertFalse(is_true(text, changed, all_seen(changed)), (what, text, changed))
        for what in ("light", "weather", "opening", "lamps", "colour", "pose", "count"):
            self.assertGreater(tried[what], 40, (what, tried))

    def test_it_is_fast(self):
        texts = [
            (text, scene)
            for seed in range(200)
            for scene in (sample_scene(seed),)
            for text in captions(scene, all_seen(scene), random.Random(seed), 6)
        ]
        visibles = [(scene, all_seen(scene)) for scene in map(sample_scene, range(20))]
        start = time.perf_counter()
        for scene, visible in visibles:
            for text, _ in texts:
                is_true(text, scene, visible)
        # Generous, since test machines are busy: it is about 0.01 ms.
        self.assertLess((time.perf_counter() - start) / len(texts) / len(visibles), 0.0002)


_TIMES = {
    "day": "by day|daylight|daytime",
    "dusk": "at dusk|evening|sunset|twilight",
    "night": "at night|after dark|by night",
}
_CHANGEABLE_TIMES = {
    "day": "by day|in daylight|in the daytime",
    "dusk": "at dusk|at sunset|at twilight",
    "night": "at night|after dark|by night",
}
_PLACE_WORDS = {
    "doorstep": "porch",
    "street": "road",
    "parking lot": "car park",
    "room": "living room",
    "garden": "back garden",
    "warehouse": "storeroom",
}
_TIME_WORDS = {"day": "by day", "dusk": "at dusk", "night": "at night"}
_WEATHER = {"rain": "rainy", "snow": "snowy", "fog": "foggy", "clear": "dry"}
_POSES = ("standing", "walking", "sitting", "lying")


def mutations(text: str, scene: Scene, rng: random.Random):
    """(what was changed, the changed text), each certainly untrue of the scene."""
    owned = {thing.colour for thing in scene.things} | {thing.carried_colour for thing in scene.things}
    for colour in COLOURS:
        if re.search(rf"\b{colour}\b", text) and "smoke" not in text:
            other = rng.choice([c for c in COLOURS if c not in owned])
            yield "colour", re.sub(rf"\b{colour}\b", other, text, count=1)
    kinds = Counter(thing.kind for thing in scene.things)
    for word, others in (("two", ("three",)), ("three", ("two",)), ("several", ("two",))):
        if re.search(rf"\b{word}\b", text):
            yield "number", re.sub(rf"\b{word}\b", rng.choice(others), text, count=1)
    for _, noun, _ in words.PLACES[scene.place]:
        pattern = rf"\b{noun}\b(?! (door|light|lamp|aisle))"
        if noun not in ("house", "door", "front door") and re.search(pattern, text):
            other = rng.choice([place for place in PLACES if place != scene.place])
            yield "place", re.sub(pattern, _PLACE_WORDS[other], text, count=1)
    found = re.search(_CHANGEABLE_TIMES[scene.light], text)
    if found:
        other = rng.choice([light for light in LIGHTS if light != scene.light])
        yield "light", text.replace(found[0], _TIME_WORDS[other], 1)
    for weather, word in _WEATHER.items():
        if weather == scene.weather and re.search(rf"\b{word}\b", text):
            yield "weather", text.replace(word, _WEATHER[rng.choice([w for w in WEATHERS if w != weather])], 1)
    for one, other in (("open", "closed"), ("closed", "open"), ("shut", "open")):
        if re.search(rf"\b{one}\b", text):
            yield "opening", re.sub(rf"\b{one}\b", other, text, count=1)
    if re.search(r"\b(lights?|lamps?|lantern) (is |are )?(on|off)\b(?! (the|a)\b)", text):
        yield (
            "lamps",
            re.sub(
                r"\b((?:lights?|lamps?|lantern) (?:is |are )?)(on|off)\b",
                lambda m: m[1] + ("off" if m[2] == "on" else "on"),
                text,
                count=1,
            ),
        )
    for pose in _POSES:
        if re.search(rf"\b(person|people|dog|cat|figure)s? (is |are )?{pose}\b", text):
            taken = {thing.pose for thing in scene.things}
            for other in _POSES:
                if other not in taken:
                    yield "pose", re.sub(rf"\b{pose}\b", other, text, count=1)
    for one, other in (("left", "right"), ("right", "left")):
        if re.search(rf"on the {one}\b", text):
            yield "side", re.sub(rf"on the {one}\b", f"on the {other}", text, count=1)
    for one, other in (
        ("in the distance", "close to the camera"),
        ("close to the camera", "far away"),
        ("in the foreground", "in the background"),
        ("far away", "in the foreground"),
    ):
        if one in text:
            yield "distance", text.replace(one, other, 1)
    for kind in ("car", "van", "bicycle", "dog", "cat", "parcel", "ladder", "person"):
        if re.search(rf"(?<!no )\b{kind}\b(?! park)", text):
            for other in ("car", "van", "bicycle", "dog", "cat", "parcel", "ladder"):
                if not kinds[other] and other != kind:
                    yield "kind", re.sub(rf"\b{kind}\b(?! park)", other, text, count=1)
                    break


def scene_mutations(text: str, scene: Scene, rng: random.Random):
    """(what was changed, the changed scene), where the text says otherwise."""
    if re.search(_TIMES[scene.light], text):
        yield "light", replace(scene, light=rng.choice([light for light in LIGHTS if light != scene.light]))
    if scene.weather != "clear" and re.search(r"rain|wet|pouring|snow|winter|fog|mist", text):
        yield "weather", replace(scene, weather=rng.choice([w for w in WEATHERS if w != scene.weather]))
    if (
        scene.is_open is not None
        and re.search(r"\b(open|closed|shut|up|down)\b", text)
        and "sitting down" not in text
        and "lying down" not in text
        and "put" not in text
    ):
        yield "opening", replace(scene, is_open=not scene.is_open)
    if re.search(r"\b(lit|unlit|off)\b|(lights?|lamps?|lantern) on\b(?! (the|a)\b)", text):
        yield "lamps", replace(scene, is_lit=not scene.is_lit)
    if len(scene.things) == 1:
        thing = scene.things[0]
        if thing.colour and re.search(rf"\b({thing.colour}|gray)\b", text) and thing.carried_colour != thing.colour:
            others = [colour for colour in COLOURS_OF[thing.kind] if colour != thing.colour]
            yield "colour", replace(scene, things=(replace(thing, colour=rng.choice(others)),))
        if thing.kind in POSES_OF and re.search(r"standing|walking|sitting|lying", text):
            others = [pose for pose in POSES_OF[thing.kind] if pose != thing.pose]
            yield "pose", replace(scene, things=(replace(thing, pose=rng.choice(others)),))
        if re.search(rf"\b(an?|one|single|only|just) ([a-z]+ )?({thing.kind})\b(?! park)", text) and thing.colour:
            yield "count", replace(scene, things=(thing, replace(thing, x=0.9)))


if __name__ == "__main__":
    unittest.main()
