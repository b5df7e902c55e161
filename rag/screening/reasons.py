"""Why a record stands where it does: words in it that speak for it, the included record nearest to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.encoders import Vectors

_MOST_WORDS = 6
_LEAST_SHARE = 0.15  # of the strongest word's weight
_LEAST_LIKENESS = 0.1  # cosine, with what all records share taken out


@dataclass(frozen=True, slots=True)
class Reasons:
    """Words of a record, the weightiest first, and the place of its nearest included one, if one is near."""

    words: tuple[str, ...] = ()
    nearest: int | None = None


@dataclass(frozen=True, slots=True)
class Explainer:
    """What a ranker knew when it ordered: it stays as it is when the ranker learns on.

    :param words: word weights of the records, sparse (n, features); `names` are the features'.
    :param weights: how much each feature speaks for a record, float (features,).
    :param meaning: centred unit vectors of the records, float32 (n, width).
    :param included: places of the included records.
    """

    names: Sequence[str]
    words: Any
    weights: np.ndarray
    meaning: Vectors
    included: tuple[int, ...]

    def reasons(self, place: int) -> Reasons:
        """Why the record at this place (from 0) stands where it does."""
        return Reasons(self._words_for(place), self._nearest(place))

    def _words_for(self, place: int) -> tuple[str, ...]:
        row = self.words[place]
        shares = row.data * self.weights[row.indices]
        chosen: list[str] = []
        least = _LEAST_SHARE * shares.max(initial=0.0)
        for at in np.argsort(-shares, kind="stable"):
            if shares[at] <= least or len(chosen) == _MOST_WORDS:
                break
            name = str(self.names[row.indices[at]])
            if _says_something(name) and not any(_overlap(name, other) for other in chosen):
                chosen.append(name)
        return tuple(chosen)

    def _nearest(self, place: int) -> int | None:
        if not self.included:
            return None
        likeness = self.meaning[list(self.included)] @ self.meaning[place]
        best = int(likeness.argmax())
        return self.included[best] if likeness[best] > _LEAST_LIKENESS else None


def _says_something(name: str) -> bool:
    """Whether no part of a word or pair of words is a stop word or a bare number."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return not any(part in ENGLISH_STOP_WORDS or part.isdigit() for part in name.split())


def _overlap(name: str, other: str) -> bool:
    return bool(set(name.split()) & set(other.split()))
