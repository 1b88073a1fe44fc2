"""Strong augmentations as numbers: drawn once, stored with the picture, applied in batches.

A random resized crop and two operations of RandAugment (Cubuk et al., arXiv 1909.13719). Left out are flips, because
captions say left and right, and solarize, equalize and invert, because they say colours.
"""

import json
import math

import torch
from torch import Tensor
from torch.nn import functional as F

# name: what it is when nothing is done, and its range
FIELDS = {
    "crop_x": (0.0, None),
    "crop_y": (0.0, None),
    "crop_width": (1.0, None),
    "crop_height": (1.0, None),
    "rotate": (0.0, (-20.0, 20.0)),  # degrees
    "shear_x": (0.0, (-0.2, 0.2)),
    "shear_y": (0.0, (-0.2, 0.2)),
    "brightness": (1.0, (0.5, 1.5)),
    "contrast": (1.0, (0.5, 1.5)),
    "colour": (1.0, (0.4, 1.6)),
    "sharpness": (1.0, (0.0, 2.0)),
    "levels": (256.0, (16.0, 64.0)),  # posterize: so many are left
}
_NAMES = list(FIELDS)
_OPERATIONS = [name for name, (_, limits) in FIELDS.items() if limits]
NEUTRAL = [neutral for neutral, _ in FIELDS.values()]


def draw(rng, least_area: float = 0.5) -> list[float]:
    """The numbers of one augmentation, in the order of FIELDS. `rng` is a numpy Generator."""
    values = dict(zip(_NAMES, NEUTRAL))
    area = rng.uniform(least_area, 1.0)
    ratio = math.exp(rng.uniform(math.log(3 / 4), math.log(4 / 3)))
    width = min(1.0, math.sqrt(area * ratio))
    height = min(1.0, math.sqrt(area / ratio))
    values |= {"crop_width": width, "crop_height": height}
    values |= {"crop_x": rng.uniform(0, 1 - width), "crop_y": rng.uniform(0, 1 - height)}
    for name in rng.choice(_OPERATIONS, 2, replace=False):
        values[name] = rng.uniform(*FIELDS[name][1])
    return [round(float(values[name]), 4) for name in _NAMES]


def compress(values: list[float]) -> list:
    """As shards store it: [name, value] of what is not neutral."""
    return [[name, value] for name, value, neutral in zip(_NAMES, values, NEUTRAL) if value != neutral]


def expand(stored: list) -> list[float]:
    values = dict(zip(_NAMES, NEUTRAL))
    for name, value in stored:
        if name not in values:
            raise ValueError(f"no augmentation is called {name!r}")
        values[name] = float(value)
    return [values[name] for name in _NAMES]


def to_json(augmentations: list[list[float]]) -> str:
    return json.dumps([compress(values) for values in augmentations], separators=(",", ":"))


def apply(pictures: Tensor, values: Tensor, side: int) -> Tensor:
    """(batch, 3, from, from) of 8 bits and (batch, len(FIELDS)) → (batch, 3, side, side), 0…1."""
    x = pictures.float().div_(255)
    while x.shape[-1] >= 2 * side:
        x = F.avg_pool2d(x, 2)
    value = dict(zip(_NAMES, values.float().unbind(1)))
    if not _all(value, _NAMES[:7]) or x.shape[-1] != side:
        x = F.grid_sample(x, _grid(value, side), mode="bilinear", padding_mode="border", align_corners=False)
    each = {name: value[name][:, None, None, None] for name in _NAMES}
    if not _all(value, ["sharpness"]):
        blurred = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        x = (blurred + each["sharpness"] * (x - blurred)).clamp_(0, 1)
    if not _all(value, ["brightness", "contrast", "colour"]):
        x = x * each["brightness"]
        grey = (x * torch.tensor([0.299, 0.587, 0.114])[None, :, None, None]).sum(1, keepdim=True)
        x = grey + each["colour"] * (x - grey)
        mean = grey.mean((2, 3), keepdim=True)
        x = (mean + each["contrast"] * (x - mean)).clamp_(0, 1)
    if not _all(value, ["levels"]):
        coarse = (x * (each["levels"] - 1)).round_() / (each["levels"] - 1)
        x = torch.where(each["levels"] < 256, coarse, x)
    return x


def _all(value: dict[str, Tensor], names: list[str]) -> bool:
    """Whether these are neutral for the whole batch."""
    return all(bool((value[name] == FIELDS[name][0]).all()) for name in names)


def _grid(value: dict[str, Tensor], side: int) -> Tensor:
    """Where every output pixel comes from: the crop's centre and extent, then rotation and shear about that centre."""
    angle = torch.deg2rad(value["rotate"])
    cos, sin = torch.cos(angle), torch.sin(angle)
    half_width, half_height = value["crop_width"], value["crop_height"]
    centre_x = 2 * (value["crop_x"] + half_width / 2) - 1
    centre_y = 2 * (value["crop_y"] + half_height / 2) - 1
    top = torch.stack(
        [half_width * (cos + value["shear_x"] * sin), half_height * (value["shear_x"] * cos - sin), centre_x], 1
    )
    bottom = torch.stack(
        [half_width * (sin + value["shear_y"] * cos), half_height * (cos - value["shear_y"] * sin), centre_y], 1
    )
    return F.affine_grid(torch.stack([top, bottom], 1), [len(angle), 3, side, side], align_corners=False)
