"""Draws twins of the world above and below each other, for a look at what is learnt from."""

import argparse
import pathlib

from PIL import Image

from worldkit.draw import picture
from worldkit.sample import TRAIN_SEEDS
from worldkit.twins import twins


def sheet(seed: int, columns: int, rows: int, side: int) -> Image.Image:
    """`rows` of pairs from `seed` on."""
    image = Image.new("RGB", (columns * side, rows * 2 * side))
    for index in range(columns * rows):
        for below, scene in enumerate(twins(seed + 2 * index)):
            spot = (index % columns * side, (index // columns * 2 + below) * side)
            image.paste(Image.fromarray(picture(scene, side)), spot)
    return image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path, help="the picture (.png or .jpg)")
    parser.add_argument("--seed", type=int, default=TRAIN_SEEDS.start, help="of the first pair; an even one")
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--rows", type=int, default=3)
    parser.add_argument("--side", type=int, default=128)
    arguments = parser.parse_args()
    if arguments.seed % 2:
        parser.error("twins have the seeds 2n and 2n + 1: begin at an even one")
    sheet(arguments.seed, arguments.columns, arguments.rows, arguments.side).save(arguments.out)


if __name__ == "__main__":
    main()
