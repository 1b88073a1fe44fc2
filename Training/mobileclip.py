"""MobileCLIP's two towers with their train-time branches, in the tensor names of Apple's `mobileclip_s0`.

Vasu et al., MobileCLIP (arXiv 2311.17049); FastViT (2303.14189) for RepMixer and ConvFFN; MobileOne (2206.04040) for
the branches. The blocks are the published ones; only widths and depths are free. A state dict of
`MobileCLIP(SIZES["s0"])` has exactly the names and shapes of the published file.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Size:
    """The free numbers of a model."""

    depths: tuple[int, int, int, int]  # blocks per stage of the image tower; the last stage attends
    widths: tuple[int, int, int, int]  # channels per stage; each a doubling of the one before
    text_width: int  # a multiple of 64, the width of a head
    text_layers: int  # transformer layers between the two Text-RepMixers
    embedding: int  # length of an embedding
    vocabulary: int = 49_408  # rows of the token embedding
    context: int = 77  # tokens of a text
    ratio: int = 3  # of the image tower's feed-forward
    squeezed: tuple[bool, bool, bool] = (False, True, True)  # which patch mergings have squeeze-excite


SIZES = {
    # As published; here so that this file can be held against the published model's own numbers.
    "s0": Size((2, 6, 10, 2), (64, 128, 256, 512), 512, 4, 512),
    # The bundled model.
    "student": Size((1, 2, 6, 2), (16, 32, 64, 128), 128, 2, 256),
    # Its teachers, which differ in shape so that they err differently. No caption of the world needs 77 tokens.
    "teacher-wide": Size((1, 2, 4, 1), (24, 48, 96, 192), 128, 2, 256, context=40),
    "teacher-deep": Size((1, 3, 6, 2), (20, 40, 80, 160), 128, 2, 256, context=40),
    # For tests.
    "tiny": Size((1, 1, 1, 1), (8, 16, 32, 64), 64, 1, 32),
}


# Of every layer scale. Published: 1e-5, for runs of a hundred thousand steps; ours have a few thousand.
INITIAL_SCALE = 0.1


class ConvNorm(nn.Module):
    """A convolution without bias, then batch norm."""

    def __init__(self, inputs: int, outputs: int, window, stride: int = 1, groups: int = 1):
        super().__init__()
        window = (window, window) if isinstance(window, int) else window
        padding = tuple((side - 1) // 2 for side in window)
        self.conv = nn.Conv2d(inputs, outputs, window, stride, padding, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        stride = self.conv.stride[0]
        if self.conv.kernel_size == (1, 1) and stride > 1:
            # The same numbers as the strided convolution, whose backward pass is slow and, channels last, crashes.
            return self.bn(F.conv2d(x[:, :, ::stride, ::stride], self.conv.weight, groups=self.conv.groups))
        return self.bn(self.conv(x))


class SqueezeExcite(nn.Module):
    """Channel gates; `names` because the published code has two spellings of the same layer."""

    def __init__(self, channels: int, squeezed: int, names: tuple[str, str]):
        super().__init__()
        self.names = names
        self.add_module(names[0], nn.Conv2d(channels, squeezed, 1))
        self.add_module(names[1], nn.Conv2d(squeezed, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        gates = x.mean((2, 3), keepdim=True)
        gates = self.get_submodule(self.names[1])(F.relu(self.get_submodule(self.names[0])(gates)))
        return x * torch.sigmoid(gates)


class MobileOne(nn.Module):
    """k×k convolution beside a 1×1 one and an identity, each with its batch norm; folds into one convolution."""

    def __init__(self, inputs, outputs, window, stride=1, groups=1, gates=None, activation=True, convolve=True):
        super().__init__()
        self.se = gates if gates is not None else nn.Identity()
        self.activation = nn.GELU() if activation else nn.Identity()
        self.rbr_skip = nn.BatchNorm2d(inputs) if inputs == outputs and stride == 1 else None
        self.rbr_conv = nn.ModuleList([ConvNorm(inputs, outputs, window, stride, groups)]) if convolve else None
        # The published text mixers, whose windows are pairs, have no 1×1 branch.
        has_scale = convolve and isinstance(window, int) and window > 1
        self.rbr_scale = ConvNorm(inputs, outputs, 1, stride, groups) if has_scale else None

    def forward(self, x: Tensor) -> Tensor:
        out = 0
        if self.rbr_conv is not None:
            out = self.rbr_conv[0](x)
        if self.rbr_scale is not None:
            out = out + self.rbr_scale(x)
        if self.rbr_skip is not None:
            out = out + self.rbr_skip(x)
        return self.activation(self.se(out))


class RepMixer(nn.Module):
    """x + scale · (mixer(x) − norm(x)): depthwise token mixing that folds into one convolution."""

    def __init__(self, channels: int, window):
        super().__init__()
        self.norm = MobileOne(channels, channels, 1, groups=channels, activation=False, convolve=False)
        self.mixer = MobileOne(channels, channels, window, groups=channels, activation=False)
        self.layer_scale = nn.Parameter(INITIAL_SCALE * torch.ones(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layer_scale * (self.mixer(x) - self.norm(x))


class ConvFFN(nn.Module):
    """Depthwise convolution + batch norm, 1×1 expand, GELU, 1×1 project."""

    def __init__(self, channels: int, ratio: int, window):
        super().__init__()
        self.conv = ConvNorm(channels, channels, window, groups=channels)
        self.fc1 = nn.Conv2d(channels, ratio * channels, 1)
        self.fc2 = nn.Conv2d(ratio * channels, channels, 1)
        for layer in (self.fc1, self.fc2):
            nn.init.trunc_normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(self.conv(x))))


class RepMixerBlock(nn.Module):
    """Token mixing, then feed-forward."""

    def __init__(self, channels: int, ratio: int, window, mixing):
        super().__init__()
        self.token_mixer = RepMixer(channels, mixing)
        self.convffn = ConvFFN(channels, ratio, window)
        self.layer_scale = nn.Parameter(INITIAL_SCALE * torch.ones(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.token_mixer(x)
        return x + self.layer_scale * self.convffn(x)


class ImageAttention(nn.Module):
    """Multi-head self-attention over the pixels of a feature map; heads 32 wide."""

    HEAD = 32

    def __init__(self, channels: int):
        super().__init__()
        self.qkv = nn.Linear(channels, 3 * channels, bias=False)
        self.proj = nn.Linear(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, height, width = x.shape
        tokens = x.flatten(2).transpose(1, 2)
        qkv = self.qkv(tokens).reshape(batch, height * width, 3, channels // self.HEAD, self.HEAD)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, height * width, channels)
        return self.proj(mixed).transpose(1, 2).reshape(batch, channels, height, width)


class AttentionBlock(nn.Module):
    """Attention behind a batch norm, then feed-forward."""

    def __init__(self, channels: int, ratio: int):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.token_mixer = ImageAttention(channels)
        self.convffn = ConvFFN(channels, ratio, 7)
        self.layer_scale_1 = nn.Parameter(INITIAL_SCALE * torch.ones(channels, 1, 1))
        self.layer_scale_2 = nn.Parameter(INITIAL_SCALE * torch.ones(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.layer_scale_1 * self.token_mixer(self.norm(x))
        return x + self.layer_scale_2 * self.convffn(x)


class LargeKernel(nn.Module):
    """7×7 depthwise convolution of stride 2 beside a 3×3 one, squeeze-excite in some, GELU."""

    def __init__(self, inputs: int, outputs: int, gated: bool):
        super().__init__()
        self.lkb_origin = ConvNorm(inputs, outputs, 7, 2, groups=inputs)
        self.small_conv = ConvNorm(inputs, outputs, 3, 2, groups=inputs)
        self.se = SqueezeExcite(outputs, outputs // 4, ("fc1", "fc2")) if gated else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(self.se(self.lkb_origin(x) + self.small_conv(x)))


class PatchMerging(nn.Module):
    def __init__(self, inputs: int, outputs: int, gated: bool):
        super().__init__()
        self.proj = nn.Sequential(LargeKernel(inputs, outputs, gated), MobileOne(outputs, outputs, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(x)


class Positions(nn.Module):
    """Conditional positional encoding: x + depthwise 7×7."""

    def __init__(self, channels: int):
        super().__init__()
        self.pe = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.pe(x)


class Head(nn.Module):
    """The mean over the picture, then one projection."""

    def __init__(self, channels: int, embedding: int):
        super().__init__()
        self.proj = nn.Parameter(channels**-0.5 * torch.randn(channels, embedding))

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3)) @ self.proj


class ImageTower(nn.Module):
    """MCi: (batch, 3, side, side) with values 0…1 → (batch, embedding)."""

    def __init__(self, size: Size):
        super().__init__()
        first, last = size.widths[0], size.widths[-1]
        self.patch_embed = nn.Sequential(
            MobileOne(3, first, 3, 2), MobileOne(first, first, 3, 2, groups=first), MobileOne(first, first, 1)
        )
        network: list[nn.Module] = []
        for stage, (depth, width) in enumerate(zip(size.depths, size.widths)):
            if stage > 0:
                network.append(PatchMerging(size.widths[stage - 1], width, size.squeezed[stage - 1]))
            if stage == 3:
                network.append(Positions(width))
                network.append(nn.Sequential(*[AttentionBlock(width, size.ratio) for _ in range(depth)]))
            else:
                network.append(nn.Sequential(*[RepMixerBlock(width, size.ratio, 7, 3) for _ in range(depth)]))
        self.network = nn.ModuleList(network)
        gates = SqueezeExcite(2 * last, 2 * last // 16, ("reduce", "expand"))
        self.conv_exp = MobileOne(last, 2 * last, 3, groups=last, gates=gates)
        self.head = Head(2 * last, size.embedding)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patch_embed(x)
        for step in self.network:
            x = step(x)
        return self.head(self.conv_exp(x))


class TextAttention(nn.Module):
    """Multi-head self-attention over all tokens, padding included; heads 64 wide."""

    HEAD = 64

    def __init__(self, width: int):
        super().__init__()
        self.qkv_proj = nn.Linear(width, 3 * width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, tokens, width = x.shape
        q, k, v = self.qkv_proj(x).reshape(batch, tokens, 3, width // self.HEAD, self.HEAD).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, tokens, width)
        return self.out_proj(mixed)


class TransformerLayer(nn.Module):
    """Pre-norm attention and feed-forward, named by their places in the published code's sequences."""

    def __init__(self, width: int):
        super().__init__()
        self.pre_norm_mha = nn.ModuleDict({"0": nn.LayerNorm(width), "1": TextAttention(width)})
        self.pre_norm_ffn = nn.ModuleDict(
            {"0": nn.LayerNorm(width), "1": nn.Linear(width, 4 * width), "4": nn.Linear(4 * width, width)}
        )

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.pre_norm_mha["1"](self.pre_norm_mha["0"](x))
        ffn = self.pre_norm_ffn
        return x + ffn["4"](F.gelu(ffn["1"](ffn["0"](x))))


