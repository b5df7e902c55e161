"""Reading a session in a program that stays: the next paper at once, learning behind.

A decision is on disk before the next paper is given. The ranker learns in a thread of its own; the next
paper waits a moment for a lesson, and comes from the order before when the lesson takes longer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from index.encoders import Encoder
from index.errors import UsageError
from index.library import Library
from index.types import Paper
from rag.screening.ranker import lesson_size
from rag.screening.reasons import Reasons
from rag.screening.running import Ranked, Screening
from rag.screening.session import Decision, open_session, session_names, session_path, start_session

_PATIENCE = 0.25  # seconds that the next paper waits for a lesson
_DESKS_KEPT = 3


@dataclass(frozen=True, slots=True)
class Lesson:
    """An order, why it is so, and the decisions that it was learnt from."""

    order: tuple[Ranked, ...]
    explain: Callable[[str], Reasons]
    learnt_from: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Card:
    """A paper to decide on.

    `rank` is its place among the `unread` (None for one that was taken back), `words` speak for it, `nearest`
    is the included paper nearest to it in meaning; the order was learnt from so many `relevant` and
    `irrelevant` ones.
    """

    paper: Paper
    rank: int | None
    unread: int
    words: tuple[str, ...]
    nearest: Paper | None
    relevant: int
    irrelevant: int


class Desk:
    """One session being read. Safe to use from several threads."""

    def __init__(self, screening: Screening, patience: float = _PATIENCE) -> None:
        self.screening = screening
        self._patience = patience
        self._changing = threading.RLock()
        self._learner = ThreadPoolExecutor(1, thread_name_prefix="ibid-screening")
        self._running: Future[Lesson] | None = None
        self._lesson = self._learn()
        self._later: list[str] = []  # put off, the last one last
        self._again: str | None = None  # taken back, to be shown first
        self._put_off_last = False  # whether putting off was the last thing done

    def decide(self, paper_id: str, *, included: bool, note: str = "") -> Decision:
        """Keep a decision. :raises UsageError: when the paper is none of the session's."""
        with self._changing:
            made = self.screening.session.decide([paper_id], included=included, note=note)[0]
            self._put_off_last = False
            return made

    def later(self, paper_id: str) -> None:
        """Put a paper off until the others are read, or until the desk is made anew."""
        with self._changing:
            self._later = [i for i in self._later if i != paper_id] + [paper_id]
            self._put_off_last = True

    def undo(self) -> str:
        """Take back what was done last and return the paper's id; `card` gives it again.

        :raises UsageError: when there is nothing to undo.
        """
        with self._changing:
            if self._put_off_last and self._later:
                self._put_off_last = False
                self._again = self._later.pop()
            else:
                self._again = self.screening.session.undo().paper_id
            return self._again

    def card(self) -> Card | None:
        """The paper to decide on next, or None when all are decided."""
        with self._changing:
            self._take_lesson()
            chosen = self._next()
            if chosen is None:
                return None
            paper_id, rank = chosen
            lesson = self._lesson
            why = lesson.explain(paper_id)
            relevant = sum(lesson.learnt_from.values())
            papers = list(self.screening.papers.values())
            nearest = None if why.nearest is None else papers[why.nearest]
            return Card(
                self.screening.papers[paper_id],
                rank,
                len(self.unread()),
                why.words,
                nearest,
                relevant,
                len(lesson.learnt_from) - relevant,
            )

    def is_outdated(self) -> bool:
        """Read the log again, as a command may have written to it; whether the desk must be made anew."""
        session = self.screening.session
        with self._changing:
            if not session.path.is_file():
                return True
            before = session.state
            session.reread()
            return (before.papers, before.question) != (session.state.papers, session.state.question)

    def unread(self) -> list[str]:
        """Ids of the papers without a decision, as they were last ordered."""
        with self._changing:
            decided = self.screening.session.state.decisions
            ordered = [one.paper.id for one in self._lesson.order]
            known = set(ordered)
            taken_back = [i for i in self.screening.papers if i not in known]
            return [i for i in (*ordered, *taken_back) if i not in decided]

    def _next(self) -> tuple[str, int | None] | None:
        decided = self.screening.session.state.decisions
        waiting = [one.paper.id for one in self._lesson.order if one.paper.id not in decided]
        ranks = {paper_id: rank for rank, paper_id in enumerate(waiting, 1)}
        again = self._again
        if again is not None and again in self.screening.papers and again not in decided:
            return again, ranks.get(again)
        self._again = None
        later = [i for i in self._later if i in ranks]
        fresh = [i for i in waiting if i not in later]
        for paper_id in (*fresh[:1], *later[:1], *self.unread()[:1]):
            return paper_id, ranks.get(paper_id)
        return None

    def _take_lesson(self) -> None:
        """Begin a lesson when one is due, and take what it teaches if that comes soon."""
        now = self._decisions()
        changed = len(now.items() ^ self._lesson.learnt_from.items())
        if self._running is None and changed >= lesson_size(len(now), len(self.screening.papers)):
            self._running = self._learner.submit(self._learn)
        if self._running is None:
            return
        try:
            self._lesson = self._running.result(self._patience)
        except TimeoutError:
            return
        self._running = None

    def _learn(self) -> Lesson:
        learnt_from = self._decisions()
        order = tuple(self.screening.order())
        return Lesson(order, self.screening.explainer(), learnt_from)

    def _decisions(self) -> dict[str, bool]:
        return {i: d.included for i, d in self.screening.session.state.decisions.items()}


class Desks:
    """The screening sessions of a library, the last few kept ready."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._library = library
        self._encoder = encoder
        self._opening = threading.Lock()
        self._desks: dict[str, Desk] = {}

    def names(self) -> list[str]:
        """The sessions, the one last written to first."""
        folder = self._library.path
        return sorted(
            session_names(folder), key=lambda name: session_path(folder, name).stat().st_mtime, reverse=True
        )

    def open(self, name: str) -> Desk:
        """The desk of a session; made anew when the session has taken up papers or another question.

        :raises UsageError: when there is no session of that name.
        :raises LibraryError: when the library holds none of its papers any more.
        """
        with self._opening:
            desk = self._desks.pop(name, None)
            if desk is None or desk.is_outdated():
                self._library.refresh()
                desk = Desk(Screening(self._library, self._encoder, open_session(self._library.path, name)))
            self._desks[name] = desk
            for old in list(self._desks)[:-_DESKS_KEPT]:
                del self._desks[old]
            return desk

    def start(self, name: str, question: str) -> Desk:
        """A new session over all papers of the library.

        :raises UsageError: when the name is taken or no name, or the library is empty.
        """
        self._library.refresh()
        papers = [paper.id for paper in self._library.papers()]
        if not papers:
            raise UsageError("the library is empty; add papers first")
        start_session(self._library.path, name, question).extend(papers)
        return self.open(name)

    def extend(self, name: str) -> int:
        """Take up what the library has new since; returns how many papers."""
        self._library.refresh()
        return open_session(self._library.path, name).extend([p.id for p in self._library.papers()])
