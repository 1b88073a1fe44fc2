"""Judges a model on seeds never trained on: zero-shot classification, text→picture retrieval, and twins.

The pictures are new, the world is the same: places, kinds and words are those of training. Each picture to retrieve has
two captions that claim the same, one phrased as training phrases, one as it never does, so that they differ in nothing
else. What they claim is true of no other picture; pictures of which nothing can be said that is true of them alone
(mostly empty ones) are passed over. Of twins, a caption that is true of one alone must pick that one.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import pathlib
import random
from dataclasses import dataclass

import numpy as np
import torch
from tqdm import tqdm

import augment
from shards import SIDE
from train import Recipe, load
from worldkit.captions import STYLES, captions
from worldkit.classes import CLASSES, class_scene
from worldkit.draw import measure, picture
from worldkit.reading import read
from worldkit.sample import TEST_SEEDS, VALIDATION_SEEDS, sample_scene
from worldkit.truth import is_true
from worldkit.twins import change, twins

BATCH = 100
CAPTIONS_TRIED = {"seen": 60, "held-out": 24}
_TEXTS = ("retrieval_captions", "twin_captions", "twin_changes")


@dataclass
class HeldOut:
    """Pictures and what is true of them."""

    class_pictures: np.ndarray  # (pictures, side, side, 3)
    class_labels: np.ndarray  # (pictures,)
    retrieval_pictures: np.ndarray
    retrieval_captions: dict[str, list[str]]  # per style, one a picture, true of it alone, claiming the same
    twin_pictures: np.ndarray  # (pairs, 2, side, side, 3)
    twin_captions: list[str]  # one a pair, true of the first alone
    twin_changes: list[str]  # what the second has else

    @classmethod
    def make(cls, seeds: range, class_count: int, retrieval_count: int, pair_count: int) -> "HeldOut":
        labels = np.arange(class_count) % len(CLASSES)
        with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool:
            jobs = [(int(label), seeds.start + index) for index, label in enumerate(labels)]
            pictures = list(tqdm(pool.imap(_class_picture, jobs, 16), total=len(jobs), desc="pictures", disable=None))
            candidates = pool.map(_candidate, range(seeds.start, seeds.start + 2 * retrieval_count), 16)
            pairs = pool.map(_pair, range(seeds.start, seeds.start + 2 * pair_count, 2), 16)
        chosen = _unambiguous(candidates, retrieval_count)
        told = [pair for pair in pairs if pair]
        return cls(
            np.stack(pictures),
            labels,
            np.stack([picture for picture, _ in chosen]),
            {style: [pair[index] for _, pair in chosen] for index, style in enumerate(STYLES)},
            np.stack([pictures for pictures, _, _ in told]),
            [caption for _, caption, _ in told],
            [change for _, _, change in told],
        )

    @classmethod
    def cached(cls, folder: pathlib.Path, seeds: range, counts: tuple[int, int, int]) -> "HeldOut":
        """`counts`: of class pictures, of pictures to retrieve, and of pairs of twins."""
        world = hashlib.sha256()
        here = pathlib.Path(__file__)
        for source in (here, *sorted((here.parent / "worldkit").glob("*.py"))):
            world.update(source.read_bytes())
        path = folder / f"held-out-{seeds.start}-{'-'.join(map(str, counts))}-{world.hexdigest()[:12]}.npz"
        if not path.exists():
            held_out = vars(cls.make(seeds, *counts))
            folder.mkdir(parents=True, exist_ok=True)
            arrays = {name: json.dumps(held_out[name]) if name in _TEXTS else held_out[name] for name in held_out}
            part = path.with_suffix(".part.npz")
            np.savez(part, **arrays)
            part.rename(path)
        arrays = dict(np.load(path))
        return cls(**arrays | {name: json.loads(str(arrays[name])) for name in _TEXTS})


def _class_picture(job: tuple[int, int]) -> np.ndarray:
    return picture(class_scene(*job), SIDE)


def _candidate(seed: int):
    scene = sample_scene(seed)
    visible = measure(scene)
    rng = random.Random(f"captions {seed}")
    seen, held_out = (captions(scene, visible, rng, CAPTIONS_TRIED[style], style) for style in STYLES)
    phrased = {frozenset(read(text).claims): text for text in seen}
    pairs = [(phrased[claims], text) for text in held_out if (claims := frozenset(read(text).claims)) in phrased]
    return scene, visible, picture(scene, SIDE), pairs


def _pair(seed: int) -> tuple[np.ndarray, str, str] | None:
    """Twins, a caption that is true of the first alone, and what they differ in; None where none is found."""
    scene, other = twins(seed)
    visible, other_visible = measure(scene), measure(other)
    for text in captions(scene, visible, random.Random(f"twins {seed}"), CAPTIONS_TRIED["seen"]):
        if not is_true(text, other, other_visible):
            return np.stack([picture(scene, SIDE), picture(other, SIDE)]), text, change(scene, other)
    return None


def _unambiguous(candidates, count: int) -> list[tuple[np.ndarray, tuple[str, str]]]:
    """The first `count` pictures that have a pair of captions that is true of no other picture among them."""
    chosen = list(candidates[:count])
    reserve = list(candidates[count:])
    while True:
        found = []
        for index, (_, _, shown, pairs) in enumerate(chosen):
            others = chosen[:index] + chosen[index + 1 :]
            alone = (pair for pair in pairs if not any(is_true(pair[0], other[0], other[1]) for other in others))
            found.append((shown, next(alone, None)))
        if all(pair for _, pair in found):
            return found
        kept = [candidate for candidate, (_, pair) in zip(chosen, found) if pair]
        missing = count - len(kept)
        if missing > len(reserve):
            raise SystemExit(f"only {len(kept)} of {count} pictures have captions of their own")
        chosen = kept + reserve[:missing]
        reserve = reserve[missing:]


class Judge:
    """A model on a held-out set."""

    def __init__(self, checkpoint: pathlib.Path):
        self.model, self.vocabulary, state = load(checkpoint)
        # A model is judged as it was used last in training; one that is exported, at 256 pixels and 77 tokens.
        self.side, self.tokens = Recipe(**state["recipe"]).phase(state["step"])

    @torch.no_grad()
    def pictures(self, pictures: np.ndarray) -> np.ndarray:
        embeddings = []
        for start in range(0, len(pictures), BATCH):
            batch = torch.from_numpy(pictures[start : start + BATCH]).permute(0, 3, 1, 2)
            batch = augment.apply(batch, torch.tensor([augment.NEUTRAL]).repeat(len(batch), 1), self.side)
            embeddings.append(self.model.encode_images(batch.contiguous(memory_format=torch.channels_last)).numpy())
        return np.concatenate(embeddings)

    @torch.no_grad()
    def texts(self, texts: list[str]) -> np.ndarray:
        rows, ends = self.vocabulary.encode(texts, self.tokens)
        return self.model.encode_texts(torch.from_numpy(rows), torch.from_numpy(ends)).numpy()

    def scenes(self, held_out: HeldOut) -> tuple[np.ndarray, np.ndarray]:
        """Per picture the class chosen by one plain description each, and by the mean of several."""
        pictures = self.pictures(held_out.class_pictures)
        plain = self.texts([scene_class.plain for scene_class in CLASSES])
        means = np.stack([self.texts(list(scene_class.phrasings)).mean(0) for scene_class in CLASSES])
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        return (pictures @ plain.T).argmax(1), (pictures @ means.T).argmax(1)

    def recall(self, held_out: HeldOut) -> dict[str, float]:
        """Per style, the share of captions whose own picture comes first."""
        pictures = self.pictures(held_out.retrieval_pictures)
        own = np.arange(len(pictures))
        return {
            style: float(((self.texts(texts) @ pictures.T).argmax(1) == own).mean())
            for style, texts in held_out.retrieval_captions.items()
        }

    def twins(self, held_out: HeldOut) -> dict[str, float]:
        """Per kind of change, the share of captions that pick the picture of which they are true; half is chance."""
        first, second = (self.pictures(held_out.twin_pictures[:, index]) for index in (0, 1))
        texts = self.texts(held_out.twin_captions)
        right, changes = ((first - second) * texts).sum(1) > 0, np.array(held_out.twin_changes)
        return {"all": float(right.mean())} | {
            str(name): float(right[changes == name].mean()) for name in sorted(set(changes))
        }

    def report(self, held_out: HeldOut) -> dict:
        plain, mean = self.scenes(held_out)
        recall = self.recall(held_out)
        return {
            "pictures": len(held_out.class_labels),
            "classes": len(CLASSES),
            "top1_plain": float((plain == held_out.class_labels).mean()),
            "top1": float((mean == held_out.class_labels).mean()),
            "retrieval": len(held_out.retrieval_pictures),
            "recall_seen": recall["seen"],
            "recall_unseen": recall["held-out"],
            "pairs": len(held_out.twin_captions),
            "twins": self.twins(held_out),
        }


def plot_confusion(labels: np.ndarray, chosen: np.ndarray, path: pathlib.Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    names = [scene_class.plain for scene_class in CLASSES]
    counts = np.zeros((len(names), len(names)))
    np.add.at(counts, (labels, chosen), 1)
    shares = counts / counts.sum(1, keepdims=True)
    figure, axes = plt.subplots(figsize=(13, 12))
    image = axes.imshow(shares, cmap="magma_r", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.set_xlabel("chosen")
    axes.set_ylabel("shown")
    right = np.trace(counts) / len(labels)
    axes.set_title(f"Zero-shot over {len(names)} scenes, {len(labels)} held-out pictures: {right:.1%} right")
    figure.colorbar(image, shrink=0.6, label="share of the pictures shown")
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument(
        "--data", type=pathlib.Path, default=pathlib.Path("data"), help="where held-out pictures are kept"
    )
    parser.add_argument("--validation", action="store_true", help="on the seeds that choices are made by")
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--retrieval", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--confusion", type=pathlib.Path, help="draw the confusion matrix here (.png)")
    arguments = parser.parse_args()
    seeds = VALIDATION_SEEDS if arguments.validation else TEST_SEEDS
    held_out = HeldOut.cached(arguments.data, seeds, (arguments.pictures, arguments.retrieval, arguments.pairs))
    judge = Judge(arguments.checkpoint)
    print(json.dumps(judge.report(held_out), indent=1))
    if arguments.confusion:
        plot_confusion(held_out.class_labels, judge.scenes(held_out)[1], arguments.confusion)


if __name__ == "__main__":
    main()
