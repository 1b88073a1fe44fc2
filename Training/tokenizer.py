"""CLIP's byte-pair tokenizer, for the plain ASCII captions of the world; and the vocabulary that a model keeps of it.

The daemon's own tokenizer reads any text; this one needs only to agree with it on captions.
"""

import functools
import pathlib
import re

import numpy as np

MERGES = pathlib.Path(__file__).parent.parent / "Sources/CVocabulary/bpe_simple_vocab_16e6.txt"
SIZE = 49_408
PADDING = 0
START = 49_406
END = 49_407
_WORD = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[a-z]+|[0-9]|[^\sa-z0-9]+")


@functools.cache
def _symbols() -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = [chr(byte) for byte in printable] + [chr(256 + index) for index in range(len(others))]
    lines = MERGES.read_text(encoding="utf-8").splitlines()[1:]
    merges = [tuple(line.split()) for line in lines if line]
    names = letters + [letter + "</w>" for letter in letters] + ["".join(merge) for merge in merges]
    return {name: index for index, name in enumerate(names)}, {merge: rank for rank, merge in enumerate(merges)}


@functools.cache
def _tokens_of_word(word: str) -> tuple[int, ...]:
    ids, ranks = _symbols()
    parts = [*word[:-1], word[-1] + "</w>"]
    while len(parts) > 1:
        pairs = list(zip(parts, parts[1:]))
        best = min(pairs, key=lambda pair: ranks.get(pair, SIZE))
        if best not in ranks:
            break
        joined = []
        index = 0
        while index < len(parts):
            if index + 1 < len(parts) and (parts[index], parts[index + 1]) == best:
                joined.append("".join(best))
                index += 2
            else:
                joined.append(parts[index])
                index += 1
        parts = joined
    return tuple(ids[part] for part in parts)


def tokens(text: str) -> list[int]:
    """The ids of a text without start and end."""
    if not text.isascii():
        raise ValueError(f"only ASCII captions: {text!r}")
    return [token for word in _WORD.findall(text.lower()) for token in _tokens_of_word(word)]


class Vocabulary:
    """The tokens that a model has embeddings for, in rows; one more row, the last, is shared by all others."""

    def __init__(self, ids: list[int]):
        self.ids = sorted({PADDING, START, END, *ids})
        self.row = {token: row for row, token in enumerate(self.ids)}
        self.shared = len(self.ids)

    @classmethod
    def whole(cls) -> "Vocabulary":
        return cls(list(range(SIZE)))

    @classmethod
    def of(cls, texts) -> "Vocabulary":
        """The tokens of these texts."""
        return cls([token for text in texts for token in tokens(text)])

    @property
    def rows(self) -> int:
        return len(self.ids) + (0 if len(self.ids) == SIZE else 1)

    def encode(self, texts, context: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows of shape (texts, context), padded, and the place of each text's end."""
        rows = np.full((len(texts), context), self.row[PADDING], np.int64)
        ends = np.zeros(len(texts), np.int64)
        for index, text in enumerate(texts):
            inner = tokens(text)[: context - 2]
            rows[index, 0] = self.row[START]
            rows[index, 1 : 1 + len(inner)] = [self.row.get(token, self.shared) for token in inner]
            rows[index, 1 + len(inner)] = self.row[END]
            ends[index] = 1 + len(inner)
        return rows, ends
