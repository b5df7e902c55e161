"""Changes to the catalogue, one transaction each: what is committed is what is acknowledged.

Chunk ids are never used twice. A chunk whose text stays is kept with its vector; one that goes
leaves a tombstone, so that an older search index can be brought up to date.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog
from index.errors import LibraryError
from index.records import content_hash, to_json
from index.types import Paper, Source


@dataclass(frozen=True, slots=True)
class Span:
    """A chunk to be: its offsets in the abstract and the hash of the text that is embedded."""

    start: int
    end: int
    hash: bytes


class Edit:
    """The changes of one transaction; made by `editing`."""

    def __init__(self, connection: sqlite3.Connection, txn: int) -> None:
        self._connection = connection
        self._txn = txn
        self.rechunked = False
        self.purged = False

    def put(
        self, paper: Paper, keys: Iterable[str], spans: Sequence[Span], vectors: Mapping[bytes, bytes]
    ) -> None:
        """Insert or replace a paper and bring its chunks to `spans`.

        :param vectors: float16 bytes by text hash, for every span that is not stored yet.
        """
        number = self._put_record(paper)
        self._put_keys(number, keys)
        self._put_sources(number, paper.sources)
        self._put_chunks(number, spans, vectors)

    def _put_sources(self, number: int, sources: Iterable[Source]) -> None:
        """Note where a paper was read, each place once."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO sources VALUES (?, ?, ?, ?)",
            [(number, s.path, s.line, s.format) for s in sources],
        )

    def _put_keys(self, number: int, keys: Iterable[str]) -> None:
        """Note by what a paper is recognised; keys of earlier versions stay."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO identities VALUES (?, ?)", [(key, number) for key in keys]
        )

    def _number(self, paper_id: str) -> int:
        """The row number of a paper that exists."""
        row = self._connection.execute("SELECT number FROM papers WHERE id = ?", (paper_id,)).fetchone()
        if row is None:
            raise LibraryError(f"no paper {paper_id!r}; `ibid index list` shows all ids")
        return int(row[0])

    def remove(self, paper_id: str) -> None:
        """Delete a paper with all that came from it."""
        number = self._number(paper_id)
        rows = self._connection.execute("SELECT id FROM chunks WHERE paper = ?", (number,)).fetchall()
        self._bury([row[0] for row in rows], purged=True)
        self._connection.execute("DELETE FROM papers WHERE number = ?", (number,))
        self.purged = True

    def _put_record(self, paper: Paper) -> int:
        record = to_json(paper)
        row = (paper.year, bool(paper.title), bool(paper.abstract.strip()), record, content_hash(record))
        self._connection.execute(
            "INSERT INTO papers(id, year, titled, abstracted, record, content) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT(id) DO UPDATE SET year = excluded.year, titled = excluded.titled,"
            " abstracted = excluded.abstracted, record = excluded.record, content = excluded.content",
            (paper.id, *row),
        )
        return self._number(paper.id)

    def _put_chunks(self, number: int, spans: Sequence[Span], vectors: Mapping[bytes, bytes]) -> None:
        query = "SELECT hash, id, vector FROM chunks WHERE paper = ?"
        stored = {row[0]: (row[1], row[2]) for row in self._connection.execute(query, (number,))}
        wanted = {span.hash: span for span in spans}
        gone = [chunk for key, (chunk, _) in stored.items() if key not in wanted]
        for key, span in wanted.items():
            if key in stored:  # same text: only its place may have moved
                self._connection.execute(
                    'UPDATE chunks SET start = ?, "end" = ? WHERE id = ?',
                    (span.start, span.end, stored[key][0]),
                )
            else:
                self._insert(number, span, vectors[key])
        self._bury(gone, purged=False)

    def _insert(self, number: int, span: Span, vector: bytes) -> None:
        self._connection.execute(
            'INSERT INTO chunks(paper, start, "end", hash, vector, crc, txn) VALUES (?, ?, ?, ?, ?, ?, ?)',
            (number, span.start, span.end, span.hash, vector, zlib.crc32(vector), self._txn),
        )
        self.rechunked = True

    def _bury(self, chunks: Sequence[int], *, purged: bool) -> None:
        rows = [(chunk, self._txn, purged) for chunk in chunks]
        self._connection.executemany("INSERT INTO tombstones VALUES (?, ?, ?)", rows)
        self._connection.executemany("DELETE FROM chunks WHERE id = ?", [(chunk,) for chunk in chunks])
        self.rechunked = self.rechunked or bool(rows)

    def set_meta(self, **values: str) -> None:
        """Change settings."""
        self._connection.executemany(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            list(values.items()),
        )

    def know(self, paper_id: str, keys: Iterable[str]) -> None:
        """Note more keys by which a paper is recognised."""
        self._put_keys(self._number(paper_id), keys)
        self._make_judgements()

    def judge(self, a: str, b: str) -> None:
        """Note that two papers are two works, whatever they share."""
        self._make_judgements()
        self._connection.execute("INSERT OR IGNORE INTO judgements VALUES (?, ?)", tuple(sorted((a, b))))

    def _make_judgements(self) -> None:
        """The table is made when it is first needed: older libraries lack it, older versions pass it over."""
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS judgements("
            "a TEXT NOT NULL, b TEXT NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID"
        )

    def replace_chunks(self, paper_id: str, spans: Sequence[Span], vectors: Mapping[bytes, bytes]) -> None:
        """Give a paper new chunks under new ids, whatever is stored (another embedder made it)."""
        number = self._number(paper_id)
        rows = self._connection.execute("SELECT id FROM chunks WHERE paper = ?", (number,)).fetchall()
        self._bury([row[0] for row in rows], purged=False)
        for span in {span.hash: span for span in spans}.values():
            self._insert(number, span, vectors[span.hash])

    def forget_stage(self) -> None:
        """Drop the vectors that a re-embedding has collected."""
        self._connection.execute("DELETE FROM staged")
        self._connection.execute("DELETE FROM meta WHERE key = 'staged'")


@contextmanager
def editing(catalog: Catalog) -> Iterator[Edit]:
    """One transaction of changes; committed and durable when the block ends without an exception."""
    with catalog.transaction() as connection:
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        edit = Edit(connection, int(meta["txn"]) + 1)
        yield edit
        edit.set_meta(edits=str(int(meta["edits"]) + 1))
        if edit.rechunked or edit.purged:
            edit.set_meta(txn=str(int(meta["txn"]) + 1))
        if edit.purged:
            edit.set_meta(purged=str(int(meta["txn"]) + 1))


def encode_vectors(vectors: NDArray[np.float32], width: int) -> list[bytes]:
    """Unit rows as float16 bytes. :raises LibraryError: for another width, NaN, Inf or a zero row."""
    rows = np.asarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or rows.shape[1] != width:
        got = rows.shape[1] if rows.ndim == 2 else rows.shape
        raise LibraryError(f"the embedder gave vectors of width {got}, the library holds width {width}")
    norms = np.linalg.norm(rows, axis=1)
    if not (np.isfinite(norms) & (norms > 0)).all():
        raise LibraryError(f"the embedder gave a vector of length {norms[~(norms > 0)][:1]} (width {width})")
    return [row.tobytes() for row in (rows / norms[:, None]).astype("<f2")]
