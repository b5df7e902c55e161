"""One SQLite file of the user's own: readable by that user only, what is deleted is overwritten.

Every use is one transaction on a connection of its own, so that no thread keeps the file open and a
kill loses at most the change at hand.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IbidError


class PrivateFile:
    """The file, made where it is not there. Safe to use from several threads.

    :param what: how messages call it. :param error: raised when it cannot be made, read or written.
    """

    def __init__(self, path: Path, schema: str, what: str, error: type[IbidError]) -> None:
        self.path = path
        self._what = what
        self._error = error
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=True)
        except OSError as cause:
            raise error(f"The {what} {path} cannot be made: {cause.strerror}.") from cause
        with self.open() as db:
            db.executescript(schema)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        with self._lock:
            db = None
            try:
                db = sqlite3.connect(self.path, timeout=5.0)
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("PRAGMA secure_delete = ON")
                with db:
                    yield db
            except sqlite3.Error as cause:
                raise self._error(
                    f"The {self._what} {self.path} cannot be used ({cause}). "
                    "Move it away and a new one is made at the next start."
                ) from cause
            finally:
                if db is not None:
                    db.close()
