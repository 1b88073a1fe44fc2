"""Twins: one change, which can be seen and said."""

import sys
import unittest
from dataclasses import fields
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from world import SYNTHETIC, TELLING, sample  # noqa: E402
from worldkit.draw import measure  # noqa: E402
from worldkit.scene import KINDS_OF, MOST_OF_A_KIND, Scene  # noqa: E402
from worldkit.truth import is_true  # noqa: E402
from worldkit.twins import scene_of  # noqa: E402

PAIRS = 150


def differences(scene: Scene, twin: Scene) -> list[str]:
    """What they differ in, but for the camera's mood; each thing counts by itself."""
    found = [f.name for f in fields(Scene) if f.name not in ("things", "camera")]
    found = [name for name in found if getattr(scene, name) != getattr(twin, name)]
    lost = [thing for thing in scene.things if thing not in twin.things]
    new = [thing for thing in twin.things if thing not in scene.things]
    return found + ["thing"] * max(len(lost), len(new))


class Twins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pairs = [(scene_of(seed), scene_of(seed + 1)) for seed in range(0, 2 * PAIRS, 2)]

    def test_the_same_seed_is_the_same_twin(self):
        self.assertEqual(scene_of(7), scene_of(7))

    def test_one_thing_is_changed_and_all_kinds_of_change_occur(self):
        changes = [differences(*pair) for pair in self.pairs]
        self.assertEqual({len(change) for change in changes}, {1})
        for what in ("is_open", "is_lit", "light", "weather", "thing"):
            self.assertIn([what], changes)
        self.assertGreater(changes.count(["is_open"]), PAIRS / 10)

    def test_twins_keep_to_what_a_place_may_hold(self):
        for scene, twin in self.pairs:
            kinds = [thing.kind for thing in twin.things]
            self.assertLessEqual(set(kinds), set(KINDS_OF[twin.place]))
            self.assertLessEqual(max(map(kinds.count, kinds), default=0), MOST_OF_A_KIND)
            self.assertFalse(twin.weather == "fog" and "smoke" in kinds)
            self.assertIn(len(scene.things) - len(twin.things), (0, 1))

    def test_captions_mostly_tell_twins_apart(self):
        told = 0
        for index, (_, twin) in enumerate(self.pairs[:40]):
            other = measure(twin)
            synthetic = set(sample(2 * index).synthetic)
            self.assertLessEqual(len(synthetic), SYNTHETIC)
            told += min(TELLING, sum(not is_true(text, twin, other) for text in synthetic))
        self.assertGreater(told / 40, 0.8 * TELLING)


if __name__ == "__main__":
    unittest.main()
