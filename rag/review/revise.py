"""A review changed by instruction, section by section, and checked again; the rest stays word for word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.errors import UsageError
from rag.review.collect import Wanted
from rag.review.counting import commonalities
from rag.review.document import Paragraph, Part, Review, ReviewStatement, Section
from rag.review.instruction import Deed, Order, find_section
from rag.review.measures import side_by_side
from rag.review.outline import Heading
from rag.review.reviewer import Reviewer, scope_of
from rag.review.voice import CONNECTIVE, unvoiced
from rag.types import Origin, Verdict

_NEW_PAPERS = 12  # of a section that is added
_MOST = 4  # sentences a paper that a section grows to

Find = Callable[[str], str | None]  # the id that a key or id stands for


@dataclass(frozen=True, slots=True)
class Revision:
    """The changed review, what was done in words, and the sentences whose check failed."""

    review: Review
    done: tuple[str, ...]
    doubtful: tuple[str, ...]


class Reviser:
    """Carries out orders on one review."""

    def __init__(self, reviewer: Reviewer, review: Review, find: Find) -> None:
        self._reviewer = reviewer
        self._review = review
        self._find = find
        self._sections = [s for s in review.sections if s.part is Part.THEME]
        self._done: list[str] = []

    def carry_out(self, orders: Sequence[Order]) -> Revision:
        """All orders in turn. Sections keep, while they run, the numbers that the file shows.

        :raises UsageError: an order names a section or paper that is not there; nothing is changed.
        """
        first = [s.heading for s in self._sections]
        live: list[Section | None] = list(self._sections)
        for order in orders:
            place = find_section(order.section, first) if order.section else None
            if place is not None and live[place] is None:
                raise UsageError(
                    f"section {order.section!r} is deleted by the same instruction; ask for one of both"
                )
            self._one(order, live, place)
        self._sections = [s for s in live if s is not None and (s.paragraphs or s.children)]
        return self._closed()

    def _one(self, order: Order, live: list[Section | None], place: int | None) -> None:
        if order.deed is Deed.NEW:
            live.append(self._new(order.about))
            return
        if order.deed is Deed.DROP:
            self._drop(live, order.paper)
            return
        section = live[place] if place is not None else None
        if section is None or place is None:
            raise UsageError("the instruction names no section")
        if order.deed in (Deed.ADD, Deed.MOVE):
            paper_id = self._known(order.paper)
            if order.deed is Deed.MOVE:
                self._drop(live, order.paper)
                section = live[place] or section
            live[place] = self._with_paper(section, paper_id)
            self._done.append(f"{order.deed.value} {order.paper}: {section.heading}")
            return
        if order.deed is Deed.KEEP:
            self._done.append(f"kept: {section.heading}")
        elif order.deed is Deed.DELETE:
            live[place] = None
            self._done.append(f"deleted: {section.heading}")
        elif order.deed is Deed.RENAME:
            live[place] = replace(section, heading=order.about)
            self._done.append(f"renamed: {section.heading} → {order.about}")
        else:
            live[place] = self._rewritten(section, order)

    def _rewritten(self, section: Section, order: Order) -> Section:
        if order.deed is Deed.SHORTEN:
            short = shortened(section)
            same = "has one sentence a paper already" if short == section else "shortened"
            self._done.append(f"{same}: {section.heading}")
            return short
        most = min(_MOST, longest(section) + (order.deed is Deed.EXPAND))
        question = order.about or section.question
        self._done.append(f"{'expanded' if order.deed is Deed.EXPAND else 'rewritten'}: {section.heading}")
        return self._reviewer.section(self._review.topic, _heading(section, question), most)

    def _new(self, about: str) -> Section:
        """A section of the papers on something, those that the review has and those it has not."""
        if not about:
            raise UsageError("say what the new section is about: add a section on …")
        found = self._reviewer.collect(Wanted(about, most=_NEW_PAPERS))
        ids = tuple(c.paper.id for c in found.taken)
        title = about[:1].upper() + about[1:]
        self._done.append(f"added: {title} ({len(ids)} papers)")
        self._take_in(ids)
        return self._reviewer.section(about, Heading(title, ids), 2)

    def _with_paper(self, section: Section, paper_id: str) -> Section:
        self._take_in((paper_id,))
        heading = Heading(section.heading, (paper_id,), section.question)
        fresh = self._reviewer.section(self._review.topic, heading, longest(section))
        added = [s for p in fresh.paragraphs for s in p if not s.counted]
        whole = replace(
            section, papers=(*section.papers, paper_id), paragraphs=(*section.paragraphs, tuple(added))
        )
        return self._recounted(whole)

    def _take_in(self, ids: Sequence[str]) -> None:
        found = self._reviewer.library.papers_by_id(ids)
        keys = {i: self._reviewer.key(p) for i, p in found.items()}
        self._review = replace(
            self._review, papers={**self._review.papers, **found}, keys={**self._review.keys, **keys}
        )

    def _known(self, name: str) -> str:
        paper_id = self._find(name)
        if paper_id is None:
            raise UsageError(
                f"no paper of the library has the key or id {name!r}; `ibid index list` shows them"
            )
        return paper_id

    def _drop(self, live: list[Section | None], name: str) -> None:
        numbers = {str(n): i for i, n in self._review.numbers.items()}
        paper_id = numbers.get(name) or self._find(name)
        held = {i for s in live if s for i in s.placed}
        if paper_id not in held:
            raise UsageError(
                f"paper {name!r} is not in this review; its papers are named by key, id or number"
            )
        for n, section in enumerate(live):
            if section is not None and paper_id in section.placed:
                live[n] = self._recounted(without_paper(section, paper_id))
        self._done.append(f"dropped: {self._review.keys[paper_id]}")

    def _recounted(self, section: Section) -> Section:
        """A section whose counted sentences are counted anew."""
        papers = [self._review.papers[i] for i in section.papers if i in self._review.papers]
        told = [tuple(s for s in p if not s.counted) for p in section.paragraphs]
        told = [p for p in told if p]
        shared = commonalities(papers, f"{self._review.topic} {section.heading}")
        if shared and told:
            told[0] = (shared, *told[0])
        figures = tuple(side_by_side(papers))
        children = tuple(self._recounted(c) for c in section.children)
        return replace(section, paragraphs=tuple([*told, *([figures] if figures else [])]), children=children)

    def _closed(self) -> Revision:
        """The review with its last parts made anew, every sentence checked again."""
        placed = tuple(dict.fromkeys(i for s in self._sections for i in s.placed))
        if not placed:
            raise UsageError("nothing would be left of the review; keep a section")
        papers = {i: self._review.papers[i] for i in placed}
        scope = scope_of(
            self._review.topic, list(papers.values()), self._review.coverage, len(self._reviewer.library)
        )
        review = replace(
            self._review, scope=(scope,), sections=tuple(self._sections), papers=papers,
            keys={i: self._review.keys[i] for i in placed},
        )  # fmt: skip
        judged = self._reviewer.judged(review.topic, list(papers.values()))
        review, doubtful = checked(self._reviewer, self._reviewer.closed(review, judged))
        return Revision(review, tuple(self._done), doubtful)


def checked(reviewer: Reviewer, review: Review) -> tuple[Review, tuple[str, ...]]:
    """Every sentence on a paper held against its passage as the library has it now.

    A passage that is no longer there makes its sentence unsupported; such sentences are told, not removed.
    """
    doubtful: list[str] = []

    def one(statement: ReviewStatement) -> ReviewStatement:
        stale = [
            p for p in statement.passages if review.papers[p.paper_id].abstract[p.start : p.end] != p.quote
        ]
        if stale:
            doubtful.append(f"{review.keys[stale[0].paper_id]}: its abstract has changed: {statement.text}")
            return replace(statement, verdict=Verdict.UNSUPPORTED, support=0.0)
        if statement.origin is Origin.GENERATED and len(statement.cited) == 1:
            paper = review.papers[statement.cited[0]]
            found = reviewer.check(unvoiced(statement.text, paper), [paper])
            statement = replace(statement, verdict=found.verdict, support=found.support)
        if statement.verdict is Verdict.UNSUPPORTED:
            doubtful.append(f"{', '.join(review.keys[i] for i in statement.cited)}: {statement.text}")
        return statement

    return replace(review, sections=tuple(_mapped(s, one) for s in review.sections)), tuple(doubtful)


def _mapped(section: Section, change: Callable[[ReviewStatement], ReviewStatement]) -> Section:
    paragraphs = tuple(tuple(change(s) for s in p) for p in section.paragraphs)
    return replace(
        section, paragraphs=paragraphs, children=tuple(_mapped(c, change) for c in section.children)
    )


def shortened(section: Section) -> Section:
    """The section with one sentence a paper, the first; what is counted stays."""
    seen: set[tuple[str, ...]] = set()

    def keep(statement: ReviewStatement) -> bool:
        fresh = statement.counted or statement.cited not in seen
        seen.add(statement.cited)
        return fresh

    return _filtered(section, keep)


def without_paper(section: Section, paper_id: str) -> Section:
    """The section without a paper and what is said of it alone."""
    kept = _filtered(section, lambda s: s.counted or s.cited != (paper_id,))
    return _unplaced(kept, paper_id)


def _unplaced(section: Section, paper_id: str) -> Section:
    children = tuple(_unplaced(c, paper_id) for c in section.children)
    return replace(section, papers=tuple(i for i in section.papers if i != paper_id), children=children)


def _filtered(section: Section, keep: Callable[[ReviewStatement], bool]) -> Section:
    paragraphs = [_sifted(p, keep) for p in section.paragraphs]
    children = tuple(_filtered(c, keep) for c in section.children)
    return replace(section, paragraphs=tuple(p for p in paragraphs if p), children=children)


def _sifted(paragraph: Paragraph, keep: Callable[[ReviewStatement], bool]) -> Paragraph:
    """The statements to keep; a connective goes with the sentence it related to."""
    kept: list[ReviewStatement] = []
    gap = False
    for statement in paragraph:
        if not keep(statement):
            gap = True
            continue
        text = CONNECTIVE.sub(lambda m: m[1].upper(), statement.text) if gap else statement.text
        kept.append(replace(statement, text=text))
        gap = False
    return tuple(kept)


def longest(section: Section) -> int:
    """The most sentences that a paper has in a section."""
    counts: dict[tuple[str, ...], int] = {}
    for statement in section.statements:
        if not statement.counted:
            counts[statement.cited] = counts.get(statement.cited, 0) + 1
    return max(counts.values(), default=1)


def _heading(section: Section, question: str | None) -> Heading:
    children = tuple(_heading(c, c.question) for c in section.children)
    return Heading(section.heading, section.papers, question, children)
