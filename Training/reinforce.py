"""Reinforces a dataset once: draws strong augmentations, and stores what an ensemble of teachers makes of each of them
and of every caption (MobileCLIP §4.1). The layout is DataCompDR's; see shards.py.
"""

import argparse
import hashlib
import io
import json
import multiprocessing
import os
import pathlib

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

import augment
from shards import Sample, read_shard, shards, write_shard
from train import Recipe, load

BATCH = 100


class Teacher:
    """A trained model, asked for embeddings."""

    def __init__(self, folder: pathlib.Path):
        self.name = folder.name
        self.model, self.vocabulary, state = load(folder / "checkpoint.pt")
        weights = b"".join(tensor.numpy().tobytes() for tensor in state["model"].values())
        self.digest = hashlib.sha256(weights).hexdigest()[:16]
        # A tower is asked as it was used last in training.
        self.side, self.tokens = Recipe(**state["recipe"]).phase(state["step"])
        self.scale = float(self.model.logit_scale.detach().exp())
        self.width = self.model.size.embedding

    @property
    def description(self) -> dict:
        """What a student must know of it."""
        return {"name": self.name, "width": self.width, "scale": self.scale, "digest": self.digest}

    @torch.no_grad()
    def images(self, pictures: torch.Tensor, values: np.ndarray) -> np.ndarray:
        """(batch, 3, from, from) of 8 bits, and their augmentations' numbers → (batch, width), unit."""
        x = augment.apply(pictures, torch.from_numpy(values), self.side)
        return self.model.encode_images(x.contiguous(memory_format=torch.channels_last)).numpy()

    @torch.no_grad()
    def texts(self, texts: list[str]) -> np.ndarray:
        """→ (texts, width), unit."""
        rows, ends = self.vocabulary.encode(texts, self.tokens)
        return self.model.encode_texts(torch.from_numpy(rows), torch.from_numpy(ends)).numpy()


def reinforce(samples: list, teachers: list[Teacher], augmentations: int) -> None:
    """Fills in augmentations and embeddings."""
    for start in range(0, len(samples), BATCH):
        batch = samples[start : start + BATCH]
        for sample in batch:
            rng = np.random.default_rng(int(sample.key))
            sample.augmentations = [augment.draw(rng) for _ in range(augmentations)]
        decoded = [np.asarray(Image.open(io.BytesIO(sample.jpeg)).convert("RGB")) for sample in batch]
        pictures = torch.from_numpy(np.stack(decoded)).permute(0, 3, 1, 2)
        values = np.float32([sample.augmentations for sample in batch])
        images = [
            np.concatenate([teacher.images(pictures, values[:, which]) for teacher in teachers], 1)
            for which in range(augmentations)
        ]
        captions = [text for sample in batch for text in [sample.caption, *sample.synthetic]]
        texts = np.concatenate([teacher.texts(captions) for teacher in teachers], 1).reshape(
            len(batch), -1, images[0].shape[1]
        )
        for index, sample in enumerate(batch):
            sample.image_embeddings = np.stack([embeddings[index] for embeddings in images]).astype(np.float16)
            sample.text_embeddings = texts[index].astype(np.float16)


def start_worker(teachers: list[pathlib.Path]) -> None:
    """Each process has teachers of its own, and one thread: forward passes gain little from more."""
    global _teachers
    torch.set_num_threads(1)
    _teachers = [Teacher(folder) for folder in teachers]


def reinforce_shard(job: tuple[pathlib.Path, pathlib.Path, int]) -> None:
    shard, path, augmentations = job
    if path.exists():
        refuse_other(next(read_shard(shard)), next(read_shard(path)), augmentations, path)
        return
    samples = list(read_shard(shard))
    reinforce(samples, _teachers, augmentations)
    write_shard(path, samples)


def refuse_other(sample: Sample, reinforced: Sample, augmentations: int, path: pathlib.Path) -> None:
    """A reinforced shard that is there already must be of this one, with as many augmentations."""
    for name in ("key", "jpeg", "caption", "synthetic"):
        if getattr(sample, name) != getattr(reinforced, name):
            raise RuntimeError(f"{path} is of other pictures; name another folder with --out")
    if len(reinforced.augmentations) != augmentations:
        raise RuntimeError(f"{path} has {len(reinforced.augmentations)} augmentations a picture, not {augmentations}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of shards")
    parser.add_argument("--teachers", type=pathlib.Path, nargs="+", required=True, help="folders of trained teachers")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--augmentations", type=int, default=6, help="per picture")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    described = [Teacher(folder).description for folder in arguments.teachers]
    said = arguments.out / "teachers.json"
    if said.exists() and json.loads(said.read_text()) != described:
        raise SystemExit(f"{arguments.out} holds embeddings of other teachers; name another folder with --out")
    said.write_text(json.dumps(described, indent=1))
    jobs = [(shard, arguments.out / shard.name, arguments.augmentations) for shard in shards(arguments.data)]
    context = multiprocessing.get_context("spawn")  # torch's threads do not survive a fork
    with context.Pool(len(os.sched_getaffinity(0)), start_worker, (arguments.teachers,)) as pool:
        done = pool.imap(reinforce_shard, jobs)
        for _ in tqdm(done, total=len(jobs), unit="shard", desc="reinforce", disable=None):
            pass


if __name__ == "__main__":
    main()
