"""The steps of a review in the making, each from one state to the next: collect, outline, draft, revise.

Nothing here knows a page. A step gives the new state back, and the desk keeps it where it was given a
place to keep; a step that fails changes nothing.
"""

from __future__ import annotations

import json
import queue
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from index.errors import UsageError
from index.types import Paper
from rag.pictures.files import picture_files
from rag.pictures.of_review import pictured
from rag.review.collect import Collection
from rag.review.document import Part, Review, Section
from rag.review.draft import Run
from rag.review.formats import render_all
from rag.review.instruction import read_instruction
from rag.review.kept import KeptReviews
from rag.review.loading import Loaded, load_record
from rag.review.names import Names
from rag.review.outline import Heading, Outline, read_outline, write_outline
from rag.review.record import write_record
from rag.review.reviewer import Drafting, Reviewer
from rag.review.revise import Reviser, Revision
from rag.review.ticked import with_ticks
from rag.review.work import Work

OUTLINE = "the outline"
ENDINGS = (".md", ".docx", ".tex", ".html")
_NAME_LENGTH = 60
_TELLING = 2  # papers from which seconds can be told; the first may need no model
_GLANCE = 0.2  # seconds between looks at the stop


class Reviewing(Protocol):
    """A library that has a reviewer."""

    @property
    def reviewer(self) -> Reviewer:
        """For what takes no time."""
        ...

    def reviewing(self) -> AbstractContextManager[Reviewer]:
        """For what takes a while."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a draft is: sections and papers done, and seconds left, None before two papers."""

    sections: int
    of_sections: int
    papers: int
    of_papers: int
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """The state after a paper or a section; `review` is None where the draft has not grown."""

    work: Work
    review: Review | None
    progress: Progress


class Desk:
    """Works on reviews of one library."""

    def __init__(self, source: Reviewing, kept: KeptReviews | None = None) -> None:
        self._source = source
        self._kept = kept
        self._names: tuple[str, Names] | None = None

    def keep(self, work: Work) -> Work:
        """Keep a state; it is given back."""
        if self._kept is not None:
            self._kept.put(work)
        return work

    def collect(self, work: Work) -> Work:
        """Papers on the topic, those that belong ticked. :raises IbidError: nothing is held on it."""
        with self._source.reviewing() as reviewer:
            found = reviewer.collect(work.wanted)
        ticked = tuple(c.paper.id for c in found.taken)
        return self.keep(replace(work, wanted=found.wanted, coverage=found.coverage, ticked=ticked))

    def outline(self, work: Work) -> Work:
        """An outline of the ticked papers. :raises UsageError: none is ticked."""
        if work.coverage is None or not work.ticked:
            raise UsageError("tick a paper first: an outline is made of the ticked ones")
        with self._source.reviewing() as reviewer:
            chosen = reviewer.chosen(work.wanted, work.coverage, work.ticked)
            if not chosen.taken:
                raise UsageError("none of the ticked papers has an abstract; tick others")
            plan = reviewer.outline(chosen)
            papers = reviewer.library.papers_by_id(plan.placed)
            text = write_outline(plan, papers, {i: reviewer.key(p) for i, p in papers.items()}, help="")
        return self.keep(replace(work, outline=text))

    def read(self, text: str) -> Outline:
        """An outline as it was edited. :raises ReadError: the line and what is wrong with it."""
        names = self.names
        return read_outline(text, OUTLINE, names.find, list(names.by_key))

    @property
    def names(self) -> Names:
        """Keys and ids of the library as it is now."""
        reviewer = self._source.reviewer
        known = reviewer.library.fingerprint
        if self._names is None or self._names[0] != known:
            self._names = known, Names(reviewer.library.papers(), reviewer.key)
        return self._names[1]

    def draft(self, work: Work, stop: threading.Event, *, go_on: bool = False) -> Iterator[Drafted]:
        """The review paper by paper; a section that a stop cut short is written anew by `go_on`.

        The writing runs in a thread of its own, so that a stop is obeyed at once.
        """
        plan = self.read(work.outline)
        done = finished(plan, self._review(work, self._source.reviewer)) if go_on else ()
        clock = _Clock(plan, done)
        yield Drafted(work, None, clock.now())
        news: queue.SimpleQueue[Review | Exception | None | int] = queue.SimpleQueue()
        run = Run(stop, lambda: news.put(1))

        def write() -> None:
            try:
                with self._source.reviewing() as reviewer:
                    collection = self._collection(work, plan)
                    for review in reviewer.draft(plan, collection, Drafting(work.length, done), run):
                        news.put(review)
                news.put(None)
            except Exception as error:
                news.put(error)

        threading.Thread(target=write, name="ibid-review", daemon=True).start()
        yield from self._heard(work, news, stop, clock)

    def _heard(
        self, work: Work, news: queue.SimpleQueue[Any], stop: threading.Event, clock: _Clock
    ) -> Iterator[Drafted]:
        """What the writing thread tells, kept section by section, until it ends or is stopped."""
        while not stop.is_set():
            try:
                heard = news.get(timeout=_GLANCE)
            except queue.Empty:
                continue
            if heard is None:
                return
            if isinstance(heard, Exception):
                raise heard
            if isinstance(heard, int):
                clock.paper()
                yield Drafted(work, None, clock.now())
                continue
            whole = bool(heard.table.rows)
            if stop.is_set() and not whole:  # the section at hand may lack sentences
                return
            clock.section(len(themes(heard)))
            work = self.keep(replace(work, record=write_record(heard), whole=whole, before=""))
            yield Drafted(work, heard, clock.now())

    def revise(self, work: Work, instruction: str) -> tuple[Work, Revision]:
        """The draft changed as told. :raises IbidError: not understood, or nothing to change."""
        orders = read_instruction(instruction)
        with self._source.reviewing() as reviewer:
            review = self._review(work, reviewer)
            if review is None:
                raise UsageError("there is no draft yet; write one first")
            revision = Reviser(reviewer, review, self.names.find).carry_out(orders)
        changed = replace(work, record=write_record(revision.review), before=work.record, whole=True)
        return self.keep(changed), revision

    def undo(self, work: Work) -> Work:
        """The draft before the last change, and the change where that was undone."""
        if not work.before:
            raise UsageError("nothing has been changed yet")
        return self.keep(replace(work, record=work.before, before=work.record))

    def loaded(self, work: Work) -> Loaded | None:
        """The draft as the library allows now; None without one. :raises ReadError: it is damaged."""
        if not work.record:
            return None
        return load_record(json.loads(work.record), self._source.reviewer.library, "the kept draft")

    def files(self, work: Work) -> dict[str, bytes]:
        """Every form of the draft by file name, bibliography, record and pictures among them."""
        loaded = self.loaded(work)
        if loaded is None:
            raise UsageError("there is no draft yet; write one first")
        stem = file_stem(work.wanted.topic)
        made = render_all(loaded.review, [Path(stem + ending) for ending in ENDINGS])
        made |= picture_files(pictured(loaded.review), loaded.review.papers, Path(), f"{stem}-")
        return {path.name: data for path, data in made.items()}

    def papers(self, work: Work) -> dict[str, Paper]:
        """The papers that were considered, by id, as far as they are still there."""
        ids = [c.paper_id for c in work.coverage.considered] if work.coverage else []
        return dict(self._source.reviewer.library.papers_by_id(ids))

    def _review(self, work: Work, reviewer: Reviewer) -> Review | None:
        if not work.record:
            return None
        return load_record(json.loads(work.record), reviewer.library, "the kept draft").review

    def _collection(self, work: Work, plan: Outline) -> Collection | None:
        """The report of the search with the papers that the outline was left with."""
        if work.coverage is None:
            return None
        return Collection(work.wanted, (), with_ticks(work.coverage, plan.placed))


