"""Twins: one change, which can be seen and said."""

import sys
import unittest
from dataclasses import fields
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from world import SYNTHETIC, TELLING, sample  # noqa: E402
from worldkit.draw import measure  # noqa: E402
from worldkit.scene import KINDS_OF, Scene  # noqa: E402
from worldkit.truth import is_true  # noqa: E402
from worldkit.twins import change, twins  # noqa: E402

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
        cls.pairs = [twins(seed) for seed in range(0, 2 * PAIRS, 2)]

    def test_the_same_seed_is_the_same_twin(self):
        self.assertEqual(twins(6), self.pairs[3])

    def test_one_thing_is_changed_and_all_kinds_of_change_occur(self):
        changes = [differences(*pair) for pair in self.pairs]
        self.assertEqual({len(names) for names in changes}, {1})
        named = [change(*pair) for pair in self.pairs]
        scene_or_thing = [name if name.startswith("is_") or name in ("light", "weather") else "thing" for name in named]
        self.assertEqual([[name] for name in scene_or_thing], changes)
        whole = {"is_open", "is_lit", "light", "weather", "number", "kind", "colour", "pose", "carries"}
        self.assertLessEqual(whole, set(named))
        self.assertGreater(named.count("is_open"), PAIRS / 10)

    def test_twins_keep_to_what_a_place_may_hold(self):
        for scene, twin in self.pairs:
            kinds = [thing.kind for thing in twin.things]
            self.assertLessEqual(set(kinds), set(KINDS_OF[twin.place]))
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
