"""The catalogue: the SQLite file that is the one source of truth of a library.

It holds papers, where each was read, chunks with their vectors, and enough history (transaction
numbers, tombstones) to bring an older search index up to date. Everything else in a library can
be made again from it. The journal is TRUNCATE with full sync and no memory map: the write-ahead
log of the SQLite versions that Python ships can lose data when two processes write. Deleted
text is overwritten (`secure_delete`). Writing is in `index.edits`.
"""

from __future__ import annotations

import difflib
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.encoders import EmbedderId
from index.errors import LibraryError
from index.records import from_json
from index.stores import Ids, Vectors, unit_rows
from index.types import Chunk, Paper, Source

CATALOG_FILE = "catalog.sqlite"
SCHEMA_VERSION = 1
_PAGE = 500  # rows or parameters a query
_CHECK_LIMIT = 64 << 20  # larger files are checked by `verify` only: 1 s a 0.5 GB
_BUSY_S = 30.0

_HAS_TABLES = "SELECT 1 FROM sqlite_master WHERE name = 'meta'"
_SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE papers(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, year INTEGER, titled INTEGER NOT NULL,
  abstracted INTEGER NOT NULL, record TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE identities(
  key TEXT PRIMARY KEY, paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE) WITHOUT ROWID;
CREATE INDEX identities_paper ON identities(paper);
CREATE TABLE sources(
  paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  path TEXT NOT NULL, line INTEGER NOT NULL, format TEXT NOT NULL, UNIQUE(paper, path, line));
CREATE TABLE chunks(
  id INTEGER PRIMARY KEY AUTOINCREMENT, paper INTEGER NOT NULL REFERENCES papers,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, hash BLOB NOT NULL,
  vector BLOB NOT NULL, crc INTEGER NOT NULL, txn INTEGER NOT NULL);
CREATE INDEX chunks_paper ON chunks(paper);
CREATE INDEX chunks_txn ON chunks(txn);
CREATE TABLE tombstones(chunk INTEGER PRIMARY KEY, txn INTEGER NOT NULL, purged INTEGER NOT NULL);
CREATE INDEX tombstones_txn ON tombstones(txn);
CREATE TABLE staged(hash BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class CatalogState:
    """What a search index must agree with.

    `txn` counts the commits that changed chunks, `edits` all commits; `purged` is the last
    commit that removed a paper: no index older than it may be kept.
    """

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


class Catalog:
    """An open catalogue. One connection under a lock: safe from several threads."""

    def __init__(self, library: Path, connection: sqlite3.Connection) -> None:
        self.library = library
        self._connection = connection
        self._lock = threading.RLock()

    # -- opening

    @classmethod
    def open(cls, library: Path) -> Catalog:
        """Open the catalogue of an existing library.

        :raises LibraryError: when there is none, it is damaged, or it is of another schema.
        """
        path = library / CATALOG_FILE
        if not path.is_file():
            raise LibraryError(_absent(library))
        catalog = cls(library, _connect(path))
        try:
            catalog._check(path)
        except BaseException:
            catalog.close()
            raise
        return catalog

    @classmethod
    def create(cls, library: Path, embedder: EmbedderId, chunker: str) -> Catalog:
        """Open the catalogue, making its tables first if they are not there yet."""
        catalog = cls(library, _connect(library / CATALOG_FILE))
        with catalog.transaction() as connection:
            if not connection.execute(_HAS_TABLES).fetchall():
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
                meta: dict[str, object] = {"schema": SCHEMA_VERSION, "txn": 0, "edits": 0, "purged": 0}
                meta |= {"embedder": json.dumps(embedder.to_dict()), "chunker": chunker}
                connection.executemany(
                    "INSERT INTO meta VALUES (?, ?)", [(k, str(v)) for k, v in meta.items()]
                )
        return catalog

    @staticmethod
    def has_tables(library: Path) -> bool:
        """Whether a catalogue file is more than the empty file that an interrupted creation leaves."""
        connection = _connect(library / CATALOG_FILE)
        catalog = Catalog(library, connection)
        try:
            return bool(catalog.rows(_HAS_TABLES))
        finally:
            catalog.close()

    def _check(self, path: Path) -> None:
        with self.reading() as connection:
            if not connection.execute(_HAS_TABLES).fetchall():
                raise LibraryError(_absent(self.library))
            schema = int(self.meta()["schema"])
            if schema != SCHEMA_VERSION:
                raise LibraryError(
                    f"{self.library} has library schema {schema}, this Ibid reads {SCHEMA_VERSION}; "
                    "use the Ibid that made it, or index the papers anew into another folder"
                )
            if path.stat().st_size <= _CHECK_LIMIT:
                answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                if answer != "ok":
                    raise damaged(self.library, answer)

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        self._connection.close()

    # -- access

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for reads that fetch all they ask for. SQLite's errors become ours."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise _translated(self.library, error) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: committed at the end, undone by any exception."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self.reading() as connection:
            return connection.execute(query, values).fetchall()

    def rows_of(self, query: str, keys: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """All rows of a query whose `(?)` stands for a list of any length, asked page by page."""
        wanted = list(keys)
        for at in range(0, len(wanted), _PAGE):
            page = wanted[at : at + _PAGE]
            yield from self.rows(query.replace("(?)", f"({','.join('?' * len(page))})"), page)

    def meta(self) -> dict[str, str]:
        """All settings and counters."""
        return dict(self.rows("SELECT key, value FROM meta"))

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
            int(meta["txn"]), int(meta["edits"]), int(meta["purged"]), papers, chunks,
            EmbedderId(**json.loads(meta["embedder"])), meta["chunker"],
        )  # fmt: skip

    def txn(self) -> int:
        """The number of the last commit that changed chunks."""
        return int(self.rows("SELECT value FROM meta WHERE key = 'txn'")[0][0])

    # -- papers

    def papers(self, year_from: int | None = None, year_to: int | None = None) -> Iterator[Paper]:
        """Papers in the order they were added; with a year given, those of known year in range."""
        last = -1
        while True:
            page = self.rows(
                "SELECT number, record FROM papers WHERE number > ?"
                " AND (? IS NULL OR year >= ?) AND (? IS NULL OR year <= ?) ORDER BY number LIMIT ?",
                (last, year_from, year_from, year_to, year_to, _PAGE),
            )
            if not page:
                return
            yield from self._with_sources(page)
            last = page[-1][0]

    def papers_by_id(self, ids: Iterable[str]) -> dict[str, Paper]:
        """The papers that exist among `ids`."""
        rows = list(self.rows_of("SELECT number, record FROM papers WHERE id IN (?)", ids))
        return {paper.id: paper for paper in self._with_sources(rows)}

    def paper(self, paper_id: str) -> Paper:
        """One paper. :raises LibraryError: naming the nearest ids when there is none."""
        found = self.papers_by_id([paper_id])
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

    def owners(self, keys: Iterable[str]) -> dict[str, str]:
        """For each identity key that is known, the id of the paper that owns it."""
        query = "SELECT key, id FROM identities JOIN papers ON number = paper WHERE key IN (?)"
        return dict(self.rows_of(query, keys))  # type: ignore[arg-type]

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
    for chunk, blob, crc in rows:
        if zlib.crc32(blob) != crc:
            raise damaged(library, f"the vector of chunk {chunk} has changed")
    try:
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f2").reshape(len(rows), -1)
    except ValueError as error:
        raise damaged(library, "vectors of different widths") from error
    return unit_rows(matrix.astype(np.float32))


def damaged(library: Path, why: str) -> LibraryError:
    """The error for a catalogue that cannot be trusted."""
    return LibraryError(
        f"{library / CATALOG_FILE} is damaged ({why}); restore it from a backup, or move the folder away "
        "and index the papers again with `ibid index add`"
    )


def _absent(library: Path) -> str:
    what = "is no library" if library.exists() else "does not exist"
    return f"{library} {what}; make one with `ibid index add PATH -L {library}`"


def _translated(library: Path, error: sqlite3.Error) -> LibraryError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return LibraryError(f"{library} is busy: another process has held it for {_BUSY_S:.0f} s; try again")
    if isinstance(error, sqlite3.OperationalError):  # disk full, read-only, no permission
        return LibraryError(f"{library / CATALOG_FILE}: {text}; free space or permissions, then try again")
    return damaged(library, text)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        for setting in (
            "journal_mode=TRUNCATE", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON",
            "mmap_size=0", "trusted_schema=OFF",
        ):  # fmt: skip
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error as error:
        raise _translated(path.parent, error) from error
    return connection
