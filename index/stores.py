"""Vector stores: what every store promises, and the exact one that the others are held against.

Rows are unit vectors, so the inner product is the cosine: higher is better. Ids are the chunk
ids of the catalogue. `allowed` narrows the candidates before ranking, so k hits come back
whenever k candidates are allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]
Scored = list[tuple[int, float]]  # (chunk id, score), best first; ties by id

# Float16 storage moves a norm by less than 0.001; a row further off was never a unit vector.
NORM_TOLERANCE = 0.01


class VectorStore(Protocol):
    """A set of vectors under stable integer ids."""

    @property
    def width(self) -> int:
        """Numbers in one vector."""
        ...

    @property
    def exact(self) -> bool:
        """Whether scores are cosines and no neighbour is missed."""
        ...

    def __len__(self) -> int:
        """How many vectors are held."""
        ...

    def ids(self) -> Ids:
        """All ids, ascending."""
        ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add rows. :raises LibraryError: for another width, a NaN, no unit length, or a known id."""
        ...

    def remove(self, ids: Ids) -> int:
        """Remove rows, unknown ids without a word; returns how many went."""
        ...

    def search(self, query: Vectors, k: int, allowed: Ids | None = None) -> Scored:
        """The k nearest rows to a vector of shape (width,), among `allowed` if it is given."""
        ...

    def rows(self, ids: Sequence[int]) -> Vectors | None:
        """The rows of `ids` in their order, at unit length; None when one is not held."""
        ...

    def save(self, path: Path) -> None:
        """Write one file; durability is the caller's (`index.disk`)."""
        ...


def checked_rows(
    ids: Ids, vectors: Vectors, width: int, newest: int, known: Callable[[], Ids]
) -> tuple[Ids, Vectors]:
    """The rows as contiguous arrays of the right types.

    :param newest: the highest id held; `known` lists all of them, and is asked only when an id to
        be added is not above it.
    :raises LibraryError: see `VectorStore.add`.
    """
    numbers = np.ascontiguousarray(ids, dtype=np.int64)
    if len(numbers) == 0:
        return numbers, np.zeros((0, width), dtype=np.float32)
    rows = np.ascontiguousarray(vectors, dtype=np.float32).reshape(len(numbers), -1)
    _check_width(rows.shape[1], width, "vectors")
    norms = np.linalg.norm(rows, axis=1)
    bad = np.flatnonzero(~(np.abs(norms - 1.0) <= NORM_TOLERANCE))  # a NaN norm fails as well
    if len(bad):
        at = int(bad[0])
        raise LibraryError(
            f"the vector of chunk {int(numbers[at])} has length {norms[at]:.4g} instead of 1 "
            f"(width {width}); check the embedder, then run `ibid index rebuild`"
        )
    twice = len(np.unique(numbers)) != len(numbers)
    if twice or (numbers.min() <= newest and np.isin(numbers, known()).any()):
        raise LibraryError("a chunk id was added twice to the vector index; run `ibid index rebuild`")
    return numbers, rows


def checked_query(query: Vectors, width: int) -> Vectors:
    """A query as a contiguous row (1, width). :raises LibraryError: for another width, NaN or zero."""
    row = np.ascontiguousarray(query, dtype=np.float32).reshape(1, -1)
    _check_width(row.shape[1], width, "a query")
    norm = float(np.linalg.norm(row))
    if not np.isfinite(norm) or norm == 0.0:
        raise LibraryError(f"the query vector has length {norm}; the embedder gave no usable vector")
    return row


def _check_width(got: int, width: int, what: str) -> None:
    if got != width:
        raise LibraryError(
            f"{what} of width {got} met an index of width {width}: another embedder made it; "
            "run `ibid index rebuild` to embed the library anew"
        )


def unit_rows(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; zero rows stay zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1.0), dtype=np.float32)


class ExactStore:
    """All vectors in one NumPy matrix: the oracle in tests, and the index when a disk cannot be written."""

    exact = True

    def __init__(self, width: int) -> None:
        self._ids: Ids = np.zeros(0, dtype=np.int64)
        self._rows: Vectors = np.zeros((0, width), dtype=np.float32)

    @property
    def width(self) -> int:
        """See `VectorStore.width`."""
        return self._rows.shape[1]

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self) -> Ids:
        """See `VectorStore.ids`."""
        return np.sort(self._ids)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """See `VectorStore.add`."""
        numbers, rows = checked_rows(ids, vectors, self.width, int(self._ids.max(initial=0)), self.ids)
        self._ids = np.concatenate([self._ids, numbers])
        self._rows = np.concatenate([self._rows, rows])

    def remove(self, ids: Ids) -> int:
        """See `VectorStore.remove`."""
        keep = ~np.isin(self._ids, ids)
        self._ids, self._rows = self._ids[keep], self._rows[keep]
        return int((~keep).sum())

    def search(self, query: Vectors, k: int, allowed: Ids | None = None) -> Scored:
        """See `VectorStore.search`."""
        row = checked_query(query, self.width)
        ids, rows = self._ids, self._rows
        if allowed is not None:
            keep = np.isin(ids, allowed)
            ids, rows = ids[keep], rows[keep]
        scores = rows @ row[0]
        order = np.lexsort((ids, -scores))[: max(k, 0)]
        return [(int(ids[i]), float(scores[i])) for i in order]

    def rows(self, ids: Sequence[int]) -> Vectors | None:
        """See `VectorStore.rows`."""
        places = {int(i): n for n, i in enumerate(self._ids)}
        found = [places[i] for i in ids if i in places]
        return self._rows[found] if len(found) == len(ids) else None

    def save(self, path: Path) -> None:
        """See `VectorStore.save`; a NumPy archive without pickled objects."""
        with path.open("wb") as file:
            np.savez(file, ids=self._ids, rows=self._rows)

    @classmethod
    def load(cls, path: Path) -> ExactStore:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as data:
            store = cls(data["rows"].shape[1])
            store.add(data["ids"], data["rows"])
        return store
