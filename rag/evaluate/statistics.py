"""Numbers about samples: percentiles, bootstrap intervals, a paired randomisation test, areas.

Everything random is seeded: the same data give the same figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import numpy as np

DRAWS = 10_000
_AT_ONCE = 500  # draws held in memory together
_EXACT = 12  # pairs that differ, up to which every way of exchanging them is counted


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value at place floor(share · n), from 0, of the sorted values: one that occurred; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def bootstrap_interval(
    values: Sequence[float], level: float = 0.95, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """Bounds of the mean by the percentile bootstrap (Efron 1979) over `draws` samples with replacement."""
    if not values:
        return 0.0, 0.0
    sample = np.asarray(values, dtype=float)
    random = np.random.default_rng(seed)
    means = [
        sample[random.integers(0, len(sample), (min(_AT_ONCE, draws - at), len(sample)))].mean(axis=1)
        for at in range(0, draws, _AT_ONCE)
    ]
    low, high = np.quantile(np.concatenate(means), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def share_interval(values: Sequence[float], z: float = 1.959964) -> tuple[float, float]:
    """Bounds of the mean: Wilson's score interval (1927) where all values are 0 or 1, else the bootstrap.

    Resampling nine hits of nine would always give nine; Wilson's interval knows that nine are few.
    """
    if not values or not set(values) <= {0, 1}:
        return bootstrap_interval(values)
    count, share = len(values), mean(values)
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def randomisation_p(
    first: Sequence[float], second: Sequence[float], draws: int = DRAWS, seed: int = 0
) -> float:
    """Two-sided p of "both sides score alike", by exchanging the sides of pairs (Fisher's test).

    Exact for up to 12 pairs that differ; else (1 + as extreme) / (1 + draws) over random exchanges.
    Smucker, Allan & Carterette (2007) recommend it for comparing two runs over the same queries.
    """
    differences = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    differences = differences[differences != 0]
    if not len(differences):
        return 1.0
    seen = (
        abs(differences.sum()) - 1e-12
    )  # sums of the same numbers in another order may differ in the last bit
    if len(differences) <= _EXACT:
        signs = np.array(list(product((1, -1), repeat=len(differences))))
        return float((abs(signs @ differences) >= seen).mean())
    random = np.random.default_rng(seed)
    extreme = 0
    for at in range(0, draws, _AT_ONCE):
        signs = random.choice((1, -1), (min(_AT_ONCE, draws - at), len(differences)))
        extreme += int((abs(signs @ differences) >= seen).sum())
    return (1 + extreme) / (1 + draws)
