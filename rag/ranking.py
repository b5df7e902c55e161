"""Pure functions over scores: fusion, one hit a paper. Higher is better throughout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def min_max(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores brought to [0, 1]; a list whose scores are all equal becomes all ones."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high <= low:
        return dict.fromkeys(scores, 1.0)
    return {i: (s - low) / (high - low) for i, s in scores.items()}


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float], weight: float = 0.6) -> dict[int, float]:
    """Weighted sum of normalised scores, in [0, 1]; an item missing from a list gets 0 there.

    A cosine has no natural zero and is stretched between the lowest and the highest; BM25 has one, no
    word in common, and is divided by the highest.

    :param weight: the share of the dense score.
    """
    a, b = min_max(dense), _of_highest(lexical)
    return {i: weight * a.get(i, 0.0) + (1 - weight) * b.get(i, 0.0) for i in {**a, **b}}


def _of_highest(scores: Mapping[int, float]) -> dict[int, float]:
    highest = max(scores.values(), default=0.0)
    return {i: s / highest if highest > 0 else 1.0 for i, s in scores.items()}


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
