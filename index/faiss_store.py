"""The FAISS vector store: every vector is compared up to 100 000, inverted lists with 8-bit codes beyond.

The full scan reads the float16 that the catalogue keeps: half the bytes for a search and an addition.
Rounding leaves a stored row a little off unit length, so what is found is scored anew at unit length.

FAISS says nothing when ids repeat, when a row holds NaN, or when a file has been damaged: rows
are checked here, files by the checksums of `index.generations`. Result slots that FAISS pads
with -1 are dropped. An IVF index keeps ids by itself; wrapped in an IndexIDMap2 it would lose
their order on removal, so only the flat index is wrapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.errors import LibraryError
from index.stores import Ids, Scored, Vectors, checked_query, checked_rows, unit_rows

_faiss: Any = faiss  # its own type stubs know neither nprobe nor search parameters
_HALF = _faiss.ScalarQuantizer.QT_fp16
FLAT_LIMIT = 100_000  # vectors; a scan of 60 000 x 384 takes about 4 ms
_SPARE = 16  # more hits than wanted: rounding may have put the last one behind others
PROBES = 32  # measured: recall@10 0.97 with 4096 lists, 0.6 ms
_TRAIN_PER_LIST = 40  # FAISS warns below 39 training rows a list


class FaissStore:
    """A `VectorStore` on FAISS."""

    def __init__(self, width: int, index: Any = None) -> None:
        self._index: Any = index
        if index is None:
            rows = faiss.IndexScalarQuantizer(width, _HALF, faiss.METRIC_INNER_PRODUCT)
            self._index = faiss.IndexIDMap2(rows)
        self._newest = int(self.ids().max(initial=0))  # ids grow: most additions are above it

    @classmethod
    def of_size(cls, count: int, sample: Vectors) -> FaissStore:
        """An empty store of the kind that suits `count` vectors.

        :param sample: (n, width) training rows, of which only a large index makes use; draw
            about `training_rows(count)` of them at random.
        """
        width = sample.shape[1]
        if count <= FLAT_LIMIT:
            return cls(width)
        lists = min(list_count(count), max(1, len(sample)))
        index: Any = faiss.index_factory(width, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.train(np.ascontiguousarray(sample, dtype=np.float32))
        index.nprobe = PROBES
        return cls(width, index)

    @property
    def width(self) -> int:
        """See `VectorStore.width`."""
        return int(self._index.d)

    @property
    def exact(self) -> bool:
        """See `VectorStore.exact`: true for the full scan only."""
        return isinstance(self._index, faiss.IndexIDMap2)

    def suits(self, count: int) -> bool:
        """Whether this kind of index, with this number of lists, still fits `count` vectors.

        One of float32, as earlier versions wrote, is searched but not added to.
        """
        if count <= FLAT_LIMIT:
            return self.exact and isinstance(
                faiss.downcast_index(self._index.index), faiss.IndexScalarQuantizer
            )
        return not self.exact and list_count(count) <= 2 * self._index.nlist

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> Ids:
        """See `VectorStore.ids`."""
        if self.exact:
            return np.sort(faiss.vector_to_array(self._index.id_map).astype(np.int64))
        lists = self._index.invlists
        parts = [
            faiss.rev_swig_ptr(lists.get_ids(n), lists.list_size(n)).copy()
            for n in range(self._index.nlist)
            if lists.list_size(n)
        ]
        return np.sort(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """See `VectorStore.add`."""
        numbers, rows = checked_rows(ids, vectors, self.width, self._newest, self.ids)
        if len(numbers):
            self._index.add_with_ids(rows, numbers)
            self._newest = max(self._newest, int(numbers.max()))

    def remove(self, ids: Ids) -> int:
        """See `VectorStore.remove`."""
        if not len(ids) or not len(self):
            return 0
        return int(self._index.remove_ids(faiss.IDSelectorBatch(np.ascontiguousarray(ids, dtype=np.int64))))

    def search(self, query: Vectors, k: int, allowed: Ids | None = None) -> Scored:
        """See `VectorStore.search`."""
        row = checked_query(query, self.width)
        k = min(k, len(self) if allowed is None else len(allowed))
        if k <= 0:
            return []
        with _one_thread():
            scores, ids = self._index.search(row, k + _SPARE, params=self._parameters(allowed))
        held = ids[0] >= 0
        numbers, cosines = ids[0][held], scores[0][held]
        if self.exact and len(numbers):
            cosines = unit_rows(self._index.reconstruct_batch(numbers)) @ row[0]
        found = zip(numbers.tolist(), cosines.tolist(), strict=True)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    def _parameters(self, allowed: Ids | None) -> Any:
        if allowed is None:
            return None
        chosen = faiss.IDSelectorBatch(np.ascontiguousarray(allowed, dtype=np.int64))
        if self.exact:
            return _faiss.SearchParameters(sel=chosen)
        # Few allowed rows may lie in lists that are not probed: look at more lists then.
        share = max(len(allowed), 1) / max(len(self), 1)
        probes = min(self._index.nlist, int(PROBES / min(1.0, share * 10)))
        return _faiss.SearchParametersIVF(sel=chosen, nprobe=probes)

    def rows(self, ids: Sequence[int]) -> Vectors | None:
        """See `VectorStore.rows`."""
        try:
            rows = self._index.reconstruct_batch(np.asarray(ids, dtype=np.int64))
        except RuntimeError:
            return None
        return unit_rows(rows)

    def save(self, path: Path) -> None:
        """See `VectorStore.save`."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"FAISS cannot write {path}: {error}") from error

    @classmethod
    def load(cls, path: Path) -> FaissStore:
        """Read what `save` wrote; the caller has checked the file's SHA-256.

        :raises LibraryError: when FAISS refuses the file.
        """
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise LibraryError(f"{path} is no vector index; run `ibid index rebuild`") from error
        return cls(index.d, index)


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread for one query: FAISS would have the others wait, and spin while they do."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def list_count(count: int) -> int:
    """Inverted lists for `count` vectors: the power of two near 4 times the root."""
    return int(2 ** round(np.log2(4 * np.sqrt(max(count, 1)))))


def training_rows(count: int) -> int:
    """How many rows an index for `count` vectors wants to be trained on (0: none)."""
    return 0 if count <= FLAT_LIMIT else min(count, _TRAIN_PER_LIST * list_count(count))
