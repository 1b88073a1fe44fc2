"""Sampling, captions, truth, classes and the clip's plot, held against each other.

Captions are made from the scene by one piece of code and read back by another that knows none of its sentences.
"""

import random
import re
import sys
import time
import unittest
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from worldkit import clipscript, words  # noqa: E402
from worldkit.captions import SEEN, captions, generic_captions, original_caption  # noqa: E402
from worldkit.classes import CLASSES, class_scene  # noqa: E402
from worldkit.heldout import HELD_OUT  # noqa: E402
from worldkit.sample import (  # noqa: E402
    OUT_OF_VIEW,
    TEST_SEEDS,
    TRAIN_SEEDS,
    VALIDATION_SEEDS,
    Only,
    half_width,
    sample_scene,
)
from worldkit.scene import (  # noqa: E402
    COLOURS,
    COLOURS_OF,
    INDOORS,
    KINDS_OF,
    LIGHTS,
    MOST_OF_A_KIND,
    OPENING_OF,
    PLACES,
    POSES_OF,
    WEATHERS,
    Scene,
    Thing,
    Visible,
)
from worldkit.truth import CLEAR_SHARE, is_true, problems  # noqa: E402

BACKGROUND = (
    "a photo",
    "a blurry photo",
    "a dark picture",
    "an empty scene",
    "an empty room",
    "an empty street",
    "an empty parking lot",
    "an empty yard",
    "a building",
    "a wall",
    "a floor",
    "a garden with plants",
    "a road",
    "the sky",
    "the ground",
    "an ordinary scene with nothing unusual",
)


def seen_by(scene: Scene, rng: random.Random) -> Visible:
    """Some things wholly seen, some hidden in part, some gone: what a drawing might show."""
    return Visible(
        tuple(rng.choice((1.0, 1.0, 1.0, 0.8, 0.5, 0.02)) for _ in scene.things),
        tuple(rng.choice((0.05, 0.05, 0.05, 0.001)) for _ in scene.things),
        rng.choice((1.0, 0.7, 0.5)) if scene.opening_x not in (None, OUT_OF_VIEW) else 0.0,
    )


def all_seen(scene: Scene) -> Visible:
    return Visible((1.0,) * len(scene.things), (0.05,) * len(scene.things), 1.0)


class Sampling(unittest.TestCase):
    def test_the_same_seed_is_the_same_scene(self):
        self.assertEqual([sample_scene(seed) for seed in range(50)], [sample_scene(seed) for seed in range(50)])

    def test_seeds_are_disjoint(self):
        ranges = (TRAIN_SEEDS, VALIDATION_SEEDS, TEST_SEEDS)
        self.assertTrue(all(a is b or a.stop <= b.start or b.stop <= a.start for a in ranges for b in ranges))

    def test_scenes_keep_to_the_tables_and_shares(self):
        counts, fires, smokes, lit, in_view, total = Counter(), 0, 0, Counter(), [], 4000
        for seed in range(total):
            scene = sample_scene(seed)
            counts[min(len(scene.things), 3)] += 1
            kinds = Counter(thing.kind for thing in scene.things)
            self.assertTrue(all(n <= MOST_OF_A_KIND and kind in KINDS_OF[scene.place] for kind, n in kinds.items()))
            fires, smokes = fires + kinds["fire"], smokes + kinds["smoke"]
            lit[scene.light, scene.is_lit] += 1
            self.assertEqual(scene.is_open is None, scene.place not in OPENING_OF)
            if scene.opening_x is not None:
                in_view.append(scene.opening_x != OUT_OF_VIEW)
            self.assertTrue(scene.place not in INDOORS or scene.weather == "clear")
            for thing in scene.things:
                self.assertTrue(thing.colour in COLOURS_OF[thing.kind] if COLOURS_OF[thing.kind] else not thing.colour)
                self.assertIn(thing.pose, POSES_OF.get(thing.kind, ("standing",)))
                self.assertTrue(0 <= thing.x <= scene.aspect and 0 <= thing.depth <= 1)
        for count, share in ((0, 0.15), (1, 0.35), (2, 0.30), (3, 0.20)):
            self.assertAlmostEqual(counts[count] / total, share, delta=0.03)
        self.assertAlmostEqual(fires / total, 0.06, delta=0.015)
        self.assertAlmostEqual(smokes / total, 0.06, delta=0.015)
        self.assertAlmostEqual(sum(in_view) / len(in_view), 0.75, delta=0.03)
        for light, share in (("day", 0.05), ("dusk", 0.5), ("night", 0.7)):
            self.assertAlmostEqual(lit[light, True] / (lit[light, True] + lit[light, False]), share, delta=0.04)

    def test_most_things_are_seen_whole(self):
        try:
            from worldkit.draw import measure
        except ImportError:
            self.skipTest("needs the drawing")
        shares = [share for seed in range(150) for share in measure(sample_scene(seed)).things]
        self.assertGreater(sum(share >= 0.95 for share in shares) / len(shares), 0.8)
        self.assertGreater(sum(share >= CLEAR_SHARE for share in shares) / len(shares), 0.95)

    def test_only_what_is_asked_for(self):
        only = Only(place="garden", kinds=("cat", "dog"), light="dusk", weather="fog", poses=("sitting",))
        scene = sample_scene(7, only)
        self.assertEqual((scene.place, scene.light, scene.weather), ("garden", "dusk", "fog"))
        self.assertEqual([(thing.kind, thing.pose) for thing in scene.things], [("cat", "sitting"), ("dog", "sitting")])


