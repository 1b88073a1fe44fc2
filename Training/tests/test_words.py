"""Sampling, captions, truth, classes and the clip's plot, held against each other.

Captions are made from the scene by one piece of code and read back by another that knows none of its sentences.
"""

import random
import re
import sys
import unittest
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sightings import all_seen, seen_by  # noqa: E402

from worldkit import clipscript  # noqa: E402
from worldkit.captions import SEEN, captions, generic_captions, original_caption  # noqa: E402
from worldkit.classes import CLASSES, class_scene  # noqa: E402
from worldkit.draw import measure  # noqa: E402
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
    COLOURS_OF,
    INDOORS,
    KINDS_OF,
    MOST_OF_A_KIND,
    OPENING_OF,
    POSES_OF,
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
            sentences["seen" if style == "original" else style].add(text)
            if style != "original":
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
    def triggers(self) -> Iterator[tuple[str, list[str], list[str], list[dict]]]:
        """Name, phrasings of the prompt, rivals and events of what the demonstration asks for."""
        path = Path(__file__).resolve().parents[2] / "Config" / "demo.yaml"
        for trigger in yaml.safe_load(path.read_text())["triggers"]:
            events = [event for event in clipscript.SCRIPT if event["trigger"] == trigger["name"]]
            prompt = trigger["prompt"]
            yield trigger["name"], prompt if isinstance(prompt, list) else [prompt], trigger["against"], events

    def test_events_of_a_trigger_are_long_and_apart(self):
        for name, _, _, events in self.triggers():
            self.assertEqual(bool(events), name != "fire")
            for event in events:
                self.assertGreaterEqual(event["end"] - event["start"], 4, event)
                self.assertLessEqual(event["end"], clipscript.DURATION)
            for first, second in zip(events, events[1:]):
                self.assertGreaterEqual(second["start"] - first["end"], 3)

    def test_prompts_are_true_during_their_events_only_and_rivals_never_then(self):
        for tick in range(0, int(clipscript.DURATION * 5)):
            now = tick / 5 + 0.05
            scene = clipscript.scene_at(now)
            visible = measure(scene)
            for name, prompt, rivals, events in self.triggers():
                # A third of a second at either end belongs to coming and going.
                if any(abs(now - edge) < 0.35 for e in events for edge in (e["start"], e["end"])):
                    continue
                due = any(e["start"] <= now < e["end"] for e in events)
                self.assertEqual(any(is_true(text, scene, visible) for text in prompt), due, (now, name, visible))
                if due:
                    self.assertFalse([text for text in rivals if is_true(text, scene, visible)], (now, name))

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
