"""A library, open for reading: look up papers, search chunks by vector and by keywords.

Opening checks the search index against its checksums and against the catalogue, and repairs it
from the catalogue when it is damaged or behind. An open library keeps the index it started with
until `refresh`; several threads may read from it at once.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index import disk, generations, publish
from index.catalog import Catalog, CatalogState, Place
from index.encoders import EmbedderId
from index.errors import EmbedderMismatch, LibraryError
from index.generations import Damaged
from index.lock import writer_lock
from index.publish import SearchIndex
from index.shelf import Shelf
from index.stores import Ids, Scored, Vectors
from index.types import Chunk, Paper

log = logging.getLogger(__name__)

_FROM_SOURCE = (
    "number IN (SELECT paper FROM sources WHERE path = ? OR substr(path, -length(?) - 1) = '/' || ?)"
)
_RESCORED = 4  # candidates per wanted hit that an inexact index is asked for


@dataclass(frozen=True, slots=True)
class Filter:
    """Which papers may be found. Years are inclusive; a paper without a year meets no year bound.

    `source` is a path as it was added, or the last parts of one ("batch2.json").
    """

    year_from: int | None = None
    year_to: int | None = None
    source: str | None = None
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class LibraryInfo:
    """What a library holds; `to_dict` is the public shape `ibid.library/1`."""

    path: str
    papers: int
    titled: int
    untitled: int
    without_abstract: int
    chunks: int
    generation: int
    embedder: str
    fingerprint: str
    bytes: int

    def to_dict(self) -> dict[str, Any]:
        """The public shape."""
        return {"schema": "ibid.library/1", **asdict(self)}


class Library:
    """An open library; made by `Library.open`."""

    def __init__(self, catalog: Catalog, index: SearchIndex) -> None:
        self._catalog = catalog
        self._index = index
        self._seen = generations.current(catalog.library)
        self._fingerprint = ("", "")  # of the catalogue as it was after that many edits
        self._shelf: tuple[str, Shelf] | None = None  # the same

    @classmethod
    def open(cls, path: Path | str, embedder: EmbedderId | None = None) -> Library:
        """Open a library, repairing its search index if that is needed.

        :param embedder: the embedder that will make query vectors; checked when given.
        :raises LibraryError: no library there, damaged catalogue, another schema.
        :raises EmbedderMismatch: the library was made with another embedder.
        """
        catalog = Catalog.open(Path(path))
        try:
            state = catalog.state()
            if embedder is not None and embedder != state.embedder:
                raise EmbedderMismatch(mismatch(catalog.library, state.embedder, embedder))
            return cls(catalog, _usable_index(catalog, state))
        except BaseException:
            catalog.close()
            raise

    def close(self) -> None:
        """Close the catalogue; the library cannot be used afterwards."""
        self._catalog.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The folder."""
        return self._catalog.library

    @property
    def embedder(self) -> EmbedderId:
        """The embedder that made the vectors."""
        return EmbedderId(**json.loads(self._catalog.meta()["embedder"]))

    # -- papers and chunks

    def __len__(self) -> int:
        return self._catalog.state().papers

    def papers(self, year: tuple[int | None, int | None] | None = None) -> Iterator[Paper]:
        """Papers in the order they were added; with `year`, those of known year in that range."""
        return self._catalog.papers(*(year or (None, None)))

    def paper(self, paper_id: str) -> Paper:
        """One paper. :raises LibraryError: naming the nearest ids when there is none."""
        return self._catalog.paper(paper_id)

    def papers_by_id(self, ids: Iterable[str]) -> Mapping[str, Paper]:
        """The papers that exist among `ids`."""
        return self._catalog.papers_by_id(ids)

    def shelf(self) -> Shelf:
        """All papers as short rows, to be filtered and sorted; kept until the papers change."""
        edits = self._catalog.meta()["edits"]
        if self._shelf is None or self._shelf[0] != edits:
            self._shelf = (edits, Shelf(self._catalog.numbered_papers(), len(self)))
        return self._shelf[1]

    def chunks(self, paper_id: str) -> list[Chunk]:
        """A paper's chunks in text order. :raises LibraryError: when there is no such paper."""
        abstract = self.paper(paper_id).abstract
        stored = self._catalog.chunks_of(paper_id)
        return [Chunk(c.id, paper_id, c.start, c.end, abstract[c.start : c.end]) for c in stored]

    def get_chunks(self, ids: Iterable[int]) -> Mapping[int, Chunk]:
        """The chunks that exist among `ids`."""
        return self._catalog.chunks(ids)

    def places(self, chunk_ids: Iterable[int]) -> Mapping[int, Place]:
        """In which papers, and where, the chunks stand that exist among `chunk_ids`; reads no text."""
        return self._catalog.places(chunk_ids)

    def vectors(self, chunk_ids: Iterable[int]) -> Vectors:
        """Unit vectors, float32 (n, width), in the order of `chunk_ids`.

        :raises LibraryError: when a chunk does not exist.
        """
        wanted = [int(i) for i in chunk_ids]
        found = self._catalog.vectors(wanted)
        missing = [i for i in wanted if i not in found]
        if missing:
            raise LibraryError(
                f"no chunk {missing[0]} in {self.path}; it was removed meanwhile: search again"
            )
        if not wanted:
            return np.zeros((0, self._index.store.width), dtype=np.float32)
        return np.stack([found[i] for i in wanted])

    # -- search

    def allowed(self, chosen: Filter) -> Ids | None:
        """The chunk ids that pass a filter, ascending; None when it lets everything pass."""
        clauses: list[str] = []
        values: list[Any] = []
        if chosen.year_from is not None:
            clauses.append("year >= ?")
            values.append(chosen.year_from)
        if chosen.year_to is not None:
            clauses.append("year <= ?")
            values.append(chosen.year_to)
        if chosen.source is not None:
            clauses.append(_FROM_SOURCE)
            values += [chosen.source] * 3
        if chosen.ids is not None:
            clauses.append("id IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(chosen.ids))
        return self._catalog.chunk_ids(" AND ".join(clauses), values) if clauses else None

    def search_dense(self, vector: Vectors, k: int, allowed: Ids | None = None) -> Scored:
        """The k chunks nearest to a unit vector of shape (width,): (chunk id, cosine), best first."""
        index = self._index  # `refresh` may exchange it meanwhile
        if index.store.exact:
            return self._living(index, index.store.search(vector, k, allowed))
        rough = self._living(index, index.store.search(vector, _RESCORED * k, allowed))
        found = self._catalog.vectors(i for i, _ in rough)
        unit = np.asarray(vector, dtype=np.float32).ravel()
        scored = [(i, float(found[i] @ unit)) for i, _ in rough if i in found]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]

    def cosines(self, vector: Vectors, chunk_ids: Sequence[int]) -> list[float]:
        """The cosines of chunks to a unit vector of shape (width,), in the order of `chunk_ids`.

        :raises LibraryError: when a chunk does not exist.
        """
        index = self._index
        rows = index.store.rows(chunk_ids) if index.store.exact else None
        exact = (self.vectors(chunk_ids) if rows is None else rows) @ vector
        return np.asarray(exact, dtype=float).tolist()

    def search_lexical(self, text: str, k: int, allowed: Ids | None = None) -> Scored:
        """The k chunks that fit the words of `text` best: (chunk id, BM25), best first."""
        index = self._index
        return self._living(index, index.lexical.search(text, k, allowed))

    @property
    def chunk_count(self) -> int:
        """How many chunks are searched."""
        return len(self._index.store)

    def document_frequency(self, word: str) -> int:
        """In how many chunks a word stands, in title or text, in any form with its stem."""
        return self._index.lexical.frequency(word)

    def _living(self, index: SearchIndex, hits: Scored) -> Scored:
        """Hits without chunks that another process has removed since the index was made."""
        if not hits or self._catalog.txn() == index.txn:
            return hits
        query = "SELECT id FROM chunks WHERE id IN (?)"
        alive = {row[0] for row in self._catalog.rows_of(query, [i for i, _ in hits])}
        return [hit for hit in hits if hit[0] in alive]

    # -- state

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits that change if and only if the papers or the embedder do."""
        meta = self._catalog.meta()
        if self._fingerprint[0] != meta["edits"]:
            digest = hashlib.blake2b(meta["embedder"].encode(), digest_size=16)
            for paper_id, content in self._catalog.rows("SELECT id, content FROM papers ORDER BY id"):
                digest.update(paper_id.encode() + b"\0" + content)
            self._fingerprint = (meta["edits"], digest.hexdigest())
        return self._fingerprint[1]

    def info(self) -> LibraryInfo:
        """Counts, sizes and identities."""
        state = self._catalog.state()
        counts = "SELECT coalesce(sum(titled), 0), coalesce(sum(NOT abstracted), 0) FROM papers"
        titled, bare = self._catalog.rows(counts)[0]
        return LibraryInfo(
            path=str(self.path), papers=state.papers, titled=titled, untitled=state.papers - titled,
            without_abstract=bare, chunks=state.chunks, generation=self._index.generation,
            embedder=state.embedder.name, fingerprint=self.fingerprint, bytes=disk.tree_bytes(self.path),
        )  # fmt: skip

    def has_changed(self) -> bool:
        """Whether a search index was published since this one was opened (reads one small file)."""
        return generations.current(self.path) != self._seen

    def refresh(self) -> bool:
        """Take up what other processes have published; returns whether anything was newer."""
        if not self.has_changed() and self._catalog.txn() == self._index.txn:
            return False
        self._seen = generations.current(self.path)
        self._index = _usable_index(self._catalog, self._catalog.state())
        return True


def _usable_index(catalog: Catalog, state: CatalogState) -> SearchIndex:
    """The published index if it is intact and current, else a repaired one, else the best there is."""
    found = _published(catalog, state)
    if found is not None:
        return found
    log.warning(
        "the search index of %s is damaged or behind; it is made anew from the catalogue, nothing is lost",
        catalog.library,
    )
    try:
        with writer_lock(catalog.library):
            return publish.load(catalog.library, publish.publish(catalog))
    except (LibraryError, Damaged, OSError) as reason:
        log.warning("not repaired: %s", reason)
    return _second_best(catalog)


def _published(catalog: Catalog, state: CatalogState) -> SearchIndex | None:
    named = generations.current(catalog.library)
    if named is None:
        return None
    try:
        manifest = generations.verified(catalog.library, named)
        return publish.load(catalog.library, manifest) if publish.is_current(manifest, state) else None
    except Damaged as reason:
        log.info("search index: %s", reason)
        return None


def _second_best(catalog: Catalog) -> SearchIndex:
    """While another process writes, or on a disk that cannot be written."""
    state = catalog.state()
    manifest = publish.newest_intact(catalog.library, state)
    if manifest is not None:
        try:
            index = publish.load(catalog.library, manifest)
            log.warning("serving generation %d, which is behind the catalogue", manifest.generation)
            return index
        except Damaged as reason:
            log.warning("search index: %s", reason)
    log.warning("serving an index in memory")
    return publish.in_memory(catalog)


def mismatch(path: Path, made: EmbedderId, given: EmbedderId) -> str:
    """The message for a library of another embedder, naming both and the way out."""

    def name(embedder: EmbedderId) -> str:
        settings = f", {embedder.settings}" if embedder.settings else ""
        return f"{embedder.name} (revision {embedder.revision[:12]}, width {embedder.width}{settings})"

    return (
        f"{path} was made with the embedder {name(made)}, in use is {name(given)}; "
        f"run `ibid index rebuild -L {path}` to embed it anew, or choose the embedder it was made with"
    )