class Captions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = []
        for seed in range(2500):
            scene, rng = sample_scene(seed), random.Random(seed)
            visible = seen_by(scene, rng)
            for style in ("seen", "held-out"):
                count = 9 if style == "seen" else 4
                cls.made += [(style, text, scene, visible) for text in captions(scene, visible, rng, count, style)]
            cls.made.append(("original", original_caption(scene, visible, rng), scene, visible))

    def test_every_caption_is_read_and_true(self):
        for style, text, scene, visible in self.made:
            self.assertEqual([], problems(text, scene, visible), (style, text, scene, visible))

    def test_there_are_enough_of_them(self):
        for seed in range(300):
            scene = sample_scene(seed)
            for style in ("seen", "held-out"):
                found = captions(scene, all_seen(scene), random.Random(seed), 6, style)
                self.assertEqual((len(found), len(set(found))), (6, 6), (style, found))

    def test_they_are_the_same_for_the_same_seed(self):
        scene = sample_scene(3)
        once, again = (captions(scene, all_seen(scene), random.Random(1), 8) for _ in range(2))
        self.assertEqual(once, again)

    def test_held_out_sentences_are_new_and_their_words_are_not(self):
        sentences, vocabulary = {"seen": set(), "held-out": set()}, {"seen": set(), "held-out": set()}
        for style, text, _, _ in self.made:
            if style in sentences:
                sentences[style].add(text)
                vocabulary[style].update(re.findall(r"[\w-]+", text))
        self.assertEqual(set(), sentences["seen"] & sentences["held-out"])
        self.assertEqual(set(), vocabulary["held-out"] - vocabulary["seen"])
        self.assertGreaterEqual(len(HELD_OUT), 12)
        self.assertFalse({pattern for pattern, _ in SEEN} & {pattern for pattern, _ in HELD_OUT})

    def test_all_of_the_background_occurs_and_seldom(self):
        seen = Counter(text for style, text, _, _ in self.made if style == "seen")
        for text in BACKGROUND:
            self.assertGreater(seen[text], 0, text)
        share = sum(seen[text] for text in BACKGROUND) / sum(seen.values())
        self.assertTrue(0.04 <= share <= 0.09, share)

    def test_the_background_is_claimed_only_where_true(self):
        for seed in range(400):
            scene = sample_scene(seed)
            for text in set(generic_captions(scene, all_seen(scene))):
                self.assertTrue(is_true(text, scene, all_seen(scene)), (text, scene))

    def test_what_peeks_in_is_neither_claimed_nor_denied(self):
        scene = Scene("street", things=(Thing("person", "red", 0.3), Thing("person", "blue", 0.7)))
        visible = Visible((1.0, 0.3), (0.05, 0.02))
        for seed in range(60):
            for text in captions(scene, visible, random.Random(seed), 8):
                self.assertNotRegex(text, r"two|nobody|empty|blue|people|nothing$|only|just")
        for text in (
            "a person",
            "two people",
            "people on a street",
            "nobody",
            "an empty street",
            "a person in a blue coat",
        ):
            self.assertFalse(is_true(text, scene, visible), text)
        self.assertTrue(is_true("a person in a red coat", scene, visible))

    def test_every_statement_of_a_trigger_occurs(self):
        text = "\n".join(text for style, text, _, _ in self.made if style == "seen")
        for pattern in (
            "two people",
            r"three (\w+ )?(parcels|packages|boxes)",
            "a single",
            "several",
            "a group of people",
            "only",
            "just",
            "umbrella",
            "lying on the floor",
            "lying on the ground",
            "sitting",
            "walking",
            "on the left",
            "in the middle",
            "on the right",
            "in the distance",
            "close to the camera",
            "the door is open",
            "an open gate",
            "the lights are on",
            "the lights are off",
            "with the door open",
            "nobody",
            "an empty room",
            "a street at night",
            "in the rain",
            "vehicle",
            "gray",
            "package",
            "bike",
            "car park",
            "twilight",
            r"(two|three) people (in|wearing|dressed in) \w+",
        ):
            self.assertTrue(re.search(pattern, text), pattern)


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


