"""How much of a scene is seen, for tests that draw nothing."""

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from worldkit.sample import (  # noqa: E402
    OUT_OF_VIEW,
)
from worldkit.scene import (  # noqa: E402
    Scene,
    Visible,
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
