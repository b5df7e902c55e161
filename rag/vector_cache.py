"""Sentence vectors kept on disk between runs, by what was embedded and how.

A cache: any fault empties it and costs time, never an answer. Keys are hashes of embedder and
text, so nothing in it is ever out of date and no text can be read back from it.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encoders import EmbedderId, Encoder, Progress, Vectors

log = logging.getLogger(__name__)

MOST = 200_000  # vectors; 150 MB at width 384


class CachingEncoder:
    """An encoder that looks its texts up before it computes them."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self._encoder = encoder
        self._path = path
        self._lock = threading.Lock()
        self._salt = repr(encoder.id).encode()

    @property
    def id(self) -> EmbedderId:
        """See `Encoder.id`."""
        return self._encoder.id

    def encode_query(self, text: str) -> Vectors:
        """See `Encoder.encode_query`; questions are not kept."""
        return self._encoder.encode_query(text)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See `Encoder.encode`."""
        keys = [hashlib.blake2b(self._salt + text.encode(), digest_size=16).digest() for text in texts]
        kept = self._read(keys)
        lacking = list({key: i for i, key in enumerate(keys) if key not in kept}.values())
        if lacking:
            fresh = self._encoder.encode([texts[i] for i in lacking], progress)
            made = {keys[i]: row for i, row in zip(lacking, fresh, strict=True)}
            self._write(made)
            kept |= made
        rows = [kept[key] for key in keys]
        return np.stack(rows) if rows else np.zeros((0, self.id.width), dtype=np.float32)

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        try:
            with self._lock, self._open() as database:
                for at in range(0, len(keys), 500):
                    part = keys[at : at + 500]
                    marks = ",".join("?" * len(part))
                    for key, blob in database.execute(
                        f"SELECT key, vector FROM kept WHERE key IN ({marks})", part
                    ):
                        row = np.frombuffer(blob, dtype=np.float16).astype(np.float32)
                        if row.shape == (self.id.width,) and np.isfinite(row).all():
                            found[key] = row
        except (sqlite3.Error, OSError, ValueError) as error:
            self._drop(error)
        return found

    def _write(self, made: dict[bytes, Vectors]) -> None:
        rows = [(key, row.astype(np.float16).tobytes()) for key, row in made.items()]
        try:
            with self._lock, self._open() as database:
                database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
                (count,) = database.execute("SELECT count(*) FROM kept").fetchone()
                if count > MOST:
                    database.execute(
                        "DELETE FROM kept WHERE rowid IN (SELECT rowid FROM kept ORDER BY rowid LIMIT ?)",
                        (count - MOST // 2,),
                    )
        except (sqlite3.Error, OSError) as error:
            self._drop(error)

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path, timeout=2)
        database.execute("PRAGMA journal_mode=TRUNCATE")
        database.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB UNIQUE, vector BLOB)")
        return database

    def _drop(self, error: Exception) -> None:
        log.info("the vector cache %s is unusable (%s) and is started anew", self._path, error)
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            self._path.unlink(missing_ok=True)