class Classes(unittest.TestCase):
    def test_there_are_many(self):
        self.assertGreaterEqual(len(CLASSES), 48)
        self.assertEqual(len({one.plain for one in CLASSES}), len(CLASSES))

    def test_a_scene_belongs_to_one_class_alone(self):
        for index in range(len(CLASSES)):
            for seed in range(3):
                scene = class_scene(index, seed)
                for other, one in enumerate(CLASSES):
                    for text in one.phrasings:
                        self.assertEqual(is_true(text, scene, all_seen(scene)), index == other, (text, scene))


class Clip(unittest.TestCase):
    def test_events_of_a_trigger_are_long_and_apart(self):
        for name in clipscript.PROMPTS:
            events = [event for event in clipscript.SCRIPT if event["trigger"] == name]
            self.assertEqual(bool(events), name != "fire")
            for event in events:
                self.assertGreaterEqual(event["end"] - event["start"], 4, event)
                self.assertLessEqual(event["end"], clipscript.DURATION)
            for first, second in zip(events, events[1:]):
                self.assertGreaterEqual(second["start"] - first["end"], 3)

    def test_prompts_are_true_during_their_events_only(self):
        try:
            from worldkit.draw import measure
        except ImportError:
            self.skipTest("needs the drawing")
        for tick in range(0, int(clipscript.DURATION * 5)):
            now = tick / 5 + 0.05
            scene = clipscript.scene_at(now)
            visible = measure(scene)
            for name, prompt in clipscript.PROMPTS.items():
                events = [e for e in clipscript.SCRIPT if e["trigger"] == name]
                # A third of a second at either end belongs to coming and going.
                if any(abs(now - edge) < 0.35 for e in events for edge in (e["start"], e["end"])):
                    continue
                due = any(e["start"] <= now < e["end"] for e in events)
                self.assertEqual(is_true(prompt, scene, visible), due, (now, prompt, visible))

    def test_who_stays_is_in_one_square(self):
        for actor in clipscript.ACTORS:
            for (_, x, depth), (_, *there) in zip(actor.path, actor.path[1:]):
                if there == [x, depth]:
                    half = half_width(replace(actor.thing, x=x, depth=depth))
                    in_left = 0 <= x - half and x + half <= 1
                    in_right = clipscript.ASPECT - 1 <= x - half and x + half <= clipscript.ASPECT
                    self.assertTrue(in_left or in_right, actor)


if __name__ == "__main__":
    unittest.main()
