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
from rag.contradiction import NEAR, contradicts
from rag.stance import Candidate, Claim, Stance
from rag.stance_features import PAPER, RELATIVE, SENTENCE, Features, relative

WEIGHTS = Path(__file__).parent / "weights" / "stance.json"
Array = NDArray[np.float64]
_SHARE = PAPER.index("best_share_with_title")
_CONTRADICTED = 0.2  # support that is left to a claim of nearly the same wording with a plain disagreement


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
        """See `StanceModel.judge`; a paper is also seen beside the other candidates."""
        if not candidates:
            return []
        decides, rows = [], []
        for candidate in candidates:
            sentences = self._features.sentences(claim, candidate)
            decides.append(self._weights.decides(sentences))
            rows.append(self._features.paper(claim, candidate, sentences, decides[-1]))
        papers = np.array(rows)
        speaks = self._weights.speaks(np.concatenate([papers, relative(papers)], axis=1))
        supports = self._weights.supports(papers)
        for n, candidate in enumerate(candidates):
            quote = candidate.sentences.texts[int(decides[n].argmax())]
            near = papers[n, _SHARE] >= NEAR
            if near and contradicts(claim.text, quote, self._features.rarity):
                supports[n] = min(supports[n], _CONTRADICTED)
        return [
            Stance(float(p * q), float(p * (1 - q)), float(1 - p), tuple(map(float, d)))
            for p, q, d in zip(speaks, supports, decides, strict=True)
        ]


@cache
def bundled_weights() -> StanceWeights:
    """The weights that come with Ibid. :raises ModelError: missing, or of other features."""
    try:
        record = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        return StanceWeights(
            _logistic(record["decides"], SENTENCE),
            _logistic(record["speaks"], (*PAPER, *RELATIVE)),
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
