"""The reader: how far a paper bears on a question, and which of its sentences carry it, by late interaction.

Question and paper go through the bundled encoder with a trained low-rank adapter; every question token
looks for its nearest token in the paper (MaxSim; Khattab & Zaharia 2020), weighted by a learned
importance. The same maximum within one sentence scores that sentence. What a paper's tokens are does
not depend on the question, so they are kept, and a paper is read once. See `rag/weights/README.md`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors
from index.sentences import split_sentences
from index.types import Paper

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ADAPTER = Path(__file__).parent / "weights" / "reader.safetensors"
KEPT_PAPERS = 1000  # about 160 KB each
_PAPER_TOKENS, _QUESTION_TOKENS = 256, 64


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


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A paper's tokens: unit vectors float16 (n, width), the mean's direction, the sentence of each
    token (-1 a mark, 0 the title, from 1 the abstract's), and how many sentences there are.
    """

    vectors: NDArray[np.float16]
    mean: Vectors
    places: NDArray[np.int64]
    sentences: int


class Reader:
    """Reads papers for questions. Safe to use from several threads, one of which encodes at a time.

    :param small: ready at once, for the question. :param load_large: fast, for papers; made when needed.
    """

    def __init__(
        self, tokenizer: Tokenizer, small: TokenEncoder, load_large: Callable[[], TokenEncoder]
    ) -> None:
        from safetensors.numpy import load_file

        self._tokenizer = tokenizer
        self._small = small
        self._load_large = load_large
        self._large: TokenEncoder | None = None
        self._encoding = threading.Lock()
        head = load_file(ADAPTER)
        self._importance = head["head.importance.weight"].astype(np.float32)
        self._mix = head["head.mix"].astype(np.float32)
        self._kept: OrderedDict[str, tuple[Paper, _Tokens]] = OrderedDict()

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
            for tokens in self._tokens_of(papers)
        ]

    def keep(self, papers: Sequence[Paper]) -> None:
        """Encode papers ahead, so that no question waits for it."""
        self._tokens_of(papers)

    def _reading(self, query: Vectors, weights: Vectors, mean: Vectors, paper: _Tokens) -> Reading:
        cosines = query @ paper.vectors.astype(np.float32).T  # (question tokens, paper tokens)
        places = [
            float(weights @ cosines[:, paper.places == n].max(axis=1, initial=-1.0))
            for n in range(paper.sentences + 1)
        ]
        parts = np.array([weights @ cosines.max(axis=1), mean @ paper.mean, max(places)])
        return Reading(float(self._mix @ parts), tuple(places[1:]), places[0])

    def _tokens_of(self, papers: Sequence[Paper]) -> list[_Tokens]:
        with self._encoding:
            lacking = {p.id: p for p in papers if p.id not in self._kept or self._kept[p.id][0] != p}
            fresh = dict(zip(lacking, self._encode(list(lacking.values())), strict=True)) if lacking else {}
            found = [fresh[p.id] if p.id in fresh else self._kept[p.id][1] for p in papers]
            for paper, tokens in zip(papers, found, strict=True):
                self._kept[paper.id] = (paper, tokens)
                self._kept.move_to_end(paper.id)
            while len(self._kept) > KEPT_PAPERS:
                self._kept.popitem(last=False)
            return found

    def _encode(self, papers: list[Paper]) -> list[_Tokens]:
        if self._large is None:
            self._large = self._load_large()
        encoded = self._tokenizer.encode_batch([_text(paper) for paper in papers])
        ids = [
            [*e.ids[: _PAPER_TOKENS - 1], e.ids[-1]] if len(e.ids) > _PAPER_TOKENS else e.ids for e in encoded
        ]
        return [
            _tokens(paper, states, [begin for begin, _ in e.offsets[: len(states)]])
            for paper, states, e in zip(papers, self._large.hidden(ids), encoded, strict=True)
        ]


def load_reader() -> Reader:
    """The bundled reader; what is heavy is loaded at the first paper."""
    from tokenizers import Tokenizer

    from index.minilm import MiniLMEncoder
    from rag.models import EMBEDDER, bundled_embedder_path

    folder = bundled_embedder_path()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def large() -> TokenEncoder:
        from index.embedders import TransformersEncoder

        return TransformersEncoder(folder, revision=EMBEDDER.revision, adapter=ADAPTER)

    return Reader(tokenizer, MiniLMEncoder(folder, EMBEDDER.revision, adapter=ADAPTER), large)


def _text(paper: Paper) -> str:
    return f"{paper.title or ''}\n\n{paper.abstract}"


def _tokens(paper: Paper, states: Vectors, begins: Sequence[int]) -> _Tokens:
    """:param begins: where each token begins in `_text`."""
    at = len(paper.title or "") + 2
    starts = [0, *(at + start for start, _ in split_sentences(paper.abstract))]
    places = np.searchsorted(starts, begins, side="right") - 1
    places[[0, -1]] = -1  # the marks around the text
    mean = states.mean(axis=0)
    unit = states / np.linalg.norm(states, axis=1, keepdims=True)
    return _Tokens(
        unit.astype(np.float16), mean / np.linalg.norm(mean), places.astype(np.int64), len(starts) - 1
    )
