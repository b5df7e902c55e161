"""Pseudo-relevance feedback: a paper stands the better, the more it is like those that stand best.

Papers that answer one question resemble one another (the cluster hypothesis; van Rijsbergen 1979), and the
best of a ranking are mostly right, so that likeness to them speaks for a paper whose own words do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors

_TEMPERATURE = 2.0  # of standing: 2 below the best a paper counts e times less as an example


def likeness(standings: NDArray[np.float64], vectors: Vectors) -> NDArray[np.float64]:
    """For each paper its mean cosine with the others, weighted by their standing, in [-1, 1].

    :param standings: log-odds, of which differences count, (n,).
    :param vectors: of the papers, (n, width). What they have in common, the topic, is taken off first.
    """
    if len(standings) < 2:
        return np.zeros(len(standings))
    apart = vectors - vectors.mean(axis=0)
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    weights = np.exp((standings - standings.max()) / _TEMPERATURE)
    cosines = np.asarray(apart @ apart.T, dtype=np.float64)
    np.fill_diagonal(cosines, 0.0)
    others = np.maximum(weights.sum() - weights, 1e-9)
    return np.asarray(cosines @ weights / others)
