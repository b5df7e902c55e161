"""What the index asks of an embedding model, and a deterministic stand-in for tests.

The core speaks this two-method protocol rather than LlamaIndex's `BaseEmbedding`, because a
search must not pay for importing LlamaIndex (1.4 s) or torch (1.5 s) before its first result.
`index.nodes` adapts either to the other, so every LlamaIndex embedding package still plugs in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]  # (done, total)


@dataclass(frozen=True, slots=True)
class EmbedderId:
    """What must be equal for two sets of vectors to be comparable."""

    name: str
    revision: str  # of the weights: a SHA-256 prefix or a hub commit
    width: int
    settings: str = ""  # pooling, prefixes, maximum tokens

    def to_dict(self) -> dict[str, str | int]:
        """A JSON-safe form, as kept in the catalogue and the manifest."""
        return asdict(self)


class Encoder(Protocol):
    """Turns texts into unit rows: float32 of shape (n, width)."""

    @property
    def id(self) -> EmbedderId:
        """The identity that is stored beside the vectors."""
        ...

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Passage vectors, float32 (n, width), in the order of `texts`."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """One query vector, float32 (width,)."""
        ...


def batches_by_length(lengths: Sequence[int], tokens: int, most: int) -> Iterator[list[int]]:
    """Positions of texts, shortest first, in batches of at most `most` and about `tokens` when padded.

    :param lengths: tokens of each text.
    """
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    at = 0
    while at < len(order):
        longest = lengths[order[min(at + most, len(order)) - 1]]
        batch = order[at : at + max(1, min(most, tokens // max(1, longest)))]
        yield batch
        at += len(batch)


class HashEncoder:
    """A bag of hashed words: deterministic, instant, and similar texts are near each other."""

    def __init__(self, width: int = 64, name: str = "hash") -> None:
        self._id = EmbedderId(name, "1", width)

    @property
    def id(self) -> EmbedderId:
        """See `Encoder.id`."""
        return self._id

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See `Encoder.encode`."""
        rows = np.zeros((len(texts), self._id.width), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
                row[int.from_bytes(digest[:4], "big") % self._id.width] += 1.0 if digest[4] % 2 else -1.0
            row /= np.linalg.norm(row) or 1.0
            if not row.any():
                row[0] = 1.0
        if progress:
            progress(len(texts), len(texts))
        return rows

    def encode_query(self, text: str) -> Vectors:
        """See `Encoder.encode_query`."""
        return self.encode([text])[0]
