"""How rare a word is in a library: the weight that coverage and verification give to it."""

from __future__ import annotations

import math

from index.library import Library


class Rarity:
    """Inverse document frequency of stems over a library's chunks, looked up once and kept."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: dict[str, float] = {}

    def __call__(self, stem: str) -> float:
        """ln(1 + N / (1 + n)) for a stem in n of N chunks; always positive."""
        weight = self._kept.get(stem)
        if weight is None:
            total = self._library.chunk_count
            holding = max(map(self._library.document_frequency, (stem, f"{stem}e")))  # "gen" of "genes"
            weight = math.log(1 + (total + 1) / (1 + holding))
            self._kept[stem] = weight
        return weight
