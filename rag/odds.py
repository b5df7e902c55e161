"""Probabilities and their log-odds."""

from __future__ import annotations

import math


def logistic(x: float) -> float:
    """The probability of these log-odds."""
    return 1 / (1 + math.exp(-x))


def log_odds(p: float, least: float = 0.0) -> float:
    """The log-odds of a probability. :param least: how near to 0 and 1 it is taken to come."""
    p = min(max(p, least), 1 - least)
    return math.log(p / (1 - p))
