"""Does confidence mean what it says? How well it tells groups apart, and the reliability of its values."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evaluate.statistics import mean

BINS = 5


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """The share of pairs in which the value of `higher` is the larger one, ties counted half: the area under
    the ROC curve (Hanley & McNeil 1982). None when a group is empty.
    """
    if not higher or not lower:
        return None
    won = sum((a > b) + (a == b) / 2 for a in higher for b in lower)
    return won / (len(higher) * len(lower))


def reliability(confidences: Sequence[float], outcomes: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """(mean confidence, mean outcome) of the answers in each of `BINS` bins of equal width that has any."""
    bins = _binned(confidences, outcomes)
    return tuple((mean([c for c, _ in pairs]), mean([o for _, o in pairs])) for pairs in bins)


def calibration_error(confidences: Sequence[float], outcomes: Sequence[float]) -> float:
    """The expected calibration error (Naeini, Cooper & Hauskrecht 2015): how far confidence is from the mean
    outcome in its bin, averaged over answers.
    """
    gaps = [
        len(pairs) * abs(mean([c for c, _ in pairs]) - mean([o for _, o in pairs]))
        for pairs in _binned(confidences, outcomes)
    ]
    return sum(gaps) / max(1, len(confidences))


def _binned(confidences: Sequence[float], outcomes: Sequence[float]) -> list[list[tuple[float, float]]]:
    bins: list[list[tuple[float, float]]] = [[] for _ in range(BINS)]
    for pair in zip(confidences, outcomes, strict=True):
        bins[min(BINS - 1, int(pair[0] * BINS))].append(pair)
    return [pairs for pairs in bins if pairs]
