"""The model of mobileclip.py against the numbers that the published model's own code gave."""

import json
import pathlib
import sys
import unittest

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import tokenizer  # noqa: E402
from mobileclip import SIZES, MobileCLIP  # noqa: E402

REPOSITORY = pathlib.Path(__file__).parent.parent.parent
REFERENCE = REPOSITORY / "Tests/TestSupport/Reference"
PICTURES = REPOSITORY / "Tests/ImagingTests/Fixtures/published"
GOLDEN = json.loads((REFERENCE / "golden/mobileclip_s0.seed1.json").read_text())


def seeded(name: str, shape) -> np.ndarray:
    """The stand-in weights of Tests/TestSupport/SeededWeights.swift, seed 1."""
    if name.endswith("num_batches_tracked"):
        return np.zeros(shape, np.int64)
    hashed = 0xCBF29CE484222325
    for byte in name.encode():
        hashed = ((hashed ^ byte) * 0x100000001B3) & (2**64 - 1)
    count = int(np.prod(shape, dtype=np.int64))
    with np.errstate(over="ignore"):
        z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(hashed ^ 1)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    u = ((z >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)).reshape(shape)
    last = name.rsplit(".", 1)[-1]
    if last == "logit_scale":
        return np.full(shape, np.log(100.0), np.float32)
    if last == "running_var":
        return u + np.float32(0.5)
    if last == "running_mean":
        return (u - np.float32(0.5)) * np.float32(0.2)
    if last.startswith("layer_scale"):
        return u * np.float32(0.2) + np.float32(0.1)
    if sum(side > 1 for side in shape) <= 1:
        return u * np.float32(0.5) + np.float32(0.75) if last == "weight" else (u - np.float32(0.5)) * np.float32(0.1)
    if "embedding" in name or "pos_embed" in name:
        return (u * 2 - 1) * np.float32(0.5)
    inputs = shape[0] if last in ("proj", "projection_layer") else int(np.prod(shape[1:]))
    return (u * 2 - 1) * np.sqrt(np.float32(3.0) / np.float32(inputs))


class PublishedModel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = MobileCLIP(SIZES["s0"])
        state = {
            name: torch.from_numpy(seeded(name, tuple(value.shape))) for name, value in cls.model.state_dict().items()
        }
        cls.model.load_state_dict(state)
        cls.model.eval()

    def test_names_and_shapes_are_the_published_ones(self):
        published = {
            name: tuple(shape) for name, shape, _ in json.loads((REFERENCE / "tensors/mobileclip_s0.json").read_text())
        }
        ours = {name: tuple(value.shape) for name, value in self.model.state_dict().items()}
        self.assertEqual(ours, published)

    def test_text_embeddings_are_the_published_ones(self):
        kept = [index for index, text in enumerate(GOLDEN["texts"]) if text.isascii()]
        rows, ends = tokenizer.Vocabulary.whole().encode([GOLDEN["texts"][index] for index in kept], 77)
        with torch.no_grad():
            embeddings = self.model.text_encoder(torch.from_numpy(rows), torch.from_numpy(ends))
        self.check(embeddings, [GOLDEN["text_embeddings"][index] for index in kept])

    def test_image_embeddings_are_the_published_ones(self):
        names = [pathlib.Path(name).stem for name in GOLDEN["images"]]
        pictures = [
            np.asarray(Image.open(PICTURES / f"{name}_256.png").convert("RGB"), np.float32) / 255 for name in names
        ]
        with torch.no_grad():
            embeddings = self.model.image_encoder["model"](torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2))
        self.check(embeddings, GOLDEN["image_embeddings"])

    def check(self, actual, expected):
        actual, expected = np.asarray(actual, np.float64), np.array(expected)
        cosines = (actual * expected).sum(1) / np.linalg.norm(actual, axis=1) / np.linalg.norm(expected, axis=1)
        self.assertGreater(cosines.min(), 0.999999)


if __name__ == "__main__":
    unittest.main()
