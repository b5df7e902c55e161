"""Reranking: the first hits of a hybrid search put in a new order by what reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.library import Library
from index.types import Hit
from rag.cross_encoder import CrossEncoder
from rag.feedback import likeness
from rag.question import foreign
from rag.ranking import min_max
from rag.reader import Reader

READ = 60  # papers that are read for a query
_SHARE = 1.0  # of the reader's score, min-max normalised, beside the fused one
_READ_TOGETHER = 25  # papers that the cross-encoder reads
# For each unit of its relevance; on development surveys R-precision 0.60 -> 0.66, NFCorpus's development
# queries stay at 0.358. Claims, whose papers it orders no better than the fused score does, are left out.
_TOGETHER = 0.07
ALIKE = 20  # hits of a search without the reader whose likeness counts
# The same two as below for the fused score alone: nDCG@10 of 300 of NFCorpus's development queries rises from
# 0.327 to 0.334, of 300 of SciFact's training queries from 0.715 to 0.718.
_ODDS_FUSED, _LIKE_FUSED = 40.0, 0.3
_ODDS = 10.0  # log-odds that a unit of the sum of scores stands for; see `rag.feedback`
# For each unit of likeness to the best: on development surveys R-precision 0.65 -> 0.73, the same from 0.9 to
# 1.6; nDCG@10 of 60 of NFCorpus's development queries 0.335 -> 0.341, the same from 0.6 to 1.2.
_LIKE = 0.9


def rerank(reader: Reader, query: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits ordered by fused score and reading together, ranked from 1, with `rerank` in [0, 1]."""
    readings = reader.read(query, [hit.paper for hit in hits])
    read = min_max({n: reading.relevance for n, reading in enumerate(readings)})
    order = sorted(read, key=lambda n: (-((hits[n].scores.fused or 0.0) + _SHARE * read[n]), n))
    return [
        replace(hits[n], scores=replace(hits[n].scores, rerank=read[n]), rank=rank)
        for rank, n in enumerate(order, 1)
    ]


def rank_alike(library: Library, hits: Sequence[Hit]) -> list[Hit]:
    """Hits of a library, one a paper, in the order of fused score and likeness to the best; ranked from 1."""
    first = hits[:ALIKE]
    if not first:
        return []
    standing = np.array([hit.scores.fused or 0.0 for hit in first])
    standing += _LIKE_FUSED * likeness(
        _ODDS_FUSED * standing, library.vectors([hit.chunk.id for hit in first])
    )
    return _ranked(standing, hits)


def rerank_topic(cross: CrossEncoder, library: Library, query: str, hits: Sequence[Hit]) -> list[Hit]:
    """Hits of a library in the reader's order, the first of them ordered anew by the cross-encoder too, and
    by likeness to those that stand best then; a statement or a query in another language is left as it is.
    """
    if query.rstrip().endswith(".") or foreign(query):
        return list(hits)
    first = hits[:_READ_TOGETHER]
    readings = cross.read(query, [hit.paper for hit in first])
    if not first:
        return []
    standing = np.array(
        [
            (hit.scores.fused or 0.0) + _SHARE * (hit.scores.rerank or 0.0) + _TOGETHER * reading.relevance
            for hit, reading in zip(first, readings, strict=True)
        ]
    )
    vectors = library.vectors([hit.chunk.id for hit in first])
    standing += _LIKE * likeness(_ODDS * standing, vectors)
    return _ranked(standing, hits)


def _ranked(standing: NDArray[np.float64], hits: Sequence[Hit]) -> list[Hit]:
    """The first hits by their standing, the others behind them, ranked from 1."""
    count = len(standing)
    order = sorted(range(count), key=lambda n: (-standing[n], n))
    return [replace(hit, rank=rank) for rank, hit in enumerate([*(hits[n] for n in order), *hits[count:]], 1)]
