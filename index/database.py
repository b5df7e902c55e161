"""The SQLite file of a catalogue: how it is opened, its tables, its transactions, its errors.

The journal is TRUNCATE with full sync and no memory map: the write-ahead log of the SQLite
versions that Python ships can lose data when two processes write. Deleted text is overwritten
(`secure_delete`).
"""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from index.encoders import EmbedderId
from index.errors import LibraryError

CATALOG_FILE = "catalog.sqlite"
SCHEMA_VERSION = 1
PAGE = 500  # rows or parameters a query
_CHECK_LIMIT = 64 << 20  # larger files are checked by `verify` only: 1 s a 0.5 GB
_BUSY_S = 30.0

_HAS_TABLES = "SELECT 1 FROM sqlite_master WHERE name = 'meta'"
_SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE papers(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, year INTEGER, titled INTEGER NOT NULL,
  abstracted INTEGER NOT NULL, record TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE identities(
  key TEXT NOT NULL, paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
  PRIMARY KEY(key, paper)) WITHOUT ROWID;
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


class Database:
    """An open catalogue file. One connection under a lock: safe from several threads."""

    def __init__(self, library: Path, connection: sqlite3.Connection) -> None:
        self.library = library
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, library: Path) -> Self:
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
    def create(cls, library: Path, embedder: EmbedderId, chunker: str) -> Self:
        """Open the catalogue, making its tables first if they are not there yet."""
        catalog = cls(library, _connect(library / CATALOG_FILE))
        with catalog.transaction() as connection:
            if not connection.execute(_HAS_TABLES).fetchall():
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
                meta: dict[str, object] = {"schema": SCHEMA_VERSION, "txn": 0, "edits": 0, "purged": 0}
                meta |= {"library": uuid.uuid4().hex}
                meta |= {"embedder": json.dumps(embedder.to_dict()), "chunker": chunker}
                connection.executemany(
                    "INSERT INTO meta VALUES (?, ?)", [(k, str(v)) for k, v in meta.items()]
                )
        return catalog

    @classmethod
    def has_tables(cls, library: Path) -> bool:
        """Whether a catalogue file is more than the empty file that an interrupted creation leaves."""
        connection = _connect(library / CATALOG_FILE)
        catalog = cls(library, connection)
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

    def compact(self) -> None:
        """Write the file anew. `secure_delete` alone misses copies that SQLite left when it moved
        rows between pages: 2 of 1000 deleted abstracts could still be read in the raw file.
        """
        self.rows("VACUUM")

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self.reading() as connection:
            return connection.execute(query, values).fetchall()

    def rows_of(self, query: str, keys: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """All rows of a query whose `(?)` stands for a list of any length, asked page by page."""
        wanted = list(keys)
        for at in range(0, len(wanted), PAGE):
            page = wanted[at : at + PAGE]
            yield from self.rows(query.replace("(?)", f"({','.join('?' * len(page))})"), page)

    def meta(self) -> dict[str, str]:
        """All settings and counters."""
        return dict(self.rows("SELECT key, value FROM meta"))


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
