"""Whether a paper supports a claim, refutes it, or only touches it: the values, and what judges them.

`StanceModel` is the seam: the bundled `rag.stance_model.FeatureStance` weighs features that can be
read off words and vectors; a reader that looks at claim and passage together fills the same protocol.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from index.encoders import Vectors
from index.types import Paper, Scores
from rag.sentences import SentenceSet


class Side(StrEnum):
    """What a paper says of a claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion with its unit vector, and those of its contraries, float32 (width,) each."""

    text: str
    vector: Vectors
    turned: Vectors | None  # the first direction word turned round; None when it has none
    denied: Vectors


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that may speak to a claim: its sentences, and how retrieval scored it."""

    paper: Paper
    sentences: SentenceSet
    scores: Scores


@dataclass(frozen=True, slots=True)
class Stance:
    """Probabilities that sum to 1, and for each sentence how far it decides, in [0, 1]. `bears` orders papers
    by how far they have to do with the claim at all; it is not bounded, and 0 where nothing judged it.
    """

    supports: float
    refutes: float
    neutral: float
    sentences: tuple[float, ...]
    bears: float = 0.0

    def side_at(self, threshold: float) -> Side:
        """Neutral below a probability of speaking to the claim at all, else the likelier side."""
        if self.speaks < threshold:
            return Side.NEUTRAL
        return Side.SUPPORTS if self.supports >= self.refutes else Side.REFUTES

    @property
    def speaks(self) -> float:
        """How likely the paper says anything of the claim, either way."""
        return self.supports + self.refutes

    @property
    def best(self) -> int:
        """The index of the sentence that decides."""
        return max(range(len(self.sentences)), key=self.sentences.__getitem__)


class StanceModel(Protocol):
    """Judges candidates for one claim."""

    def judge(self, claim: Claim, candidates: Sequence[Candidate]) -> list[Stance]:
        """One stance a candidate, in order; every candidate has at least one sentence."""
        ...
