"""Trains a model from shards: L = (1 − λ)·L_CLIP + λ·L_distill (MobileCLIP §4.2).

Each step draws pairs, for each one augmentation and `drawn` synthetic captions (one, in the paper), and takes the mean
loss over (picture, original caption) and (picture, synthetic caption). Where the pairs are twins, the loss is taken
over the batch and once more over every two twins alone: what little they differ in would else be lost among all that
others differ in. Teachers are trained with λ = 0 from shards that are not yet reinforced.

Stops and goes on where it was: the draw of every step follows from the seed and the step's number alone.
"""

import argparse
import dataclasses
import json
import math
import pathlib
import re
import time

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

import augment
from mobileclip import SIZES, MobileCLIP, Size
from muon import Muon
from shards import Dataset
from tokenizer import END, PADDING, START, Vocabulary

MOST_SCALE = math.log(100)
NEVER = -1e4  # a logit whose share is 0
CHECKPOINT_SECONDS = 120


def logits(images: Tensor, texts: Tensor, scale: Tensor | float, group: int) -> Tensor:
    """Every picture against every caption of its group: unit embeddings (batch, width) → (groups, group, group)."""
    shape = (-1, group, images.shape[1])
    return scale * images.view(shape) @ texts.view(shape).mT


def contrastive(students: Tensor, also_true: Tensor) -> Tensor:
    """CLIP's loss: every picture picks its caption, every caption its picture.

    `also_true`, of the same shape, is where a caption is another picture's and true nevertheless: no choice to refuse.
    """
    target = torch.eye(students.shape[1]).expand_as(students)
    return _both_ways(students.masked_fill(also_true, NEVER), target, target)


def distillation(students: Tensor, teachers: list[Tensor]) -> Tensor:
    """Cross-entropy of the student's picks under each teacher's, both ways, averaged over the teachers."""
    losses = [_both_ways(students, teacher.softmax(2), teacher.mT.softmax(2)) for teacher in teachers]
    return sum(losses) / len(losses)


def _both_ways(students: Tensor, captions: Tensor, pictures: Tensor) -> Tensor:
    """`captions`: the share that each picture gives to each caption, and `pictures` the other way round."""
    picked = (captions * students.log_softmax(2)).sum(2) + (pictures * students.mT.log_softmax(2)).sum(2)
    return -picked.mean() / 2


CHOICES = {
    "size": tuple(SIZES),
    "batches": ("twins", "chance"),
    "captions": ("original", "both"),
    "augmentations": ("none", "drawn", "stored"),
}


def _setting(about: str, default=dataclasses.MISSING):
    return dataclasses.field(default=default, metadata={"help": about})


@dataclasses.dataclass
class Recipe:
    """What one run does; stored with its checkpoints."""

    size: str = _setting("of the model")
    steps: int = _setting("how many to take")
    seed: int = _setting("of weights and of the order of pairs", 0)
    batch: int = _setting("pairs in a step", 128)
    rate: float = _setting("peak learning rate; it falls as a cosine", 1e-2)
    weight_decay: float = _setting("of dense layers", 0.1)
    warmup: int = _setting("steps until the peak", 100)
    batches: str = _setting("each picture beside its twin, or by chance", "twins")
    captions: str = _setting("the original one, or it and synthetic ones", "both")
    drawn: int = _setting("synthetic captions of a picture in one step; texts are cheaper than pictures", 2)
    augmentations: str = _setting("none, new ones every time, or those in the shards", "drawn")
    distill: float = _setting("λ, the share of the teachers in the loss, 0…1", 0.0)
    phases: str = _setting("side of the pictures x tokens of the texts : share of the steps, …", "128x40:1")
    forget: float = _setting("share of words replaced by the shared row, so that it learns to mean nothing", 0.01)

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is one of {', '.join(choices)}, not {getattr(self, name)}")
        if self.batch < 2 or self.batch % 2:
            raise ValueError(f"a batch is an even number of pairs, not {self.batch}")
        if not 0 <= self.distill <= 1:
            raise ValueError(f"distill is λ, 0…1, not {self.distill}")
        if self.distill > 0 and self.augmentations != "stored":
            raise ValueError("the teachers' embeddings are of the stored augmentations: give --augmentations stored")
        if not re.fullmatch(r"(\d+x\d+:[\d.]+(,|$))+", self.phases):
            raise ValueError(f"phases look like 96x24:0.6,256x77:0.4, not {self.phases}")
        if abs(sum(float(phase.split(":")[1]) for phase in self.phases.split(",")) - 1) > 1e-6:
            raise ValueError(f"the shares of the phases {self.phases} do not add up to 1")

    def phase(self, step: int) -> tuple[int, int]:
        """The pictures' side and the texts' tokens at a step."""
        done = 0.0
        for phase in self.phases.split(","):
            shape, share = phase.split(":")
            done += float(share) * self.steps
            if step < round(done):
                break
        side, tokens = shape.split("x")
        return int(side), int(tokens)

    def learning_rate(self, step: int) -> float:
        rise = min(1.0, (step + 1) / max(1, self.warmup))
        return self.rate * rise * (0.5 + 0.5 * math.cos(math.pi * step / self.steps))


