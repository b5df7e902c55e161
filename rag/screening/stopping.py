"""How many relevant records are likely still unread: an estimate, and a bound that errs on the safe side.

The estimate lets the rate at which relevant records turn up fall as a power of the number read, as one of
the point processes of Stevenson and Bin-Hezam (2023), "Stopping methods for technology-assisted reviews
based on point processes", ACM Transactions on Information Systems 42(3).

The bound is the criterion of Callaghan and Müller-Hansen (2020), "Statistical stopping criteria for automated
screening in systematic reviews", Systematic Reviews 9:273. The records read last are taken for a random
sample of those that were unread when the first of them was read. Since a ranking puts relevant records first,
such a sample holds more of them than chance would give, and fewer are left than the bound says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_EXPONENTS = tuple(k / 20 for k in range(61))
_MOST_RELEVANT = 40  # in a sample; with more of them there is no reason to stop


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is left among the unread, and how far reading has got.

    `likely` is the expected number of relevant records unread, `at_most` its upper bound at `confidence`;
    `recall` the lower bound of the share found; `irrelevant_run` how many records in a row were excluded.
    """

    likely: float
    at_most: int
    recall: float
    confidence: float
    irrelevant_run: int

    def reached(self, target: float) -> bool:
        """Whether the share found is at least `target` with the stated confidence."""
        return self.recall >= target


def outlook(reading: Sequence[bool], unread: int, known: int = 0, confidence: float = 0.95) -> Outlook:
    """The outlook after reading.

    :param reading: the decisions in reading order, included or not.
    :param unread: records without a decision.
    :param known: included records that were known beforehand.
    """
    found = sum(reading) + known
    most = upper_bound(reading, unread, confidence)
    run = next((i for i, included in enumerate(reversed(reading)) if included), len(reading))
    recall = found / (found + most) if found + most else 0.0
    return Outlook(min(expected_left(reading, unread), float(most)), most, recall, confidence, run)


def expected_left(reading: Sequence[bool], unread: int) -> float:
    """Relevant records expected among the unread, from the rate at which they have turned up.

    The chance that the t-th record read is relevant is taken as proportional to t^-k; the exponent is the
    likeliest of a grid from 0 (no learning) to 3. Without a relevant record read nothing is expected.
    """
    found, read = sum(reading), len(reading)
    if not found or not unread:
        return 0.0
    steps = np.log(np.arange(1, read + unread + 1))
    hits = steps[:read][np.asarray(reading, dtype=bool)].sum()
    likeliest, left = -math.inf, 0.0
    for exponent in _EXPONENTS:
        rates = np.exp(-exponent * steps)
        done = rates[:read].sum()
        likelihood = -exponent * hits - found * math.log(done)  # Poisson, its scale taken at its maximum
        if likelihood > likeliest:
            likeliest, left = likelihood, found * float(rates[read:].sum() / done)
    return min(left, float(unread))


def upper_bound(reading: Sequence[bool], unread: int, confidence: float = 0.95) -> int:
    """The largest number of relevant records among the unread that the last decisions do not rule out.

    Every run of last decisions, from the latest one to all of them, is tried as the sample; the smallest of
    their bounds counts, as Callaghan and Müller-Hansen do: with K relevant ones in an urn of
    N records, drawing n without replacement gives k or fewer with P(X ≤ k), X ~ Hypergeometric(N, K, n).
    """
    best, relevant = unread, 0
    last_first = [*reversed(reading), True]  # as if a relevant record had come before all others
    for size, included in enumerate(last_first):
        if not included:
            continue
        if size:  # of all samples with as many relevant records the largest is the sharpest
            best = _urn_bound(unread, size, relevant, 1 - confidence, best)
        relevant += 1
        if best == 0 or relevant > _MOST_RELEVANT:
            break
    return best


def _urn_bound(unread: int, drawn: int, relevant: int, level: float, most: int) -> int:
    """The largest number left, at most `most`, whose chance of so few relevant draws is above `level`."""
    low, high = 0, most
    while low < high:
        left = (low + high + 1) // 2
        if chance_of_so_few(unread + drawn, relevant + left, drawn, relevant) > level:
            low = left
        else:
            high = left - 1
    return low


def chance_of_so_few(urn: int, relevant: int, drawn: int, found: int) -> float:
    """P(X ≤ found) for X ~ Hypergeometric(urn, relevant, drawn): draws without replacement."""
    logs = [_log_chance(urn, relevant, drawn, k) for k in range(max(0, drawn + relevant - urn), found + 1)]
    return min(1.0, sum(math.exp(value) for value in logs))


def _log_chance(urn: int, relevant: int, drawn: int, k: int) -> float:
    if k > min(relevant, drawn) or drawn - k > urn - relevant:
        return -math.inf
    return _log_choose(relevant, k) + _log_choose(urn - relevant, drawn - k) - _log_choose(urn, drawn)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
