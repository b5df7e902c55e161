"""Hybrid retrieval: BM25 and cosine over the same chunks, fused, one hit a paper.

Light: no LlamaIndex and no torch, so that a search starts at once. `rag.sockets` offers the same
retriever to LlamaIndex users. Every candidate of either side gets its exact cosine, so `dense`
is missing only where the mode leaves it out.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from index.cleaning import readable
from index.encoders import Encoder, Vectors
from index.library import Filter, Library
from index.types import Hit, Scores
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
        chunks = self.library.get_chunks(order)
        one_a_paper = best_per_group(
            [i for i in order if i in chunks], lambda i: chunks[i].paper_id, per_paper
        )
        return [
            Hit(chunks[i], self.library.paper(chunks[i].paper_id), scored[i], rank)
            for rank, i in enumerate(one_a_paper[:k], 1)
        ]

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
                exact = self.library.vectors(lacking) @ vector
                dense.update(zip(lacking, np.asarray(exact, dtype=float).tolist(), strict=True))
        if mode in (Mode.HYBRID, Mode.RERANKED):
            fused = fuse(dense, lexical, self._weight)
        else:
            fused = min_max(dense if mode is Mode.DENSE else lexical)
        return {i: Scores(dense.get(i), lexical.get(i), score) for i, score in fused.items()}