class Run:
    """A model on its way."""

    def __init__(self, recipe: Recipe, data: Dataset, folder: pathlib.Path):
        torch.manual_seed(recipe.seed)
        self.recipe, self.data, self.folder = recipe, data, folder
        if recipe.batches == "twins" and data.true_of_twin is None:
            raise SystemExit("these shards hold no twins: give --batches chance, or make them with world.py")
        used = slice(0, 1) if recipe.captions == "original" else slice(None)
        self.vocabulary = Vocabulary.of(text for captions in data.captions for text in captions[used])
        self.size = dataclasses.replace(SIZES[recipe.size], vocabulary=self.vocabulary.rows)
        self.model = MobileCLIP(self.size)
        self.model.image_encoder.to(memory_format=torch.channels_last)
        dense, others = [], []  # matrices; biases, norms, scales, embeddings and depthwise windows
        for module in self.model.modules():
            is_layer = isinstance(module, (torch.nn.Conv2d, torch.nn.Linear))
            for name, parameter in module.named_parameters(recurse=False):
                is_dense = is_layer and name == "weight" and parameter.shape[1] > 1
                (dense if is_dense else others).append(parameter)
        self.optimizers = (
            Muon(dense, recipe.rate, weight_decay=recipe.weight_decay),
            torch.optim.AdamW(others, recipe.rate, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.0),
        )
        self.step = 0
        self.seconds = 0.0
        encoded = [self.vocabulary.encode(captions, self.size.context) for captions in data.captions]
        self.rows = np.stack([rows for rows, _ in encoded]).astype(np.uint16)
        self.ends = np.stack([ends for _, ends in encoded]).astype(np.uint16)
        self.log = folder / "log.jsonl"
        folder.mkdir(parents=True, exist_ok=True)

    # Checkpoints

    def save(self) -> None:
        state = {
            "recipe": dataclasses.asdict(self.recipe),
            "size": dataclasses.asdict(self.size),
            "vocabulary": self.vocabulary.ids,
            "data": self.data.digest,
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "step": self.step,
            "seconds": self.seconds,
        }
        part = self.folder / "checkpoint.part"
        torch.save(state, part)
        part.rename(self.folder / "checkpoint.pt")

    def resume(self) -> None:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        if state["recipe"] != dataclasses.asdict(self.recipe) or state["data"] != self.data.digest:
            raise SystemExit(f"{path} is of another recipe or of other data; name another folder with --out")
        self.model.load_state_dict(state["model"])
        for optimizer, its_state in zip(self.optimizers, state["optimizers"]):
            optimizer.load_state_dict(its_state)
        self.step, self.seconds = state["step"], state["seconds"]
        if self.log.exists():  # what it says of steps after the checkpoint is about to happen again
            lines = self.log.read_text().splitlines(keepends=True)
            self.log.write_text("".join(line for line in lines if json.loads(line)["step"] <= self.step))

    # Steps

    def run(self) -> None:
        self.resume()
        if self.step == self.recipe.steps:
            return
        self.model.train()
        saved = time.monotonic()
        bar = tqdm(total=self.recipe.steps, initial=self.step, unit="step", desc=self.folder.name, disable=None)
        while self.step < self.recipe.steps:
            started = time.monotonic()
            loss, right = self.take_step(np.random.default_rng([self.recipe.seed, self.step]))
            self.step += 1
            self.seconds += time.monotonic() - started
            bar.update()
            if self.step % 25 == 0:
                bar.set_postfix(loss=f"{loss:.3f}", right=f"{right:.0%}")
                line = {
                    "step": self.step,
                    "loss": round(loss, 4),
                    "right": round(right, 4),
                    "seconds": round(self.seconds),
                }
                with self.log.open("a") as log:
                    log.write(json.dumps(line) + "\n")
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = time.monotonic()
        bar.close()
        self.save()

    def take_step(self, rng: np.random.Generator) -> tuple[float, float]:
        """One step; its loss, and the share of pictures that picked their own caption."""
        recipe = self.recipe
        chosen = self.choose(rng)
        side, tokens = recipe.phase(self.step)
        values, which = self.augmentations(rng, chosen)
        pictures = torch.from_numpy(self.data.pictures(side)[chosen]).permute(0, 3, 1, 2)
        pictures = augment.apply(pictures, torch.from_numpy(values), side)
        images = self.model.encode_images(pictures.contiguous(memory_format=torch.channels_last))

        columns = np.zeros((1, recipe.batch), np.int64)
        if recipe.captions == "both":
            synthetic = np.tile(np.arange(1, self.rows.shape[1]), (recipe.batch, 1))
            columns = np.concatenate([columns, rng.permuted(synthetic, axis=1).T[: recipe.drawn]])
        places = [(chosen, column) for column in columns]
        rows = self.forget(rng, np.concatenate([self.rows[place] for place in places]).astype(np.int64)[:, :tokens])
        ends = np.concatenate([self.ends[place] for place in places]).astype(np.int64)
        # A rare caption is longer than a short phase has room for; it is cut, as the tokenizer cuts.
        rows[ends >= tokens, -1] = self.vocabulary.row[END]
        ends = torch.from_numpy(np.minimum(ends, tokens - 1))
        with torch.autocast("cpu", torch.bfloat16):
            texts = self.model.encode_texts(torch.from_numpy(rows), ends).float().split(recipe.batch)

        scale = self.model.logit_scale.exp()
        loss = torch.zeros(())
        for place, text in zip(places, texts):
            teachers = self.teachers(chosen, which, place[1]) if recipe.distill > 0 else []
            for group in (recipe.batch, 2) if recipe.batches == "twins" else (recipe.batch,):
                students = logits(images, text, scale, group)
                loss = loss + (1 - recipe.distill) * contrastive(students, self.also_true(*place, group))
                if teachers:
                    loss = loss + recipe.distill * distillation(students, [logits(*t, group) for t in teachers])
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = recipe.learning_rate(self.step)
        loss = loss / len(places)
        self.model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        with torch.no_grad():
            self.model.logit_scale.clamp_(0, MOST_SCALE)
            right = ((images @ texts[-1].T).argmax(1) == torch.arange(recipe.batch)).float().mean()
        return loss.item(), right.item()

    def choose(self, rng: np.random.Generator) -> np.ndarray:
        """Which pairs a step learns from, ascending."""
        if self.recipe.batches == "chance":
            return np.sort(rng.choice(len(self.data), self.recipe.batch, replace=False))
        first = 2 * np.sort(rng.choice(len(self.data) // 2, self.recipe.batch // 2, replace=False))
        return np.stack([first, first + 1], 1).reshape(-1)

    def also_true(self, chosen: np.ndarray, columns: np.ndarray, group: int) -> Tensor:
        """Which captions are true of the twin beside them: (groups, pictures of the group, captions of the group)."""
        batch = np.arange(len(chosen))
        also = np.zeros((len(chosen), len(chosen)), bool)
        if self.recipe.batches == "twins":
            also[batch ^ 1, batch] = self.data.true_of_twin[chosen, columns]
        groups = np.arange(len(chosen) // group)
        return torch.from_numpy(also.reshape(len(groups), group, len(groups), group)[groups, :, groups])

    def augmentations(self, rng: np.random.Generator, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of one augmentation each, (batch, len(augment.FIELDS)), and which of the stored ones it is."""
        which = np.zeros(len(chosen), np.int64)
        if self.recipe.augmentations == "none":
            return np.tile(np.float32(augment.NEUTRAL), (len(chosen), 1)), which
        if self.recipe.augmentations == "drawn":
            return np.float32([augment.draw(rng) for _ in chosen]), which
        which = rng.integers(0, self.data.augmentations.shape[1], len(chosen))
        return self.data.augmentations[chosen, which], which

    def forget(self, rng: np.random.Generator, rows: np.ndarray) -> np.ndarray:
        """Texts (texts, tokens) with a few words replaced by the shared row."""
        special = [self.vocabulary.row[token] for token in (PADDING, START, END)]
        lost = (rng.random(rows.shape) < self.recipe.forget) & ~np.isin(rows, special)
        return np.where(lost, self.vocabulary.shared, rows)

    def teachers(self, chosen, which, columns) -> list[tuple[Tensor, Tensor, float]]:
        """Each teacher's embeddings of these pairs' augmentations and captions, and its scale."""
        images = torch.from_numpy(self.data.image_embeddings[chosen, which].astype(np.float32))
        texts = torch.from_numpy(self.data.text_embeddings[chosen, columns].astype(np.float32))
        teachers, start = [], 0
        for teacher in self.data.teachers:
            part = slice(start, start + teacher["width"])
            teachers.append((images[:, part], texts[:, part], teacher["scale"]))
            start = part.stop
        return teachers


def load(path: pathlib.Path) -> tuple[MobileCLIP, Vocabulary, dict]:
    """A trained model in eval mode, its vocabulary, and the rest of its checkpoint. Refuses a run that is not over."""
    state = torch.load(path, weights_only=True)
    if state["step"] < state["recipe"]["steps"]:
        raise SystemExit(f"{path} is at step {state['step']} of {state['recipe']['steps']}: train.py goes on with it")
    model = MobileCLIP(Size(**state["size"]))
    model.load_state_dict(state["model"])
    model.eval()
    model.image_encoder.to(memory_format=torch.channels_last)
    return model, Vocabulary(state["vocabulary"]), state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of shards")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of checkpoints and log")
    for field in dataclasses.fields(Recipe):
        required = field.default is dataclasses.MISSING
        default = None if required else field.default
        choices = CHOICES.get(field.name)
        option = f"--{field.name.replace('_', '-')}"
        about = field.metadata["help"] + ("" if required else " (default: %(default)s)")
        parser.add_argument(option, type=field.type, choices=choices, required=required, default=default, help=about)
    arguments = vars(parser.parse_args())
    folder, out = arguments.pop("data"), arguments.pop("out")
    try:
        recipe = Recipe(**arguments)
    except ValueError as error:
        parser.error(str(error))
    Run(recipe, Dataset(folder), out).run()


if __name__ == "__main__":
    main()
