"""What the page needs of a library, and no more: the seam between `ui` and `rag.wiring`.

`rag.wiring.OpenedLibrary` has this shape; tests bring a scripted one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from index.shelf import Shelf
from index.types import Paper
from rag.audit.draft import Draft
from rag.audit.report import Audit
from rag.claims import CiteReport
from rag.engine import AskOptions
from rag.pictures.pictured import Pictured
from rag.review.reviewer import Reviewer
from rag.screening.desk import Desks
from rag.types import Answer


class Shaped(Protocol):
    """A value with a public shape (`ibid.library/1`, `ibid.add/1`)."""

    def to_dict(self) -> Mapping[str, Any]:
        """The public shape."""
        ...


class AnswerSource(Protocol):
    """A library that can be asked and added to."""

    @property
    def path(self) -> Path:
        """The folder of the library; the page never serves a file from it."""
        ...

    @property
    def screening(self) -> Desks:
        """The screening sessions of the library."""
        ...

    def stream(
        self,
        question: str,
        turns: Sequence[str] = (),
        *,
        options: AskOptions,
        stop: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Growing snapshots of one answer; the last has `done`."""
        ...

    def info(self) -> Shaped:
        """Counts of the library, as `ibid.library/1`."""
        ...

    def add_files(
        self, paths: Sequence[Path], progress: Callable[[int, int, str], None] | None = None
    ) -> Shaped:
        """Read files into the library; the report is `ibid.add/1`."""
        ...

    def cite(self, claim: str, k: int = 5) -> CiteReport:
        """Which papers support a sentence, refute it, or only touch it; at most `k`."""
        ...

    def check(
        self,
        draft: Path,
        bibliographies: Sequence[Path] = (),
        progress: Callable[[int, int, str], None] | None = None,
    ) -> tuple[Draft, Audit]:
        """A manuscript as it was read, and the audit of its citations."""
        ...

    @property
    def reviewer(self) -> Reviewer:
        """Collects, outlines and drafts reviews."""
        ...

    def reviewing(self) -> AbstractContextManager[Reviewer]:
        """The reviewer for work that takes a while."""
        ...

    def shelf(self) -> Shelf:
        """All papers as short rows."""
        ...

    def pictured(self) -> Pictured:
        """The papers in groups, with their places on a map."""
        ...

    def keyed(self, ids: Iterable[str]) -> list[tuple[Paper, str]]:
        """The papers that exist among `ids`, in that order, each with its citation key."""
        ...

    def doubtful_pairs(self) -> list[tuple[Paper, Paper]]:
        """Pairs of papers that may be one work and have not been decided."""
        ...

    def unite(self, a_id: str, b_id: str) -> Paper:
        """Make two papers one."""
        ...

    def keep_apart(self, a_id: str, b_id: str) -> None:
        """Note that two papers are two works."""
        ...

    def example_questions(self) -> list[str]:
        """Questions that this library answers, for a first click."""
        ...

    def warm_up(self) -> None:
        """Load the models, so that the first question does not wait for them."""
        ...
