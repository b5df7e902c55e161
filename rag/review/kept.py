"""Reviews in the making, kept on this computer in one SQLite file beside the conversations.

For one user, readable by that user only; what is deleted is overwritten in the file (`secure_delete`).
Every change is one transaction, so that a kill loses at most the change at hand.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from index.cleaning import shortened
from index.errors import IbidError
from rag.private_file import PrivateFile
from rag.review.work import Work, from_json, to_json

TITLE_LENGTH = 80
_SCHEMA = """
CREATE TABLE IF NOT EXISTS review (
    id TEXT PRIMARY KEY, library TEXT NOT NULL, title TEXT NOT NULL, updated REAL NOT NULL,
    work TEXT NOT NULL);
"""


class KeptError(IbidError):
    """The file of reviews cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the list of reviews; `updated` is in seconds since the epoch."""

    id: str
    title: str
    updated: float


class KeptReviews:
    """The reviews of one library; safe to call from several threads."""

    def __init__(self, path: Path, library: Path) -> None:
        self.path = path
        self._library = str(library.absolute())
        self._file = PrivateFile(path, _SCHEMA, "file of reviews", KeptError)

    def put(self, work: Work) -> None:
        """Keep a review as it is now, in place of what it was."""
        title = shortened(work.wanted.topic, TITLE_LENGTH)
        with self._file.open() as db:
            db.execute(
                "INSERT OR REPLACE INTO review VALUES (?, ?, ?, ?, ?)",
                (work.id, self._library, title, time.time(), to_json(work)),
            )

    def get(self, work_id: str | None) -> Work | None:
        """A review by its id; None when it is gone or no longer parses."""
        with self._file.open() as db:
            row = db.execute(
                "SELECT work FROM review WHERE id = ? AND library = ?", (work_id, self._library)
            ).fetchone()
        try:
            return from_json(row[0]) if row else None
        except (ValueError, KeyError, TypeError):
            return None

    def latest(self) -> Work | None:
        """The review that was worked on last."""
        listed = self.entries()
        return self.get(listed[0].id) if listed else None

    def entries(self) -> list[Entry]:
        """All reviews of the library, the latest first."""
        with self._file.open() as db:
            rows = db.execute(
                "SELECT id, title, updated FROM review WHERE library = ? ORDER BY updated DESC, rowid DESC",
                (self._library,),
            ).fetchall()
        return [Entry(*row) for row in rows]

    def delete(self, work_id: str) -> None:
        """Delete one review; one that is gone already is no error."""
        with self._file.open() as db:
            db.execute("DELETE FROM review WHERE id = ?", (work_id,))
