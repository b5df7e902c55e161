"""Sentences of papers with their stems and vectors, made on demand and kept.

Vectors are computed in one batch for all papers that lack them, so a second question about the
same papers costs nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.cleaning import readable
from index.derived import Derived, DerivedCache
from index.encoders import Encoder, Vectors
from index.sentences import split_sentences
from index.types import Paper
from rag.kept import Kept
from rag.terms import content_stems

KEPT_PAPERS = 2000  # in memory; about 30 KB each


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
    """Gives the sentence sets of papers. :param cache: keeps their vectors between runs."""

    def __init__(self, encoder: Encoder, cache: DerivedCache | None = None) -> None:
        self._encoder = encoder
        self._cache = cache
        self._kept = Kept(self._made, KEPT_PAPERS)

    def get(self, papers: Sequence[Paper]) -> list[SentenceSet]:
        """One set a paper, in order."""
        return self._kept.get(papers)

    def _made(self, papers: list[Paper]) -> list[SentenceSet]:
        spans = [tuple(split_sentences(p.abstract)) for p in papers]
        texts = [tuple(readable(p.abstract[a:b]) for a, b in s) for p, s in zip(papers, spans, strict=True)]
        titles = [readable(p.title or "") for p in papers]
        rows = self._vectors(papers, [(*t, title) for t, title in zip(texts, titles, strict=True)])
        return [
            SentenceSet(s, t, tuple(frozenset(content_stems(text)) for text in t), found[:-1], found[-1])
            for s, t, found in zip(spans, texts, rows, strict=True)
        ]

    def _vectors(self, papers: list[Paper], texts: list[tuple[str, ...]]) -> list[Vectors]:
        """The vectors of each paper's texts, (texts, width); zeros for an empty text."""
        width = self._encoder.id.width
        salt = f"sentences {self._encoder.id!r}"
        keys = [hashlib.blake2b("\0".join((salt, *t)).encode(), digest_size=16).digest() for t in texts]
        found = {
            key: np.frombuffer(value, dtype="<f2").astype(np.float32).reshape(-1, width)
            for key, value in (self._cache.get(keys) if self._cache else {}).items()
        }
        lacking = {key: n for n, key in enumerate(keys) if key not in found}
        if lacking:
            every = [text for n in lacking.values() for text in texts[n]]
            rows = self._encoded(every)
            for key, n in lacking.items():
                found[key], rows = np.split(rows, [len(texts[n])])
            if self._cache:
                made = [
                    Derived(papers[n], key, found[key].astype("<f2").tobytes()) for key, n in lacking.items()
                ]
                self._cache.put(made)
        return [found[key] for key in keys]

    def _encoded(self, texts: list[str]) -> Vectors:
        rows = np.zeros((len(texts), self._encoder.id.width), dtype=np.float32)
        filled = [n for n, text in enumerate(texts) if text]
        if filled:
            rows[filled] = self._encoder.encode([texts[n] for n in filled])
        return rows
