"""Pure functions over scores: fusion, diversity, one hit a paper. Higher is better throughout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")
RRF_K = 60  # Cormack, Clarke & Büttcher 2009


def min_max(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores brought to [0, 1]; a list whose scores are all equal becomes all ones."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high <= low:
        return dict.fromkeys(scores, 1.0)
    return {i: (s - low) / (high - low) for i, s in scores.items()}


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float], weight: float = 0.5) -> dict[int, float]:
    """Weighted sum of min-max normalised scores, in [0, 1]; an item missing from a list gets 0 there.

    :param weight: the share of the dense score.
    """
    a, b = min_max(dense), min_max(lexical)
    return {i: weight * a.get(i, 0.0) + (1 - weight) * b.get(i, 0.0) for i in {**a, **b}}


def reciprocal_rank(rankings: Sequence[Sequence[int]], k: int = RRF_K) -> dict[int, float]:
    """Reciprocal rank fusion: the sum of 1 / (k + rank) over the rankings, rank from 1."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, 1):
            scores[item] = scores.get(item, 0.0) + 1 / (k + rank)
    return scores


def best_per_group(items: Sequence[Item], group: Callable[[Item], str], per_group: int = 1) -> list[Item]:
    """The first `per_group` items of each group, order kept: at most so many chunks of one paper."""
    seen: dict[str, int] = {}
    kept = []
    for item in items:
        key = group(item)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= per_group:
            kept.append(item)
    return kept


def diversify(
    relevance: Sequence[float], vectors: NDArray[np.float32], k: int, balance: float = 0.7
) -> list[int]:
    """Maximal marginal relevance (Carbonell & Goldstein 1998): positions of k items, best first.

    :param vectors: unit rows, float32 (n, d).
    :param balance: 1.0 is relevance alone, 0.0 diversity alone.
    """
    chosen: list[int] = []
    left = list(range(len(relevance)))
    likeness = vectors @ vectors.T
    while left and len(chosen) < k:
        best = max(
            left,
            key=lambda i: (
                balance * relevance[i]
                - (1 - balance) * max((float(likeness[i, j]) for j in chosen), default=0.0)
            ),
        )
        chosen.append(best)
        left.remove(best)
    return chosen
