"""The cross-encoder: a claim or a question and a paper read together, word against word.

What late interaction (`rag.reader`) cannot see: whether the paper agrees with the claim or says the
contrary, and whether it states what is asked or only comes near. Both texts go through the bundled
encoder with a trained low-rank adapter; each sentence is scored by the mean of its tokens, the paper by
its first token and its strongest sentence together. Trained by `rag.training.cross_encoder`; what
from, and how well it does, stands in `rag/weights/README.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.cleaning import readable
from index.encoders import Vectors
from index.sentences import split_sentences
from index.types import Paper
from rag.odds import logistic
from rag.token_states import TokenEncoder, bundled_tokenizer, ready_encoder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.minilm import MiniLMEncoder

ADAPTER = Path(__file__).parent / "weights" / "cross_encoder.safetensors"
TOKENS, FIRST_TOKENS = 384, 80  # of both texts, and of the claim or question
_SEPARATOR = 102


@dataclass(frozen=True, slots=True)
class CrossReading:
    """One paper read together with one text. `supports`, `refutes` and `neutral` sum to 1; `answers` is
    the probability that the paper states what the text asks. `relevance` orders papers by how far they
    bear on it and is not bounded. `decides`, `states` and `carries` share 1 among the abstract's sentences:
    which one speaks to the claim, answers, and bears on the topic (0 beyond the tokens read).
    """

    supports: float
    refutes: float
    neutral: float
    answers: float
    relevance: float
    decides: tuple[float, ...]
    states: tuple[float, ...]
    carries: tuple[float, ...]


class CrossEncoder:
    """Reads papers together with a claim or a question. Safe to use from several threads."""

    def __init__(self, tokenizer: Tokenizer, encoder: TokenEncoder) -> None:
        from safetensors.numpy import load_file

        self._tokenizer = tokenizer
        self._encoder = encoder
        head = {n: v.astype(np.float32) for n, v in load_file(ADAPTER).items() if n.startswith("head.")}
        self._paper = (head["head.paper.weight"], head["head.paper.bias"])  # (5, width), (5,)
        self._sentence = (head["head.sentence.weight"], head["head.sentence.bias"])  # (4, width), (4,)

    def read(self, text: str, papers: Sequence[Paper]) -> list[CrossReading]:
        """One reading a paper, in order."""
        if not papers:
            return []
        first = self._tokenizer.encode(readable(text)).ids
        first = [*first[: FIRST_TOKENS - 1], first[-1]] if len(first) > FIRST_TOKENS else first
        joined = [self._joined(first, paper) for paper in papers]
        states = self._encoder.hidden([ids for ids, _, _ in joined])
        return [
            self._reading(hidden, places, count)
            for hidden, (_, places, count) in zip(states, joined, strict=True)
        ]

    def _joined(self, first: list[int], paper: Paper) -> tuple[list[int], NDArray[np.int64], int]:
        """Ids of both texts, the sentence of each token (0 the title, from 1 the abstract's, else -1), and
        how many sentences the abstract has.
        """
        texts = [readable(paper.title or "")]
        texts += [readable(paper.abstract[a:b]) for a, b in split_sentences(paper.abstract)]
        ids, places = list(first), [-1] * len(first)
        for place, encoded in enumerate(self._tokenizer.encode_batch(texts, add_special_tokens=False)):
            new = encoded.ids[: TOKENS - 1 - len(ids)]
            ids += new
            places += [place] * len(new)
        return [*ids, _SEPARATOR], np.array([*places, -1]), len(texts) - 1

    def _reading(self, hidden: Vectors, places: NDArray[np.int64], count: int) -> CrossReading:
        weight, bias = self._sentence
        scores = np.full((count + 1, len(bias)), -np.inf)
        for place in range(int(places.max()) + 1):
            if (own := places == place).any():
                scores[place] = weight @ hidden[own].mean(axis=0) + bias
        strongest = np.logaddexp.reduce(scores, axis=0)
        whole = self._paper[0] @ hidden[0] + self._paper[1]
        sides = _softmax(np.array([whole[0] + strongest[0], whole[1] + strongest[1], whole[2]]))
        answers = logistic(float(np.clip(whole[3] + strongest[2], -30, 30)))
        decides = _softmax(np.logaddexp(scores[:, 0], scores[:, 1]))[1:]
        states = _softmax(scores[:, 2])[1:]
        carries = _softmax(scores[:, 3])[1:]
        supports, refutes, neutral = map(float, sides)
        return CrossReading(
            supports,
            refutes,
            neutral,
            answers,
            float(whole[4] + strongest[3]),
            tuple(map(float, decides)),
            tuple(map(float, states)),
            tuple(map(float, carries)),
        )


def load_cross_encoder(base: MiniLMEncoder | None = None) -> CrossEncoder:
    """The bundled cross-encoder. :param base: the bundled embedder, where it is loaded already."""
    return CrossEncoder(bundled_tokenizer(), ready_encoder(ADAPTER, base))


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.exp(scores - scores.max())
    return np.asarray(weights / weights.sum())
