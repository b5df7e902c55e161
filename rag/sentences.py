"""Sentences of papers with their stems and vectors, made on demand and kept.

Vectors are computed in one batch for all papers that lack them, so a second question about the
same papers costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.cleaning import readable
from index.encoders import Encoder, Vectors
from index.sentences import split_sentences
from index.types import Paper
from rag.terms import content_stems

_KEPT_PAPERS = 5000


@dataclass(frozen=True, slots=True)
class SentenceSet:
    """The sentences of one abstract: stored offsets, readable texts, stems, unit vectors (n, width).

    `title` is the title's unit vector (zeros for an untitled paper).
    """

    spans: tuple[tuple[int, int], ...]
    texts: tuple[str, ...]
    stems: tuple[frozenset[str], ...]
    vectors: Vectors
    title: Vectors


class SentenceStore:
    """Gives the sentence sets of papers."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: dict[str, tuple[Paper, SentenceSet]] = {}

    def get(self, papers: Sequence[Paper]) -> list[SentenceSet]:
        """One set a paper, in order."""
        if len(self._kept) > _KEPT_PAPERS:
            self._kept.clear()
        lacking = {p.id: p for p in papers if p.id not in self._kept or self._kept[p.id][0] != p}
        if lacking:
            self._fill(list(lacking.values()))
        return [self._kept[p.id][1] for p in papers]

    def _fill(self, papers: list[Paper]) -> None:
        spans = [tuple(split_sentences(p.abstract)) for p in papers]
        texts = [tuple(readable(p.abstract[a:b]) for a, b in s) for p, s in zip(papers, spans, strict=True)]
        titles = [readable(p.title or "") for p in papers]
        vectors = self._encoder.encode([t for group in texts for t in group] + titles)
        width = self._encoder.id.width
        at = 0
        for n, (paper, s, t) in enumerate(zip(papers, spans, texts, strict=True)):
            stems = tuple(frozenset(content_stems(text)) for text in t)
            title = vectors[len(vectors) - len(papers) + n] if titles[n] else np.zeros(width, np.float32)
            self._kept[paper.id] = (paper, SentenceSet(s, t, stems, vectors[at : at + len(t)], title))
            at += len(t)
