"""The reader: how far a paper bears on a question, and which of its sentences carry it, by late interaction.

Question and paper go through the bundled encoder with a trained low-rank adapter; every question token
looks for its nearest token in the paper (MaxSim; Khattab & Zaharia 2020), weighted by a learned
importance. The same maximum within one sentence scores that sentence. What a paper's tokens are does
not depend on the question, so they are kept, and a paper is read once. See `rag/weights/README.md`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.derived import Derived, DerivedCache
from index.encoders import Vectors, batches_by_length
from index.sentences import split_sentences
from index.types import Paper
from rag.kept import Kept
from rag.models import EMBEDDER

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.minilm import MiniLMEncoder

ADAPTER = Path(__file__).parent / "weights" / "reader.safetensors"
KEPT_PAPERS = 1000  # in memory; about 130 KB each
_PAPER_TOKENS, _QUESTION_TOKENS = 256, 64
_FEW_TOKENS = 4000  # encoded at once, instead of after the seconds that loading what is fast takes


class TokenEncoder(Protocol):
    """Token ids to last hidden states."""

    def hidden(self, texts: Sequence[list[int]]) -> list[Vectors]:
        """(tokens, width) float32 for each list of token ids."""
        ...


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

    :param small: ready at once, for the question and a few papers.
    :param load_large: fast, for many papers; made when needed.
    :param cache: keeps the tokens of papers between runs.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        small: TokenEncoder,
        load_large: Callable[[], TokenEncoder],
        cache: DerivedCache | None = None,
    ) -> None:
        from safetensors.numpy import load

        self._tokenizer = tokenizer
        self._small = small
        self._load_large = load_large
        self._large: TokenEncoder | None = None
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
        states = self._small.hidden([ids])[0]
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
            states = self._encoded([ids[n] for n in lacking.values()])
            made = dict(zip(lacking, map(_units, states), strict=True))
            units |= made
            if self._cache:
                self._cache.put([Derived(papers[lacking[key]], key, _packed(u)) for key, u in made.items()])
        return [
            _tokens(paper, units[key], [begin for begin, _ in e.offsets[: len(tokens)]])
            for paper, key, e, tokens in zip(papers, keys, encoded, ids, strict=True)
        ]

    def _encoded(self, ids: list[list[int]]) -> list[Vectors]:
        """Hidden states of papers' tokens, by the encoder that is done first."""
        lengths = [len(tokens) for tokens in ids]
        if self._large is None and sum(lengths) <= _FEW_TOKENS:
            found: dict[int, Vectors] = {}
            for batch in batches_by_length(lengths, _FEW_TOKENS // 2, len(ids)):
                found |= zip(batch, self._small.hidden([ids[n] for n in batch]), strict=True)
            return [found[n] for n in range(len(ids))]
        if self._large is None:
            self._large = self._load_large()
        return self._large.hidden(ids)


def load_reader(cache: DerivedCache | None = None, base: MiniLMEncoder | None = None) -> Reader:
    """The bundled reader; what is heavy is loaded when many papers have to be encoded.

    :param base: the bundled embedder, where it is loaded already; most of its weights are shared.
    """
    from tokenizers import Tokenizer

    from index.minilm import MiniLMEncoder
    from rag.models import bundled_embedder_path

    folder = bundled_embedder_path()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def large() -> TokenEncoder:
        from index.embedders import TransformersEncoder

        return TransformersEncoder(folder, revision=EMBEDDER.revision, adapter=ADAPTER)

    small = (base or MiniLMEncoder(folder, EMBEDDER.revision)).adapted(ADAPTER)
    return Reader(tokenizer, small, large, cache)


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
