"""The reader: how far a paper bears on a question, and which of its sentences carry it, by late interaction.

Question and paper go through the bundled encoder with a trained low-rank adapter; every question token
looks for its nearest token in the paper (MaxSim; Khattab & Zaharia 2020), weighted by a learned
importance. The same maximum within one sentence scores that sentence. What a paper's tokens are does
not depend on the question, so they are kept, and a paper is read once. See `rag/weights/README.md`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.derived import Derived, DerivedCache
from index.encoders import Vectors
from index.sentences import split_sentences
from index.types import Paper
from rag.kept import Kept
from rag.models import EMBEDDER
from rag.token_states import ReadyEncoder, bundled_tokenizer, ready_encoder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.minilm import MiniLMEncoder

ADAPTER = Path(__file__).parent / "weights" / "reader.safetensors"
KEPT_PAPERS = 1000  # in memory; about 130 KB each
_PAPER_TOKENS, _QUESTION_TOKENS = 256, 64


@dataclass(frozen=True, slots=True)
class Reading:
    """One paper read for one question. `relevance` orders papers and is not bounded; `sentences` holds
    for each sentence of the abstract the weighted mean cosine of the question's tokens, in [-1, 1]
    (-1 for sentences beyond the tokens read); `title` is the same for the title.
    """

    relevance: float
    sentences: tuple[float, ...]
    title: float


class _Units(NamedTuple):
    """A paper's tokens as unit vectors float16 (n, width), and the direction of their mean (width,)."""

    vectors: NDArray[np.float16]
    mean: Vectors


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A paper's tokens as in `_Units`, the sentence of each (-1 a mark, 0 the title, from 1 the
    abstract's), and how many sentences there are.
    """

    vectors: NDArray[np.float16]
    mean: Vectors
    places: NDArray[np.int64]
    sentences: int


class Reader:
    """Reads papers for questions. Safe to use from several threads, one of which encodes at a time.

    :param cache: keeps the tokens of papers between runs.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        encoder: ReadyEncoder,
        cache: DerivedCache | None = None,
    ) -> None:
        from safetensors.numpy import load

        self._tokenizer = tokenizer
        self._encoder = encoder
        self._cache = cache
        adapter = ADAPTER.read_bytes()
        head = load(adapter)
        self._importance = head["head.importance.weight"].astype(np.float32)
        self._mix = head["head.mix"].astype(np.float32)
        made_by = f"tokens {EMBEDDER.revision} {hashlib.sha256(adapter).hexdigest()} {_PAPER_TOKENS} "
        self._salt = made_by.encode()
        self._kept = Kept(self._tokens_of, KEPT_PAPERS)

    def read(self, question: str, papers: Sequence[Paper]) -> list[Reading]:
        """One reading a paper, in order; an empty question reads as relevant to nothing."""
        if not papers:
            return []
        ids = self._tokenizer.encode(question).ids[:_QUESTION_TOKENS]
        states = self._encoder.few([ids])[0]
        logits = states @ self._importance
        weights = np.exp(logits - logits.max())
        weights /= weights.sum()
        mean = states.mean(axis=0)
        query = states / np.linalg.norm(states, axis=1, keepdims=True)
        return [
            self._reading(query, weights, mean / np.linalg.norm(mean), tokens)
            for tokens in self._kept.get(papers)
        ]

    def keep(self, papers: Sequence[Paper]) -> None:
        """Encode papers ahead, so that no question waits for it."""
        self._kept.get(papers)

    def _reading(self, query: Vectors, weights: Vectors, mean: Vectors, paper: _Tokens) -> Reading:
        cosines = query @ paper.vectors.astype(np.float32).T  # (question tokens, paper tokens)
        places = [
            float(weights @ cosines[:, paper.places == n].max(axis=1, initial=-1.0))
            for n in range(paper.sentences + 1)
        ]
        parts = np.array([weights @ cosines.max(axis=1), mean @ paper.mean, max(places)])
        return Reading(float(self._mix @ parts), tuple(places[1:]), places[0])

    def _tokens_of(self, papers: list[Paper]) -> list[_Tokens]:
        """From the cache, or encoded and put there."""
        texts = [_text(paper) for paper in papers]
        encoded = self._tokenizer.encode_batch(texts)
        ids = [
            [*e.ids[: _PAPER_TOKENS - 1], e.ids[-1]] if len(e.ids) > _PAPER_TOKENS else e.ids for e in encoded
        ]
        keys = [hashlib.blake2b(self._salt + text.encode(), digest_size=16).digest() for text in texts]
        stored = self._cache.get(keys) if self._cache else {}
        units: dict[bytes, _Units] = {}
        for key, tokens in zip(keys, ids, strict=True):
            if (kept := _unpacked(stored.get(key), len(tokens), len(self._importance))) is not None:
                units[key] = kept
        lacking = {key: n for n, key in enumerate(keys) if key not in units}
        if lacking:
            states = self._encoder.hidden([ids[n] for n in lacking.values()])
            made = dict(zip(lacking, map(_units, states), strict=True))
            units |= made
            if self._cache:
                self._cache.put([Derived(papers[lacking[key]], key, _packed(u)) for key, u in made.items()])
        return [
            _tokens(paper, units[key], [begin for begin, _ in e.offsets[: len(tokens)]])
            for paper, key, e, tokens in zip(papers, keys, encoded, ids, strict=True)
        ]


def load_reader(cache: DerivedCache | None = None, base: MiniLMEncoder | None = None) -> Reader:
    """The bundled reader; what is heavy is loaded when many papers have to be encoded.

    :param base: the bundled embedder, where it is loaded already; most of its weights are shared.
    """
    return Reader(bundled_tokenizer(), ready_encoder(ADAPTER, base), cache)


def _text(paper: Paper) -> str:
    return f"{paper.title or ''}\n\n{paper.abstract}"


def _units(states: Vectors) -> _Units:
    mean = states.mean(axis=0)
    unit = states / np.linalg.norm(states, axis=1, keepdims=True)
    return _Units(unit.astype("<f2"), (mean / np.linalg.norm(mean)).astype("<f4"))


def _packed(units: _Units) -> bytes:
    return units.vectors.tobytes() + units.mean.tobytes()


def _unpacked(value: bytes | None, tokens: int, width: int) -> _Units | None:
    """What `_packed` wrote; None for anything else."""
    if value is None or len(value) != tokens * width * 2 + width * 4:
        return None
    vectors = np.frombuffer(value, dtype="<f2", count=tokens * width).reshape(tokens, width)
    return _Units(vectors, np.frombuffer(value, dtype="<f4", offset=vectors.nbytes))


def _tokens(paper: Paper, units: _Units, begins: Sequence[int]) -> _Tokens:
    """:param begins: where each token begins in `_text`."""
    at = len(paper.title or "") + 2
    starts = [0, *(at + start for start, _ in split_sentences(paper.abstract))]
    places = np.searchsorted(starts, begins, side="right") - 1
    places[[0, -1]] = -1  # the marks around the text
    return _Tokens(units.vectors, units.mean, places.astype(np.int64), len(starts) - 1)
