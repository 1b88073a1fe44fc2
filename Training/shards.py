"""Shards in the layout of DataCompDR: webdataset tars, one key a sample.

KEY.jpg, KEY.txt (the original caption), KEY.url.txt, KEY.syn.json {"syn_text": [...]}; ours alone, KEY.twin.json
{"true_of_twin": [a truth value for each caption, the original one first]}; once reinforced also
KEY.paug.json {"param_aug": JSON text} and KEY.npz {"image_emb": (augmentations, ΣK width), "text_emb": (1 + synthetic
captions, ΣK width)}, where the teachers' unit embeddings stand side by side. `teachers.json` beside the shards says how
wide each is and at which temperature it was trained.
"""

import fcntl
import hashlib
import io
import json
import pathlib
import tarfile
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

import augment

PER_SHARD = 1000
SIDE = 256


@dataclass
class Sample:
    """One pair, as a shard holds it."""

    key: str
    jpeg: bytes
    caption: str
    synthetic: list[str]
    url: str
    true_of_twin: list[bool] = field(default_factory=list)  # of each caption, the original one first; [] without a twin
    augmentations: list[list[float]] = field(default_factory=list)
    image_embeddings: np.ndarray | None = None
    text_embeddings: np.ndarray | None = None

    def members(self):
        """(suffix, bytes) of every field there is."""
        yield "jpg", self.jpeg
        yield "txt", self.caption.encode()
        yield "url.txt", self.url.encode()
        yield "syn.json", json.dumps({"syn_text": self.synthetic}).encode()
        if self.true_of_twin:
            yield "twin.json", json.dumps({"true_of_twin": self.true_of_twin}).encode()
        if self.augmentations:
            yield "paug.json", json.dumps({"param_aug": augment.to_json(self.augmentations)}).encode()
        if self.image_embeddings is not None:
            buffer = io.BytesIO()
            np.savez(buffer, image_emb=self.image_embeddings, text_emb=self.text_embeddings)
            yield "npz", buffer.getvalue()


def write_shard(path: pathlib.Path, samples) -> None:
    """Writes a tar whole or not at all."""
    part = path.with_suffix(".part")
    with tarfile.open(part, "w") as tar:
        for sample in samples:
            for suffix, content in sample.members():
                entry = tarfile.TarInfo(f"{sample.key}.{suffix}")
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
    part.rename(path)


def read_shard(path: pathlib.Path):
    """The samples of a tar, in order."""
    fields: dict[str, bytes] = {}
    key = None
    with tarfile.open(path) as tar:
        for entry in tar:
            name, suffix = entry.name.split(".", 1)
            if key is not None and name != key:
                yield _sample(key, fields)
                fields = {}
            key = name
            fields[suffix] = tar.extractfile(entry).read()
    if key is not None:
        yield _sample(key, fields)


def _sample(key: str, fields: dict[str, bytes]) -> Sample:
    stored = json.loads(json.loads(fields["paug.json"])["param_aug"]) if "paug.json" in fields else []
    sample = Sample(
        key=key,
        jpeg=fields["jpg"],
        caption=fields["txt"].decode(),
        synthetic=json.loads(fields["syn.json"])["syn_text"],
        url=fields["url.txt"].decode(),
        true_of_twin=json.loads(fields["twin.json"])["true_of_twin"] if "twin.json" in fields else [],
        augmentations=[augment.expand(values) for values in stored],
    )
    if "npz" in fields:
        arrays = np.load(io.BytesIO(fields["npz"]))
        sample.image_embeddings, sample.text_embeddings = arrays["image_emb"], arrays["text_emb"]
    return sample


def shards(folder: pathlib.Path) -> list[pathlib.Path]:
    found = sorted(folder.glob("*.tar"))
    if not found:
        raise SystemExit(f"no shards (*.tar) in {folder}")
    return found


class Dataset:
    """All shards of a folder in memory: pictures in a mapped cache beside them, the rest as arrays.

    `captions[i]` begins with the original one. Where samples 2n and 2n + 1 are twins, `true_of_twin` of shape (samples,
    captions) says which captions are true of both; else it is None. Where the shards are reinforced: `augmentations` of
    shape (samples, augmentations, len(augment.FIELDS)), `image_embeddings` (samples, augmentations, ΣK width),
    `text_embeddings` (samples, captions, ΣK width), and `teachers`, in the order of their embeddings.
    """

    def __init__(self, folder: pathlib.Path):
        samples = [sample for shard in shards(folder) for sample in read_shard(shard)]
        self.digest = _digest(folder)
        self.captions = [[sample.caption, *sample.synthetic] for sample in samples]
        numbers = [int(sample.key) for sample in samples]
        self.true_of_twin = None
        even = len(numbers) % 2 == 0 and all(sample.true_of_twin for sample in samples)
        if even and all(numbers[index ^ 1] == number ^ 1 for index, number in enumerate(numbers)):
            self.true_of_twin = np.array([sample.true_of_twin for sample in samples])
        self._pictures = {SIDE: self._decoded(folder, samples)}
        self._pictures[SIDE // 2] = self._halved(folder)
        self.augmentations = None
        self.teachers = None
        if samples[0].augmentations:
            self.augmentations = np.array([sample.augmentations for sample in samples], np.float32)
        if samples[0].image_embeddings is not None:
            self.teachers = json.loads((folder / "teachers.json").read_text())
            self.image_embeddings = np.stack([sample.image_embeddings for sample in samples])
            self.text_embeddings = np.stack([sample.text_embeddings for sample in samples])

    def __len__(self) -> int:
        return len(self.captions)

    def pictures(self, side: int) -> np.ndarray:
        """(samples, at least `side`, at least `side`, 3) of 8 bits."""
        return self._pictures[SIDE // 2 if side <= SIDE // 2 else SIDE]

    @staticmethod
    def _decoded(folder: pathlib.Path, samples: list[Sample]) -> np.ndarray:
        def fill(pictures):
            for index, sample in enumerate(samples):
                pictures[index] = np.asarray(Image.open(io.BytesIO(sample.jpeg)).convert("RGB"))

        return _cached(folder, SIDE, len(samples), fill)

    def _halved(self, folder: pathlib.Path) -> np.ndarray:
        def fill(pictures):
            for index, picture in enumerate(self._pictures[SIDE]):
                quarters = picture.reshape(SIDE // 2, 2, SIDE // 2, 2, 3)
                pictures[index] = (quarters.sum((1, 3), dtype=np.uint16) + 2) // 4

        return _cached(folder, SIDE // 2, len(self), fill)


def _digest(folder: pathlib.Path) -> str:
    """Of all that is learnt from."""
    digest = hashlib.sha256()
    for path in [*shards(folder), folder / "teachers.json"]:
        if path.exists():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _cached(folder: pathlib.Path, side: int, count: int, fill) -> np.ndarray:
    """A mapped array of pictures, made once after the newest shard, by one of the runs that want it."""
    cache = folder / f"pictures-{side}.npy"
    newest = max(shard.stat().st_mtime for shard in shards(folder))
    with (folder / f"pictures-{side}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not cache.exists() or cache.stat().st_mtime < newest or len(np.load(cache, mmap_mode="r")) != count:
            part = cache.with_suffix(".part")
            pictures = np.lib.format.open_memmap(part, "w+", np.uint8, (count, side, side, 3))
            fill(pictures)
            del pictures
            part.rename(cache)
    return np.load(cache, mmap_mode="r")