class _Clock:
    """Seconds left, from the papers written since it was made."""

    def __init__(self, plan: Outline, done: Sequence[Section]) -> None:
        self._papers = [len(h.placed) for h in plan.headings]
        self._sections = len(done)
        self._done = self._first = sum(self._papers[: len(done)])
        self._began = time.monotonic()

    def paper(self) -> None:
        """One more paper is written."""
        self._done = min(self._done + 1, sum(self._papers[: self._sections + 1]))

    def section(self, sections: int) -> None:
        """So many sections are whole."""
        self._sections, self._done = sections, sum(self._papers[:sections])

    def now(self) -> Progress:
        """How far the draft is."""
        of = sum(self._papers)
        written = self._done - self._first
        spent = time.monotonic() - self._began
        left = spent / written * (of - self._done) if written >= _TELLING else None
        return Progress(self._sections, len(self._papers), self._done, of, left)


def themes(review: Review) -> tuple[Section, ...]:
    """The sections that stand in an outline."""
    return tuple(s for s in review.sections if s.part is Part.THEME)


def finished(plan: Outline, review: Review | None) -> tuple[Section, ...]:
    """The first sections of a draft that are as the outline has them now."""
    done: list[Section] = []
    for heading, section in zip(plan.headings, themes(review) if review else (), strict=False):
        if not _same(heading, section):
            break
        done.append(section)
    return tuple(done)


def _same(heading: Heading, section: Section) -> bool:
    return (heading.title, heading.papers, heading.question, len(heading.children)) == (
        section.heading, section.papers, section.question, len(section.children),
    ) and all(map(_same, heading.children, section.children))  # fmt: skip


def file_stem(topic: str) -> str:
    """A file name of a topic: plain letters, digits and hyphens."""
    words = re.sub(r"[^a-z0-9]+", "-", topic.casefold()).strip("-")
    return f"review-{words[:_NAME_LENGTH].rstrip('-')}".rstrip("-")