class TextMixer(RepMixerBlock):
    """Text-RepMixer: windows of 1×11 over the tokens."""

    def __init__(self, width: int):
        super().__init__(width, 4, (1, 11), (1, 11))

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.transpose(1, 2).unsqueeze(2)).squeeze(2).transpose(1, 2)


class PositionalEmbedding(nn.Module):
    def __init__(self, context: int, width: int):
        super().__init__()
        self.pos_embed = nn.Parameter(0.01 * torch.randn(1, 1, context, width))


class TextTower(nn.Module):
    """(batch, tokens) rows of the token embedding, and the place of each text's end → (batch, embedding).

    The published tower is always given its whole context, padded; fewer tokens are for the first steps of training.
    """

    def __init__(self, size: Size):
        super().__init__()
        width = size.text_width
        self.embedding_layer = nn.Embedding(size.vocabulary, width)
        nn.init.normal_(self.embedding_layer.weight, std=0.02)
        self.positional_embedding = nn.ModuleDict({"pos_embed": PositionalEmbedding(size.context, width)})
        self.transformer = nn.ModuleList(
            [TextMixer(width)] + [TransformerLayer(width) for _ in range(size.text_layers)] + [TextMixer(width)]
        )
        self.final_layer_norm = nn.LayerNorm(width)
        self.projection_layer = nn.Parameter(width**-0.5 * torch.randn(width, size.embedding))

    def forward(self, rows: Tensor, ends: Tensor) -> Tensor:
        x = self.embedding_layer(rows) + self.positional_embedding["pos_embed"].pos_embed[0, :, : rows.shape[1]]
        for layer in self.transformer:
            x = layer(x)
        sentence = x[torch.arange(len(x)), ends]
        return self.final_layer_norm(sentence) @ self.projection_layer


class MobileCLIP(nn.Module):
    """Both towers and the logarithm of the scale of their cosines."""

    def __init__(self, size: Size):
        super().__init__()
        self.size = size
        self.image_encoder = nn.ModuleDict({"model": ImageTower(size)})
        self.text_encoder = TextTower(size)
        self.logit_scale = nn.Parameter(torch.tensor(2.6593))  # ln(1 / 0.07)

    def encode_images(self, pictures: Tensor) -> Tensor:
        """Unit embeddings of (batch, 3, side, side), values 0…1."""
        return F.normalize(self.image_encoder["model"](pictures), dim=-1)

    def encode_texts(self, rows: Tensor, ends: Tensor) -> Tensor:
        """Unit embeddings of (batch, context) rows of the token embedding, which end at `ends`."""
        return F.normalize(self.text_encoder(rows, ends), dim=-1)
