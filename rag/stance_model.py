"""The bundled stance model: three logistic regressions over `rag.stance_features`.

The first says which sentence decides, the second whether the paper speaks to the claim at all, the
third for or against. Weights are numbers in `weights/stance.json`, made by `rag.training.stance`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from rag.stance import Candidate, Claim, Stance
from rag.stance_features import PAPER, SENTENCE, Features

WEIGHTS = Path(__file__).parent / "weights" / "stance.json"
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: weights (features,) and bias."""

    weights: Array
    bias: float

    def __call__(self, rows: Array) -> Array:
        """Probabilities of rows (n, features), or of one row."""
        z = np.clip(rows @ self.weights + self.bias, -30, 30)
        return np.asarray(1 / (1 + np.exp(-z)))


@dataclass(frozen=True, slots=True)
class StanceWeights:
    """What was learned: which sentence decides, whether the paper speaks, and for which side."""

    decides: Logistic
    speaks: Logistic
    supports: Logistic


class FeatureStance:
    """Fills `rag.stance.StanceModel` with the weights given, else those that come with Ibid."""

    def __init__(self, features: Features, weights: StanceWeights | None = None) -> None:
        self._features = features
        self._weights = weights or bundled_weights()

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> list[Stance]:
        """See `StanceModel.judge`."""
        return [self._one(claim, candidate) for candidate in candidates]

    def _one(self, claim: Claim, candidate: Candidate) -> Stance:
        rows = self._features.sentences(claim, candidate)
        decides = self._weights.decides(rows)
        row = self._features.paper(claim, candidate, rows, decides)
        speaks, supports = float(self._weights.speaks(row)), float(self._weights.supports(row))
        return Stance(
            speaks * supports, speaks * (1 - supports), 1 - speaks, tuple(float(p) for p in decides)
        )


@cache
def bundled_weights() -> StanceWeights:
    """The weights that come with Ibid. :raises ModelError: missing, or of other features."""
    try:
        record = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        return StanceWeights(
            _logistic(record["decides"], SENTENCE),
            _logistic(record["speaks"], PAPER),
            _logistic(record["supports"], PAPER),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{WEIGHTS}: the stance model is missing or altered ({error}); "
            "run: pip install --force-reinstall ibid"
        ) from error


def _logistic(record: Mapping[str, float], names: Sequence[str]) -> Logistic:
    if set(record) != {"bias", *names}:
        raise ValueError("its features are not those of this version")
    return Logistic(np.array([float(record[name]) for name in names]), float(record["bias"]))
