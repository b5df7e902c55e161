"""Reranking: the first hits of a hybrid search put in a new order by the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Hit
from rag.ranking import min_max
from rag.reader import Reader

READ = 60  # papers that are read for a query
_SHARE = 1.0  # of the reader's score, min-max normalised, beside the fused one


def rerank(reader: Reader, query: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits ordered by fused score and reading together, ranked from 1, with `rerank` in [0, 1]."""
    readings = reader.read(query, [hit.paper for hit in hits])
    read = min_max({n: reading.relevance for n, reading in enumerate(readings)})
    order = sorted(read, key=lambda n: (-((hits[n].scores.fused or 0.0) + _SHARE * read[n]), n))
    return [
        replace(hits[n], scores=replace(hits[n].scores, rerank=read[n]), rank=rank)
        for rank, n in enumerate(order, 1)
    ]
