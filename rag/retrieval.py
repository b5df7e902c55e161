"""Hybrid retrieval: BM25 and cosine over the same chunks, fused, one hit a paper.

Light: no LlamaIndex and no torch, so that a search starts at once. `rag.sockets` offers the same
retriever to LlamaIndex users. Every candidate of either side gets its exact cosine, so `dense`
is missing only where the mode leaves it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from index.catalog import Place
from index.cleaning import readable
from index.encoders import Encoder, Vectors
from index.library import Filter, Library
from index.types import Chunk, Hit, Scores
from rag.ranking import best_per_group, fuse, min_max

POOL = 100  # candidates taken from each side before fusion


class Mode(StrEnum):
    """Which scores rank the hits."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"
    RERANKED = "reranked"  # hybrid here; what it finds is then read (`rag.rerank`)


class Retriever:
    """Searches one library.

    :param weight: share of the dense score in the fusion; 0.6 measured best on development data.
    """

    def __init__(self, library: Library, encoder: Encoder, weight: float = 0.6) -> None:
        self.library = library
        self.encoder = encoder
        self._weight = weight

    def search(
        self,
        query: str,
        k: int = 10,
        mode: Mode = Mode.HYBRID,
        keep: Filter | None = None,
        per_paper: int = 1,
        vector: Vectors | None = None,
    ) -> list[Hit]:
        """The best `k` hits, ranked from 1; at most `per_paper` chunks of one paper.

        :param keep: papers outside the filter are not candidates at all.
        :param vector: the query's unit vector, where it is known already.
        """
        if mode is Mode.LEXICAL:
            vector = None
        elif vector is None:
            vector = self.encoder.encode_query(readable(query))
        scored = self._candidates(query, vector, mode, max(POOL, 2 * k), keep)
        order = sorted(scored, key=lambda i: (-(scored[i].fused or 0.0), i))
        places = self._first(order, k, per_paper)
        papers = self.library.papers_by_id({place.paper_id for place in places.values()})
        found = [
            (i, place, papers[place.paper_id]) for i, place in places.items() if place.paper_id in papers
        ]
        return [
            Hit(
                Chunk(i, paper.id, at.start, at.end, paper.abstract[at.start : at.end]),
                paper,
                scored[i],
                rank,
            )
            for rank, (i, at, paper) in enumerate(found, 1)
        ]

    def _first(self, order: Sequence[int], k: int, per_paper: int) -> dict[int, Place]:
        """The first `k` chunks of `order` with at most `per_paper` of a paper, best first.

        Chunks are looked up page by page, as far as it takes: most candidates never become a hit.
        """
        places: dict[int, Place] = {}
        best: list[int] = []
        for at in range(0, len(order), max(1, 2 * k)):
            places.update(self.library.places(order[at : at + 2 * k]))
            known = [i for i in order if i in places]
            best = best_per_group(known, lambda i: places[i].paper_id, per_paper)
            if len(best) >= k:
                break
        return {i: places[i] for i in best[:k]}

    def _candidates(
        self, query: str, vector: Vectors | None, mode: Mode, pool: int, keep: Filter | None
    ) -> dict[int, Scores]:
        allowed = self.library.allowed(keep) if keep else None
        dense: dict[int, float] = {}
        lexical: dict[int, float] = {}
        if mode is not Mode.DENSE:
            lexical = dict(self.library.search_lexical(query, pool, allowed))
        if vector is not None:
            dense = dict(self.library.search_dense(vector, pool, allowed))
            lacking = [i for i in lexical if i not in dense]
            if lacking:
                dense.update(zip(lacking, self.library.cosines(vector, lacking), strict=True))
        if mode in (Mode.HYBRID, Mode.RERANKED):
            fused = fuse(dense, lexical, self._weight)
        else:
            fused = min_max(dense if mode is Mode.DENSE else lexical)
        return {i: Scores(dense.get(i), lexical.get(i), score) for i, score in fused.items()}
