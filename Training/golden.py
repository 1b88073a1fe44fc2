"""What PyTorch makes of the bundled model: embeddings of frames of the clip and of texts, for the daemon's tests.

The model is read back from the exported file, unfolded and in eval mode; the daemon folds it.
"""

import argparse
import io
import json
import pathlib

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

from mobileclip import MobileCLIP, Size
from tokenizer import Vocabulary

SIDE = 256
FRAMES = (8, 30, 60, 100, 150, 205, 245, 268)
TEXTS = (
    "a parcel on the doorstep",
    "the front door is open",
    "a person in a red coat",
    "two people on a doorstep",
    "a black dog on the doorstep",
    "a person with a yellow umbrella",
    "a ladder in front of a house",
    "the porch light is on",
    "it is raining on the doorstep",
    "a fire on the doorstep",
    "a photo",
    "a cat on the doorstep at night",
    "three red vans in a parking lot in the snow",
)


def read(path: pathlib.Path) -> tuple[MobileCLIP, Vocabulary]:
    """A model from the daemon's file; its size follows from the tensors' shapes, as the daemon has it."""
    state = {name: tensor.float() for name, tensor in load_file(path).items()}
    vocabulary = Vocabulary(state.pop("text_encoder.embedding_layer.token_ids").int().tolist())
    stages = [f"image_encoder.model.network.{index}" for index in (0, 2, 4, 7)]
    blocks = [{name.split(".")[4] for name in state if name.startswith(stage + ".")} for stage in stages]
    widths = tuple(state[f"{stage}.0.convffn.fc1.weight"].shape[1] for stage in stages)
    layers = {name.split(".")[2] for name in state if name.startswith("text_encoder.transformer.")}
    embedding = state["text_encoder.projection_layer"]
    size = Size(
        tuple(map(len, blocks)), widths, embedding.shape[0], len(layers) - 2, embedding.shape[1], vocabulary.rows
    )
    model = MobileCLIP(size)
    missing = model.load_state_dict(state, strict=False)
    left = [name for name in missing.missing_keys if not name.endswith("num_batches_tracked")]
    if left or missing.unexpected_keys:
        raise SystemExit(f"{path}: {left} missing, {missing.unexpected_keys} unknown")
    return model.eval(), vocabulary


def pictures(clip: pathlib.Path) -> list[bytes]:
    """The JPEG pictures of a Motion JPEG file."""
    marker = b"\xff\xd8\xff"
    return [marker + part for part in clip.read_bytes().split(marker)[1:]]


def preprocessed(jpeg: bytes) -> np.ndarray:
    """Shortest side to 256 by antialiased bilinear, centre crop: (3, side, side), 0…1."""
    picture = Image.open(io.BytesIO(jpeg)).convert("RGB")
    scale = SIDE / min(picture.size)
    picture = picture.resize([max(SIDE, int(side * scale)) for side in picture.size], Image.Resampling.BILINEAR)
    left, top = (round((side - SIDE) / 2) for side in picture.size)
    picture = picture.crop((left, top, left + SIDE, top + SIDE))
    return np.asarray(picture, np.float32).transpose(2, 0, 1) / 255


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path, help="smallworld.safetensors")
    parser.add_argument("clip", type=pathlib.Path, help="clip.mjpeg")
    parser.add_argument("out", type=pathlib.Path, help="a JSON file")
    arguments = parser.parse_args()
    model, vocabulary = read(arguments.model)
    jpegs = pictures(arguments.clip)
    rows, ends = vocabulary.encode(TEXTS, model.size.context)
    with torch.no_grad():
        images = model.image_encoder["model"](torch.from_numpy(np.stack([preprocessed(jpegs[i]) for i in FRAMES])))
        texts = model.text_encoder(torch.from_numpy(rows), torch.from_numpy(ends))
    result = {
        "frames": FRAMES,
        "image_embeddings": [[round(value, 6) for value in embedding] for embedding in images.tolist()],
        "texts": TEXTS,
        "text_embeddings": [[round(value, 6) for value in embedding] for embedding in texts.tolist()],
    }
    arguments.out.write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
