"""A paper as one vector: the mean of its chunks, read from the library in one go."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.encoders import Vectors
from index.library import Filter, Library


def paper_vectors(library: Library, paper_ids: Sequence[str]) -> Vectors:
    """One unit vector a paper, the mean of its chunks', float32 (n, width); zeros for one without text."""
    allowed = library.allowed(Filter(ids=tuple(paper_ids)))
    chunk_ids = [] if allowed is None else [int(i) for i in allowed]
    chunks = library.get_chunks(chunk_ids)
    places = {paper_id: place for place, paper_id in enumerate(paper_ids)}
    rows = library.vectors(chunk_ids)
    means = np.zeros((len(paper_ids), rows.shape[1]), dtype=np.float32)
    for chunk_id, row in zip(chunk_ids, rows, strict=True):
        means[places[chunks[chunk_id].paper_id]] += row
    return means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
