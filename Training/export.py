"""Writes a trained model as the daemon reads it: Apple's tensor names, train-time branches unfolded, float16.

`text_encoder.embedding_layer.weight` has a row for each id of `text_encoder.embedding_layer.token_ids`, ascending, and
a last one that all other tokens share.
"""

import argparse
import pathlib

import torch
from safetensors.torch import save

from train import Recipe, load


def tensors(path: pathlib.Path) -> dict[str, torch.Tensor]:
    model, vocabulary, state = load(path)
    phase = Recipe(**state["recipe"]).phase(state["step"])
    if phase != (256, model.size.context):
        raise SystemExit(f"{path} ended at {phase} pixels and tokens; the daemon gives 256 and {model.size.context}")
    result = {}
    for name, value in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        # A tiny variance would become 0 in float16, and float32 keeps what batch norm divides by.
        keep = name.endswith(("running_mean", "running_var")) or name == "logit_scale"
        result[name] = value.float() if keep else value.half()
        if not torch.isfinite(result[name]).all():
            raise SystemExit(f"{name} does not fit into float16")
        result[name] = result[name].contiguous()
    result["text_encoder.embedding_layer.token_ids"] = torch.tensor(vocabulary.ids, dtype=torch.int32)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.out.write_bytes(save(tensors(arguments.checkpoint), metadata={"format": "pt"}))
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
