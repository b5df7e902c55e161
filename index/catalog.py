"""The catalogue: the SQLite file that is the one source of truth of a library, read.

It holds papers, where each was read, chunks with their vectors, and enough history (transaction
numbers, tombstones) to bring an older search index up to date. Everything else in a library can
be made again from it. `index.database` opens the file, `index.edits` writes to it.
"""

from __future__ import annotations

import difflib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.database import PAGE, Database, damaged
from index.encoders import EmbedderId
from index.errors import LibraryError
from index.records import from_json
from index.stores import Ids, Vectors, unit_rows
from index.types import Chunk, Paper, Source

_SHARING = 200  # papers that one generic title may nominate as the same


@dataclass(frozen=True, slots=True)
class CatalogState:
    """What a search index must agree with.

    `txn` counts the commits that changed chunks, `edits` all commits; `purged` is the last
    commit that removed a paper: no index older than it may be kept. `library` is a random name
    given at creation: an index of another library never passes for this one's.
    """

    library: str
    txn: int
    edits: int
    purged: int
    papers: int
    chunks: int
    embedder: EmbedderId
    chunker: str


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk's row without its text and vector: offsets, hash of the embedded text, vector CRC."""

    id: int
    start: int
    end: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chunk stands: the id of its paper and offsets in the abstract."""

    paper_id: str
    start: int
    end: int


class Catalog(Database):
    """Queries over an open catalogue."""

    def state(self) -> CatalogState:
        """Counters, counts and identities, all of one moment."""
        counts = "SELECT (SELECT count(*) FROM papers), (SELECT count(*) FROM chunks)"
        with self.reading() as connection:
            connection.execute("BEGIN")
            try:
                meta = dict(connection.execute("SELECT key, value FROM meta"))
                papers, chunks = connection.execute(counts).fetchone()
            finally:
                connection.execute("COMMIT")
        return CatalogState(
            meta["library"],
            int(meta["txn"]), int(meta["edits"]), int(meta["purged"]), papers, chunks,
            EmbedderId(**json.loads(meta["embedder"])), meta["chunker"],
        )  # fmt: skip

    def txn(self) -> int:
        """The number of the last commit that changed chunks."""
        return int(self.rows("SELECT value FROM meta WHERE key = 'txn'")[0][0])

    # -- papers

    def papers(self, year_from: int | None = None, year_to: int | None = None) -> Iterator[Paper]:
        """Papers in the order they were added; with a year given, those of known year in range."""
        return (paper for _, paper in self.numbered_papers(year_from, year_to))

    def numbered_papers(
        self, year_from: int | None = None, year_to: int | None = None
    ) -> Iterator[tuple[int, Paper]]:
        """The same, each with the number of its row."""
        last = -1
        while True:
            page = self.rows(
                "SELECT number, record FROM papers WHERE number > ?"
                " AND (? IS NULL OR year >= ?) AND (? IS NULL OR year <= ?) ORDER BY number LIMIT ?",
                (last, year_from, year_from, year_to, year_to, PAGE),
            )
            if not page:
                return
            yield from zip((number for number, _ in page), self._with_sources(page), strict=True)
            last = page[-1][0]

    def papers_by_id(self, ids: Iterable[str]) -> dict[str, Paper]:
        """The papers that exist among `ids`."""
        rows = list(self.rows_of("SELECT number, record FROM papers WHERE id IN (?)", ids))
        return {paper.id: paper for paper in self._with_sources(rows)}

    def paper(self, paper_id: str) -> Paper:
        """One paper. :raises LibraryError: naming the nearest ids when there is none."""
        found = self.papers_by_id([paper_id])
        if not found and (merged := self.sharing([paper_id.lower()])):  # "doi:…" of another version of it
            return merged[0]
        if not found:
            known = [row[0] for row in self.rows("SELECT id FROM papers")]
            near = difflib.get_close_matches(paper_id, known, n=3, cutoff=0.4)
            hint = f"; nearest: {', '.join(near)}" if near else "; `ibid index list` shows all ids"
            raise LibraryError(f"no paper {paper_id!r} in {self.library}{hint}")
        return found[paper_id]

    def _with_sources(self, rows: Sequence[tuple[int, str]]) -> list[Paper]:
        sources: dict[int, list[Source]] = {}
        query = "SELECT paper, path, line, format FROM sources WHERE paper IN (?) ORDER BY rowid"
        for number, *fields in self.rows_of(query, [row[0] for row in rows]):
            sources.setdefault(number, []).append(Source(*fields))
        return [from_json(record, sources.get(number, ())) for number, record in rows]

    def sharing(self, keys: Sequence[str]) -> list[Paper]:
        """Papers that carry any of some identity keys; `id:X` also means the paper whose id is X."""
        ids = [key.removeprefix("id:") for key in keys if key.startswith("id:")]
        query = "SELECT DISTINCT paper FROM identities WHERE key IN (?)"
        numbers = {row[0] for row in self.rows_of(query, keys)}
        numbers |= {row[0] for row in self.rows_of("SELECT number FROM papers WHERE id IN (?)", ids)}
        chosen = sorted(numbers)[:_SHARING]
        return self._with_sources(
            list(
                self.rows_of("SELECT number, record FROM papers WHERE number IN (?) ORDER BY number", chosen)
            )
        )

    def papers_by_number(self, numbers: Iterable[int]) -> dict[int, Paper]:
        """Papers by the number of their row."""
        rows = list(self.rows_of("SELECT number, record FROM papers WHERE number IN (?)", numbers))
        return {row[0]: paper for row, paper in zip(rows, self._with_sources(rows), strict=True)}

    def judged_pairs(self) -> frozenset[frozenset[str]] | None:
        """Pairs of ids that a person has told apart; None where no pair was ever decided."""
        if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'judgements'"):
            return None
        return frozenset(frozenset(row) for row in self.rows("SELECT a, b FROM judgements"))

    # -- chunks

    def chunks_of(self, paper_id: str) -> list[StoredChunk]:
        """A paper's chunks in text order."""
        query = (
            'SELECT chunks.id, start, "end", hash FROM chunks JOIN papers ON number = paper'
            " WHERE papers.id = ? ORDER BY start, chunks.id"
        )
        return [StoredChunk(*row) for row in self.rows(query, (paper_id,))]

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """The chunks that exist among `ids`, with their text."""
        query = (
            'SELECT chunks.id, papers.id, start, "end", record FROM chunks'
            " JOIN papers ON number = paper WHERE chunks.id IN (?)"
        )
        found: dict[int, Chunk] = {}
        abstracts: dict[str, str] = {}
        for chunk, paper_id, start, end, record in self.rows_of(query, [int(i) for i in ids]):
            if paper_id not in abstracts:
                abstracts[paper_id] = json.loads(record)["abstract"]
            found[chunk] = Chunk(chunk, paper_id, start, end, abstracts[paper_id][start:end])
        return found

    def places(self, ids: Iterable[int]) -> dict[int, Place]:
        """Where the chunks stand that exist among `ids`."""
        query = (
            'SELECT chunks.id, papers.id, start, "end" FROM chunks'
            " JOIN papers ON number = paper WHERE chunks.id IN (?)"
        )
        return {row[0]: Place(*row[1:]) for row in self.rows_of(query, ids)}

    def chunk_ids(self, where: str = "", values: Sequence[Any] = ()) -> Ids:
        """Ids of the chunks whose paper meets a condition on `papers` (all without one), ascending."""
        query = "SELECT id FROM chunks ORDER BY id"
        if where:
            query = (
                f"SELECT id FROM chunks WHERE paper IN (SELECT number FROM papers WHERE {where}) ORDER BY id"
            )
        return np.array([row[0] for row in self.rows(query, values)], dtype=np.int64)

    def vectors(self, ids: Iterable[int]) -> Mapping[int, Vectors]:
        """Unit vectors of shape (width,) of the chunks that exist among `ids`."""
        rows = list(self.rows_of("SELECT id, vector, crc FROM chunks WHERE id IN (?)", [int(i) for i in ids]))
        if not rows:
            return {}
        return dict(zip([r[0] for r in rows], decode_vectors(self.library, rows), strict=True))

    def changes_since(self, txn: int) -> tuple[Ids, Ids, bool]:
        """Chunk ids added and removed after a commit, and whether a paper's text was deleted."""
        added = self.rows("SELECT id FROM chunks WHERE txn > ? ORDER BY id", (txn,))
        gone = self.rows("SELECT chunk, purged FROM tombstones WHERE txn > ? ORDER BY chunk", (txn,))
        return (
            np.array([row[0] for row in added], dtype=np.int64),
            np.array([row[0] for row in gone], dtype=np.int64),
            any(row[1] for row in gone),
        )


def decode_vectors(library: Path, rows: Sequence[tuple[int, bytes, int]]) -> Vectors:
    """Rows (id, float16 bytes, CRC) as unit float32 (n, width). :raises LibraryError: on damage."""
    return unit_rows(stored_vectors(library, rows))


def stored_vectors(library: Path, rows: Sequence[tuple[int, bytes, int]]) -> Vectors:
    """The same as they are stored: of unit length within what float16 rounds."""
    for chunk, blob, crc in rows:
        if zlib.crc32(blob) != crc:
            raise damaged(library, f"the vector of chunk {chunk} has changed")
    try:
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f2").reshape(len(rows), -1)
    except ValueError as error:
        raise damaged(library, "vectors of different widths") from error
    return matrix.astype(np.float32)
