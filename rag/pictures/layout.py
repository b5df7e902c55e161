"""Where papers stand on a map: principal components, then t-SNE over them, from the library's vectors.

The same papers always get the same places. Few papers are placed by their first two components alone, as
t-SNE has no neighbours to keep there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.encoders import Vectors
from index.library import Library
from rag.paper_vectors import paper_vectors
from rag.pictures.pictured import Place

FEWEST = 3  # papers of a map
NEIGHBOURLY = 8  # papers from which t-SNE places them
_COMPONENTS = 50
_PERPLEXITY = 30.0
_SEED = 0


def paper_places(library: Library, ids: Sequence[str]) -> dict[str, Place]:
    """A place for each paper that has text, in [0, 1] both ways; none where there are too few."""
    known, vectors = with_text(library, ids)
    return dict(zip(known, places_of(vectors), strict=True)) if len(known) >= FEWEST else {}


def with_text(library: Library, ids: Sequence[str]) -> tuple[list[str], Vectors]:
    """Those papers that have text, each once, and a unit vector, float32 (n, width), for each."""
    once = list(dict.fromkeys(ids))
    vectors = paper_vectors(library, once)
    held = np.flatnonzero(vectors.any(axis=1))
    return [once[n] for n in held], vectors[held]


def places_of(vectors: Vectors) -> list[Place]:
    """Places of the rows, in [0, 1] both ways. :param vectors: (n, width), n ≥ 2."""
    flat = _components(vectors, 2) if len(vectors) < NEIGHBOURLY else _neighbours(vectors)
    low, high = flat.min(axis=0), flat.max(axis=0)
    scaled = (flat - low) / np.maximum(high - low, 1e-9)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in scaled]


def _components(vectors: Vectors, count: int) -> Vectors:
    """Principal components; each one's sign is that of its largest weight, so that it does not flip."""
    centred = vectors - vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:count]
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    found = centred @ (axes * signs[:, None]).T
    if found.shape[1] < count:
        found = np.pad(found, ((0, 0), (0, count - found.shape[1])))
    return np.asarray(found, dtype=np.float32)


def _neighbours(vectors: Vectors) -> Vectors:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    reduced = _components(vectors, min(_COMPONENTS, len(vectors) - 1, vectors.shape[1]))
    perplexity = min(_PERPLEXITY, (len(vectors) - 1) / 3)
    with threadpool_limits(1):  # many short loops: waiting threads would cost more than they give
        found = TSNE(2, perplexity=perplexity, init="pca", random_state=_SEED).fit_transform(reduced)
    return np.asarray(found, dtype=np.float32)
