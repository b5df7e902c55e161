"""How far each sentence of an abstract tells each usual aspect: log-odds, sums of weights of its features.

The weights, in `rag/weights/aspects.json`, were fitted by logistic regression on sentences that readers of
the abstracts would accept in a cell (`rag.training.aspects`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent.parent / "weights" / "aspects.json"


class AspectModel:
    """The weights of features, one a usual aspect, and from which log-odds a cell is filled."""

    def __init__(
        self, weights: Mapping[str, list[float]], bias: list[float], least: list[float], scale: float
    ) -> None:
        self._rows = {name: row for row, name in enumerate(weights)}
        self._weights = scale * np.array(list(weights.values()), float)  # (features, aspects)
        self._bias = np.array(bias)
        self.least = tuple(least)

    def scores(self, features: Mapping[str, float]) -> NDArray[np.float64]:
        """Log-odds that a sentence tells each aspect, (aspects,) in the order of `USUAL`."""
        known = {row: value for name, value in features.items() if (row := self._rows.get(name)) is not None}
        return self._bias + np.array(list(known.values())) @ self._weights[np.array(list(known), int)]


@cache
def aspect_model() -> AspectModel:
    """The model that comes with Ibid."""
    return AspectModel(**json.loads(WEIGHTS.read_text(encoding="utf-8")))
