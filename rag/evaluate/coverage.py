"""Does confidence tell right answers from wrong ones? Risk at every coverage, and the area below.

Answers are taken from the most to the least confident; at coverage k/n the risk is the mean error
of the k taken so far (El-Yaniv & Wiener 2010). The area is the mean of these risks (Geifman, Uziel
& El-Yaniv 2019). Answers of equal confidence cannot be told apart, so each counts with the mean error
of its group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.evaluate.statistics import mean


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """`points` are (coverage, risk), coverage rising to 1.

    `area` lies between `best`, had confidence ordered the answers by their error, and about `random`,
    the area of an order by chance, which equals the risk at full coverage.
    """

    points: tuple[tuple[float, float], ...]
    area: float
    best: float
    random: float


def risk_coverage(confidences: Sequence[float], errors: Sequence[float]) -> RiskCoverage:
    """The curve of answers with a confidence and an error in [0, 1] each."""
    if not errors:
        return RiskCoverage((), 0.0, 0.0, 0.0)
    pairs = sorted(zip(confidences, errors, strict=True), key=lambda pair: -pair[0])
    smoothed: list[float] = []
    for _, group in groupby(pairs, key=lambda pair: pair[0]):
        alike = [error for _, error in group]
        smoothed += [mean(alike)] * len(alike)
    risks = _running(smoothed)
    count = len(risks)
    points = tuple(((k + 1) / count, risk) for k, risk in enumerate(risks))
    return RiskCoverage(points, mean(risks), mean(_running(sorted(errors))), mean(errors))


def _running(errors: Sequence[float]) -> list[float]:
    total, risks = 0.0, []
    for count, error in enumerate(errors, 1):
        total += error
        risks.append(total / count)
    return risks
