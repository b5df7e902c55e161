"""Puts a set of questions or claims to a library, one by one; what is answered already is not asked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from index.errors import IbidError, UsageError
from rag.evaluate.lines import Problems, read_objects
from rag.evaluate.questions import Question
from rag.partial import PartialResults
from rag.types import Answer

Record = dict[str, Any]
Progress = Callable[[int, int, str], None]


class Asked(Protocol):
    """A library that answers questions."""

    def ask(self, question: str, turns: Sequence[str] = ()) -> Answer:
        """A checked answer."""
        ...


def ask_all(
    library: Asked,
    questions: Sequence[Question],
    path: Path | None,
    problems: Problems,
    progress: Progress | None = None,
) -> dict[str, Record]:
    """Answers (`ibid.answer/1`) by question id, kept in `path` as they come."""
    asks = {q.id: lambda q=q: library.ask(q.text, q.turns).to_dict() for q in questions}
    return _collect(asks, path, problems, progress, "questions")


def cite_all(
    library: Any,
    claims: Mapping[str, str],
    path: Path | None,
    problems: Problems,
    progress: Progress | None = None,
) -> dict[str, Record]:
    """Reports (`ibid.cite/1`) by claim id, kept in `path` as they come.

    :raises UsageError: when the library cannot judge claims.
    """
    if not can_cite(library):
        raise UsageError("this Ibid does not judge claims; score reports of another with --cited FILE")
    cites = {identity: lambda text=text: library.cite(text).to_dict() for identity, text in claims.items()}
    return _collect(cites, path, problems, progress, "claims")


def can_cite(library: Any) -> bool:
    """Whether a library judges claims."""
    return callable(getattr(library, "cite", None))


def read_records(path: Path, what: str, problems: Problems) -> dict[str, Record]:
    """The lines of a batch by their id."""
    found: dict[str, Record] = {}
    for number, record in read_objects(path, what, problems):
        if "id" in record:
            found[str(record["id"])] = record
        else:
            problems.append(f"{path}:{number}: no id; left out")
    return found


def _collect(
    calls: Mapping[str, Callable[[], Record]],
    path: Path | None,
    problems: Problems,
    progress: Progress | None,
    what: str,
) -> dict[str, Record]:
    partial = PartialResults(path)
    with partial.appending():
        for done, (identity, call) in enumerate(calls.items(), 1):
            if identity not in partial.done:
                try:
                    partial.add(identity, call())
                except IbidError as error:
                    problems.append(f"{what} {identity}: {error}")
            if progress:
                progress(done, len(calls), what)
    return {identity: partial.done[identity] for identity in calls if identity in partial.done}
