"""Makes pairs of picture and captions of the procedural world, as shards.

What is in a scene is in worldkit/sample.py, what is changed in its twin in worldkit/twins.py, how it is drawn in
worldkit/draw.py, what may be said of it in worldkit/captions.py; every caption is read again and checked against the
picture by worldkit/truth.py.
"""

import argparse
import multiprocessing
import os
import pathlib
import random

from tqdm import tqdm

from shards import PER_SHARD, SIDE, Sample, read_shard, write_shard
from worldkit.captions import captions, original_caption
from worldkit.draw import measure, picture_jpeg
from worldkit.sample import TRAIN_SEEDS
from worldkit.truth import is_true, problems
from worldkit.twins import twins

SYNTHETIC = 5  # captions of a picture …
TELLING = 3  # … of which so many are, where they can be, false of its twin
CANDIDATES = 40
PROBED = 4


def sample(seed: int) -> Sample:
    """The pair of a seed. Raises where a caption is not true of its picture."""
    pair = twins(seed - seed % 2)
    scene, twin = pair[seed % 2], pair[1 - seed % 2]
    visible, twin_visible = measure(scene), measure(twin)
    rng = random.Random(f"captions {seed}")  # a stream of its own: with the scene's, the words would follow the place
    caption = original_caption(scene, visible, rng)
    texts = captions(scene, visible, rng, CANDIDATES)
    # Most say what the picture has and its twin has not.
    telling = [text for text in texts if not is_true(text, twin, twin_visible)][:TELLING]
    synthetic = (telling + [text for text in texts if text not in telling])[:SYNTHETIC]
    synthetic += [synthetic[index % len(synthetic)] for index in range(SYNTHETIC - len(synthetic))]
    for text in [caption, *synthetic]:
        if wrong := problems(text, scene, visible):
            raise ValueError(f"seed {seed}: “{text}” is not true: {wrong}; {scene}")
    also = [is_true(text, twin, twin_visible) for text in (caption, *synthetic)]
    return Sample(f"{seed:09}", picture_jpeg(scene, SIDE), caption, synthetic, f"world:{seed}", also)


def make_shard(job: tuple[pathlib.Path, int, int]) -> pathlib.Path:
    path, first, count = job
    if not path.exists():
        write_shard(path, map(sample, range(first, first + count)))
    return path


def refuse_other(job: tuple[pathlib.Path, int, int]) -> None:
    """A shard that is there already must be one that would be made now: its first pairs are made again."""
    path, first, count = job
    if path.exists():
        made = [sample(seed) for seed in range(first, first + min(PROBED, count))]
        if [there for there, _ in zip(read_shard(path), made)] != made:
            raise SystemExit(f"{path} holds other pairs than this would make; name another folder with --out")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of shards")
    parser.add_argument("--count", type=int, required=True, help="pairs; whole shards are made")
    parser.add_argument("--per-shard", type=int, default=PER_SHARD)
    parser.add_argument("--first-seed", type=int, default=TRAIN_SEEDS.start)
    arguments = parser.parse_args()
    size = arguments.per_shard
    shard_count = -(-arguments.count // size)
    seeds = range(arguments.first_seed, arguments.first_seed + shard_count * size)
    if not seeds or seeds[0] not in TRAIN_SEEDS or seeds[-1] not in TRAIN_SEEDS:
        parser.error(f"{seeds}: the seeds of {TRAIN_SEEDS} are for training, the others for judging")
    if seeds[0] % 2 or len(seeds) % 2:
        parser.error("twins have the seeds 2n and 2n + 1: begin at an even one, and make an even number")
    arguments.out.mkdir(parents=True, exist_ok=True)
    jobs = [(arguments.out / f"{index:05}.tar", seeds[index * size], size) for index in range(shard_count)]
    if others := set(arguments.out.glob("*.tar")) - {path for path, _, _ in jobs}:
        raise SystemExit(f"{min(others)} is none of {shard_count} shards; name another folder with --out")
    for job in jobs:
        refuse_other(job)
    with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool:
        for _ in tqdm(pool.imap(make_shard, jobs), total=len(jobs), unit="shard", desc="world", disable=None):
            pass


if __name__ == "__main__":
    main()
