"""Conversations kept on this computer: questions and whole answers, in one SQLite file.

For one user, in the user's data folder, readable by that user only. It can be switched off, and
what is deleted is overwritten in the file (`secure_delete`). Question text goes nowhere else: no
log, no error message. An answer is stored whole, abstracts included, so that a conversation
opens as it was even when its papers have left the library.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.cleaning import shortened
from index.errors import IbidError, UsageError
from index.types import Paper, Scores, Source
from rag.config import data_folder
from rag.private_file import PrivateFile
from rag.types import (
    Answer,
    AnswerTable,
    Origin,
    Reference,
    Statement,
    Status,
    TableCell,
    TableRow,
    Verdict,
)

TITLE_LENGTH = 80
_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL);
CREATE TABLE IF NOT EXISTS turn (
    conversation_id TEXT NOT NULL REFERENCES conversation(id) ON DELETE CASCADE,
    number INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, created REAL NOT NULL,
    PRIMARY KEY (conversation_id, number));
"""


class HistoryError(IbidError):
    """The history file cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A row of the list of conversations; times are seconds since the epoch, `turns` a count."""

    id: str
    title: str
    created: float
    updated: float
    turns: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation and its answer."""

    question: str
    answer: Answer


def default_path() -> Path:
    """Where the history lies unless told otherwise: the user's data folder."""
    return data_folder() / "history.sqlite3"


class History:
    """The conversations of one user; safe to call from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = PrivateFile(path, _SCHEMA, "history file", HistoryError)

    @property
    def enabled(self) -> bool:
        """Whether new turns are kept (they are, until switched off)."""
        with self._file.open() as db:
            row = db.execute("SELECT value FROM setting WHERE name = 'enabled'").fetchone()
        return row is None or row[0] == "1"

    def set_enabled(self, enabled: bool) -> None:
        """Switch the keeping of new turns on or off; what is kept already stays."""
        with self._file.open() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES ('enabled', ?)", ("1" if enabled else "0",))

    def add_turn(
        self, conversation_id: str | None, question: str, answer: Answer, *, replace_last: bool = False
    ) -> str | None:
        """Keep a turn and return its conversation's id.

        A conversation that is None or no longer exists is begun anew, titled by its first
        question. `replace_last` is for a question asked again: its turn takes the place of the
        last one. Returns None, and keeps nothing, while the history is switched off.
        """
        if not self.enabled:
            return None
        now = time.time()
        with self._file.open() as db:
            known = db.execute("SELECT 1 FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
            if conversation_id is None or known is None:
                conversation_id = secrets.token_hex(8)
                db.execute(
                    "INSERT INTO conversation VALUES (?, ?, ?, ?)",
                    (conversation_id, shortened(question, TITLE_LENGTH), now, now),
                )
            if replace_last:
                db.execute(
                    "DELETE FROM turn WHERE conversation_id = ?1 AND question = ?2 AND number ="
                    " (SELECT MAX(number) FROM turn WHERE conversation_id = ?1)",
                    (conversation_id, question),
                )
            db.execute(
                "INSERT INTO turn SELECT ?, 1 + COALESCE(MAX(number), 0), ?, ?, ? FROM turn"
                " WHERE conversation_id = ?",
                (conversation_id, question, answer_to_json(answer), now, conversation_id),
            )
            db.execute("UPDATE conversation SET updated = ? WHERE id = ?", (now, conversation_id))
        return conversation_id

    def conversations(self) -> list[Conversation]:
        """All conversations, the latest first."""
        with self._file.open() as db:
            rows = db.execute(
                "SELECT c.id, c.title, c.created, c.updated, COUNT(t.number) FROM conversation c"
                " LEFT JOIN turn t ON t.conversation_id = c.id GROUP BY c.id"
                " ORDER BY c.updated DESC, c.rowid DESC"
            ).fetchall()
        return [Conversation(*row) for row in rows]

    def turns(self, conversation_id: str) -> list[Turn]:
        """The turns of a conversation in order; a turn that no longer parses is left out."""
        with self._file.open() as db:
            rows = db.execute(
                "SELECT question, answer FROM turn WHERE conversation_id = ? ORDER BY number",
                (conversation_id,),
            ).fetchall()
        found = []
        for question, text in rows:
            try:
                found.append(Turn(question, answer_from_json(text)))
            except (ValueError, KeyError, TypeError):
                continue
        return found

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title.

        :raises UsageError: the title is empty, or there is no such conversation.
        """
        if not title.strip():
            raise UsageError("A conversation needs a title: type one and rename again.")
        with self._file.open() as db:
            done = db.execute(
                "UPDATE conversation SET title = ? WHERE id = ?",
                (shortened(title, TITLE_LENGTH), conversation_id),
            ).rowcount
        if not done:
            raise UsageError("That conversation is no longer in the history: reload the list.")

    def delete(self, conversation_id: str) -> None:
        """Delete one conversation and its turns; one that is gone already is no error."""
        with self._file.open() as db:
            db.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))

    def delete_all(self) -> None:
        """Delete every conversation; the setting stays."""
        with self._file.open() as db:
            db.execute("DELETE FROM conversation")


def answer_to_json(answer: Answer) -> str:
    """The whole answer, papers included (more than the public shape `ibid.answer/1` holds)."""
    return json.dumps(dataclasses.asdict(answer), ensure_ascii=False, default=str)


def answer_from_json(text: str) -> Answer:
    """The inverse of `answer_to_json`.

    :raises ValueError, KeyError, TypeError: the text is not such an answer.
    """
    data = json.loads(text)
    return Answer(
        **{
            **data,
            "status": Status(data["status"]),
            "statements": tuple(_statement(row) for row in data["statements"]),
            "references": tuple(_reference(row) for row in data["references"]),
            "nearest": tuple(_reference(row) for row in data["nearest"]),
            "table": _table(data.get("table")),
            "retrieved": tuple(_reference(row) for row in data["retrieved"]),
            "followups": tuple(data["followups"]),
        }
    )


def _statement(row: Mapping[str, Any]) -> Statement:
    return Statement(
        **{
            **row,
            "citations": tuple(row["citations"]),
            "verdict": Verdict(row["verdict"]),
            "origin": Origin(row["origin"]),
        }
    )


def _table(data: Mapping[str, Any] | None) -> AnswerTable | None:
    if data is None:
        return None
    rows = (
        TableRow(row["aspect"], tuple(TableCell(**cell) if cell else None for cell in row["cells"]))
        for row in data["rows"]
    )
    return AnswerTable(tuple(data["names"]), tuple(data["numbers"]), tuple(rows))


def _reference(row: Mapping[str, Any]) -> Reference:
    return Reference(**{**row, "paper": _paper(row["paper"]), "scores": Scores(**row["scores"])})


def _paper(row: Mapping[str, Any]) -> Paper:
    return Paper(
        **{
            **row,
            "authors": tuple(row["authors"]),
            "keywords": tuple(row.get("keywords", ())),
            "sources": tuple(Source(**source) for source in row["sources"]),
        }
    )
