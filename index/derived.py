"""What was derived from papers, kept beside the library so that it is computed once: a cache.

Values are bytes under a key that hashes all they were made from, so none is ever out of date. Vectors
give their text away: each value belongs to a paper as the catalogue holds it, is written only while
the paper is there, and goes with it (`sweep`). Any fault costs time, never an answer.
"""

from __future__ import annotations

import logging
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.database import CATALOG_FILE, PAGE
from index.records import content_hash, to_json
from index.types import Paper

log = logging.getLogger(__name__)

DERIVED_FILE = "derived.sqlite"
MOST_BYTES = 384 << 20  # of the file; about 2,500 papers with the vectors of their tokens
_WAIT_S = 2.0
_SETTINGS = (
    "page_size=16384",  # values are long
    "journal_mode=TRUNCATE",
    "synchronous=OFF",  # what a loss of power may damage is made again
    "secure_delete=ON",
    "mmap_size=0",
    "trusted_schema=OFF",
)
_TABLE = (
    "CREATE TABLE IF NOT EXISTS kept(key BLOB UNIQUE NOT NULL, paper INTEGER NOT NULL,"
    " content BLOB NOT NULL, value BLOB NOT NULL, crc INTEGER NOT NULL)"
)
_PUT = (
    "INSERT OR REPLACE INTO kept SELECT ?, number, content, ?, ? FROM catalog.papers"
    " WHERE id = ? AND content = ?"
)
_DROP_GONE = (
    "DELETE FROM kept WHERE NOT EXISTS"
    " (SELECT 1 FROM catalog.papers p WHERE p.number = kept.paper AND p.content = kept.content)"
)
_DROP_OLDEST = (
    "DELETE FROM kept WHERE rowid IN"
    " (SELECT rowid FROM kept ORDER BY rowid LIMIT (SELECT max(1, count(*) / 4) FROM kept))"
)


@dataclass(frozen=True, slots=True)
class Derived:
    """A value made from a paper: `key` names all that went into it, 16 bytes of a hash."""

    paper: Paper
    key: bytes
    value: bytes


class DerivedCache:
    """The cache of one library. Safe to use from several threads and processes.

    :param most: bytes of the file; what was written first is dropped beyond it.
    """

    def __init__(self, library: Path, most: int = MOST_BYTES) -> None:
        self._library = library
        self._path = library / DERIVED_FILE
        self._most = most

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values that are there and whole, by key."""
        found: dict[bytes, bytes] = {}

        def read(database: sqlite3.Connection) -> None:
            for at in range(0, len(keys), PAGE):
                page = keys[at : at + PAGE]
                marks = ",".join("?" * len(page))
                rows = database.execute(f"SELECT key, value, crc FROM kept WHERE key IN ({marks})", page)
                found.update((key, value) for key, value, crc in rows if zlib.crc32(value) == crc)

        if self._path.is_file():
            self._run(read)
        return found

    def put(self, made: Sequence[Derived]) -> None:
        """Keep values, each if its paper is still in the library as it was when the value was made."""
        rows = [
            (m.key, m.value, zlib.crc32(m.value), m.paper.id, content_hash(to_json(m.paper))) for m in made
        ]

        def write(database: sqlite3.Connection) -> None:
            database.execute(
                "BEGIN IMMEDIATE"
            )  # sees one state of the catalogue; what is removed later is swept
            database.execute(_TABLE)
            database.executemany(_PUT, rows)
            database.execute("COMMIT")
            if _bytes(database) > self._most:
                database.execute(_DROP_OLDEST)

        if rows:
            self._run(write)

    def sweep(self) -> None:
        """Drop every value of a paper that was removed or has changed, without a trace in the file.

        Called after the catalogue has changed; a file that cannot be cleaned is deleted whole.
        """

        def clean(database: sqlite3.Connection) -> None:
            database.execute("BEGIN IMMEDIATE")
            database.execute(_TABLE)
            gone = database.execute(_DROP_GONE).rowcount
            database.execute("COMMIT")
            if gone:
                database.execute("VACUUM")  # secure_delete leaves copies of rows that had been moved

        if self._path.is_file() and not self._run(clean):
            self._delete()

    def _run(self, work: Callable[[sqlite3.Connection], None]) -> bool:
        """Do work on the file, with the catalogue beside it, read only; returns whether it succeeded."""
        try:
            with closing(
                sqlite3.connect(self._path, timeout=_WAIT_S, isolation_level=None, uri=True)
            ) as database:
                for setting in _SETTINGS:
                    database.execute(f"PRAGMA {setting}")
                catalog = (self._library / CATALOG_FILE).absolute().as_uri()
                database.execute("ATTACH DATABASE ? AS catalog", (f"{catalog}?mode=ro",))
                work(database)
            return True
        except (sqlite3.Error, OSError) as error:
            log.info("the cache %s is of no use now (%s)", self._path, error)
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                self._delete()  # it is damaged
            return False

    def _delete(self) -> None:
        for path in (self._path, self._path.with_name(f"{DERIVED_FILE}-journal")):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                log.warning("%s cannot be deleted (%s); delete it by hand", path, error)


def _bytes(database: sqlite3.Connection) -> int:
    """Of the file, less what is free in it."""
    names = ("page_count", "freelist_count", "page_size")
    pages, free, size = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    return int((pages - free) * size)
