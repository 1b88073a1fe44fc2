"""Writes the smallest MobileCLIP that the daemon takes, with random weights, for the emulated guest.

There a crop of the bundled model takes seconds, since QEMU computes every floating-point number in software. This one
has a fiftieth of the arithmetic. It knows nothing, but its embeddings are the same for the same picture and others for
other pictures, which is all that tests of cameras ask for.

    tiny_model.py FILE
"""

import json
import math
import random
import struct
import sys

WIDTHS = (4, 8, 16, 32)  # the last is one attention head
TEXT = 64  # one head, too
EMBEDDING = 32
# The tokens that the text tower has rows for: padding, “a”, start and end. All others share the last row.
TOKENS = (0, 320, 49406, 49407)

tensors = {}


def add(name, *shape):
    """A tensor of random numbers that leave the scale of what they are multiplied with as it is."""
    inputs = math.prod(shape[1:]) if len(shape) > 1 else 1
    spread = math.sqrt(1 / inputs) if len(shape) > 1 else 0.1
    tensors[name] = (shape, [random.gauss(0, spread) for _ in range(math.prod(shape))])


def fill(name, value, *shape):
    tensors[name] = (shape, [value] * math.prod(shape))


def norm(name, width, moving=True):
    fill(name + ".weight", 1, width)
    add(name + ".bias", width)
    if moving:
        fill(name + ".running_mean", 0, width)
        fill(name + ".running_var", 1, width)


def linear(name, *shape):
    add(name + ".weight", *shape)
    add(name + ".bias", shape[0])


def convolution(name, *shape):
    add(name + ".conv.weight", *shape)
    norm(name + ".bn", shape[0])


def mobile_one(name, *shape, skip=True):
    convolution(name + ".rbr_conv.0", *shape)
    if shape[3] == 3:
        convolution(name + ".rbr_scale", shape[0], shape[1], 1, 1)
    if skip:
        norm(name + ".rbr_skip", shape[0])


def gates(name, reduce, expand, width, inner):
    linear(f"{name}.{reduce}", inner, width, 1, 1)
    linear(f"{name}.{expand}", width, inner, 1, 1)


def feed_forward(name, width, window, expansion):
    convolution(name + ".convffn.conv", width, 1, *window)
    linear(name + ".convffn.fc1", expansion * width, width, 1, 1)
    linear(name + ".convffn.fc2", width, expansion * width, 1, 1)


def mixer(name, width, mixing, window, expansion):
    fill(name + ".layer_scale", 0.5, width, 1, 1)
    fill(name + ".token_mixer.layer_scale", 0.5, width, 1, 1)
    norm(name + ".token_mixer.norm.rbr_skip", width)
    mobile_one(name + ".token_mixer.mixer", width, 1, *mixing)
    feed_forward(name, width, window, expansion)


def image_tower():
    root = "image_encoder.model."
    mobile_one(root + "patch_embed.0", WIDTHS[0], 3, 3, 3, skip=False)
    mobile_one(root + "patch_embed.1", WIDTHS[0], 1, 3, 3)
    mobile_one(root + "patch_embed.2", WIDTHS[0], WIDTHS[0], 1, 1)
    step = 0
    for stage, width in enumerate(WIDTHS):
        if stage > 0:
            name = f"{root}network.{step}.proj"
            convolution(name + ".0.lkb_origin", width, 1, 7, 7)
            convolution(name + ".0.small_conv", width, 1, 3, 3)
            if stage > 1:
                gates(name + ".0.se", "fc1", "fc2", width, width // 4)
            mobile_one(name + ".1", width, width, 1, 1)
            step += 1
        if stage == 3:
            add(f"{root}network.{step}.pe.weight", width, 1, 7, 7)
            add(f"{root}network.{step}.pe.bias", width)
            step += 1
        name = f"{root}network.{step}.0"
        if stage == 3:
            fill(name + ".layer_scale_1", 0.5, width, 1, 1)
            fill(name + ".layer_scale_2", 0.5, width, 1, 1)
            norm(name + ".norm", width)
            add(name + ".token_mixer.qkv.weight", 3 * width, width)
            linear(name + ".token_mixer.proj", width, width)
            feed_forward(name, width, (7, 7), 3)
        else:
            mixer(name, width, (3, 3), (7, 7), 3)
        step += 1
    last = WIDTHS[-1]
    mobile_one(root + "conv_exp", 2 * last, 1, 3, 3, skip=False)
    gates(root + "conv_exp.se", "reduce", "expand", 2 * last, last // 8)
    add(root + "head.proj", 2 * last, EMBEDDING)


def text_tower():
    root = "text_encoder."
    add(root + "embedding_layer.weight", len(TOKENS) + 1, TEXT)
    add(root + "positional_embedding.pos_embed.pos_embed", 1, 1, 77, TEXT)
    add(root + "projection_layer", TEXT, EMBEDDING)
    mixer(root + "transformer.0", TEXT, (1, 11), (1, 11), 4)
    name = root + "transformer.1."
    for each in (name + "pre_norm_mha.0", name + "pre_norm_ffn.0", root + "final_layer_norm"):
        norm(each, TEXT, moving=False)
    linear(name + "pre_norm_mha.1.qkv_proj", 3 * TEXT, TEXT)
    linear(name + "pre_norm_mha.1.out_proj", TEXT, TEXT)
    linear(name + "pre_norm_ffn.1", 4 * TEXT, TEXT)
    linear(name + "pre_norm_ffn.4", TEXT, 4 * TEXT)
    mixer(root + "transformer.2", TEXT, (1, 11), (1, 11), 4)


def write(path):
    header, data = {}, bytearray()

    def put(name, kind, shape, packed):
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [len(data), len(data) + len(packed)]}
        data.extend(packed)

    for name, (shape, values) in tensors.items():
        put(name, "F32", shape, struct.pack(f"<{len(values)}f", *values))
    put("text_encoder.embedding_layer.token_ids", "I32", [len(TOKENS)], struct.pack(f"<{len(TOKENS)}i", *TOKENS))
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


random.seed(1)
tensors["logit_scale"] = ((), [3.0])
image_tower()
text_tower()
write(sys.argv[1])
