"""A review in the making as HTML strings: the papers to tick, how far a draft is, the draft and its passages.

Pure functions under the rules of `ui.render`. Ids are made of numbers; whatever a paper, a topic or a
model says is escaped.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence

from index.cleaning import readable
from index.types import Paper, Scores
from rag.review.collect import Considered, Coverage
from rag.review.desk import Progress
from rag.review.document import Paragraph, Part, Passage, Review, ReviewStatement, Section
from rag.review.markdown import NOT_STATED, split_end
from rag.review.outline import Outline
from rag.review.work import Work
from rag.types import Reference, Verdict
from ui.escaping import escape
from ui.sources import abstract_html, card_html, label, when, where_html

WELCOME = (
    '<div class="welcome-cite"><p>Name a topic. Ibid collects the papers of this library on it, each with '
    "a reason; you tick the ones that belong, edit the outline, and it drafts the review section by section. "
    "Every sentence on a paper cites the passage that it was checked against.</p></div>"
)
NO_PASSAGES = '<p class="empty">The passages behind the draft appear here.</p>'
_LONGEST = 400


def notice_html(text: str) -> str:
    """A sentence about what could not be done."""
    return f'<p class="notice">{escape(text, 1000)}</p>'


def stage_html(text: str) -> str:
    """What is being done."""
    return f'<p class="outcome stage" role="status"><span class="pulse"></span>{escape(text, 300)}</p>'


def not_held_html(topic: str, near: Sequence[Paper]) -> str:
    """A topic that the library does not hold, and what comes nearest."""
    items = "".join(
        f'<li><span class="near">{escape(label(p), _LONGEST)}</span> <span class="when">{when(p)}</span></li>'
        for p in near
    )
    nearest = f'<p class="near-head">Nearest are</p><ul class="nearest">{items}</ul>' if items else ""
    return (
        '<div class="not-held"><p class="outcome insufficient"><span class="badge">Not in this library</span>'
        f"<span>Nothing here is about “{escape(topic, 300)}”, so nothing was written.</span></p>{nearest}"
        '<p class="hint">Try other words, or add papers on it in the Library tab.</p></div>'
    )


def collected_html(work: Work, papers: Mapping[str, Paper]) -> str:
    """The papers that were considered as a list to tick, each with the reason; those left out folded."""
    coverage = work.coverage
    if coverage is None:
        return ""
    ticked = set(work.ticked)
    rows = [
        (c.taken, c.paper_id in ticked, _candidate(n, c, papers[c.paper_id], c.paper_id in ticked))
        for n, c in enumerate(coverage.considered)
        if c.paper_id in papers
    ]
    taken = "".join(row for is_taken, _, row in rows if is_taken)
    left = [row for is_taken, _, row in rows if not is_taken]
    is_open = " open" if any(on and not is_taken for is_taken, on, _ in rows) else ""
    folded = (
        f'<details class="touching"{is_open}><summary>Left out: {len(left):,}</summary>'
        f'<ul class="candidates">{"".join(left)}</ul></details>'
        if left
        else ""
    )
    order = ",".join(f"{c.paper_id}{c.taken:d}" for c in coverage.considered)
    mark = zlib.crc32(f"{work.id} {order}".encode())
    return (
        f'<div class="picklist" id="picklist-{mark:d}">{_report(coverage)}'
        f'<ul class="candidates">{taken}</ul>{folded}</div>'
    )


def _candidate(n: int, one: Considered, paper: Paper, ticked: bool) -> str:
    title = escape(label(paper), _LONGEST)
    box = (
        f'<input type="checkbox" class="pick{" on" if ticked else ""}" name="review" value="{n:d}" '
        f'id="review-pick-{n:d}">'
        if paper.abstract.strip()
        else ""
    )
    query = f", query {one.query:d}" if one.query else ""
    more = (
        '<details class="more"><summary>Abstract</summary>'
        f"{where_html(paper)}{abstract_html(paper)}</details>"
        if paper.abstract.strip()
        else ""
    )
    date = f'<span class="when">{known}</span>' if (known := when(paper)) else ""
    return (
        f'<li><p class="pick-line">{box}<label for="review-pick-{n:d}">{title}</label></p>'
        f'<p class="where">{date}<span class="chip">{escape(one.why, 100)}{query}</span></p>{more}</li>'
    )


def _report(coverage: Coverage) -> str:
    left = "; ".join(f"{n:,} {escape(why, 100)}" for why, n in coverage.reasons.items())
    taken = sum(c.taken for c in coverage.considered)
    words = f"{len(coverage.considered):,} of {coverage.library:,} papers considered, {taken:,} taken"
    rows = "".join(
        f'<tr><td>{n:d}</td><td>{escape(query, 300)}</td><td class="count">{found:,}</td>'
        f'<td class="count">{kept:,}</td></tr>'
        for n, (query, found, kept) in enumerate(
            zip(coverage.queries, coverage.found, coverage.taken, strict=True), 1
        )
    )
    return (
        f'<p class="count">{words}{f"; left out: {left}" if left else ""}</p>'
        '<details class="more"><summary>What each query brought</summary><div class="table-wrap">'
        '<table class="report"><thead><tr><th></th><th>Query</th><th class="count">New</th>'
        f'<th class="count">Taken</th></tr></thead><tbody>{rows}</tbody></table></div></details>'
    )


def outline_html(plan: Outline) -> str:
    """What an outline was read as."""
    sections = len(plan.headings)
    below = sum(len(h.children) for h in plan.headings)
    words = f"{sections:,} section{'' if sections == 1 else 's'}"
    if below:
        words += f" with {below:,} below them"
    papers = f"{len(plan.placed):,} paper{'' if len(plan.placed) == 1 else 's'}"
    asked = sum(bool(h.question) for h in plan.headings)
    questions = f", {asked:,} question{'' if asked == 1 else 's'}" if asked else ""
    return f'<p class="count outline-ok">Reads as {words}, {papers}{questions}.</p>'


def progress_html(progress: Progress, *, stopped: bool = False) -> str:
    """How far the draft is and how long it may take."""
    done, of = progress.sections, progress.of_sections
    papers = f"{progress.papers:,} of {progress.of_papers:,} papers"
    if stopped:
        said = (
            f"{done:,} of {of:,} sections written." if done else "No section was written; all is as it was."
        )
        return f'<p class="outcome stopped"><span class="badge">Stopped</span><span>{said}</span></p>'
    what = f"Writing section {done + 1:,} of {of:,}" if done < of else "Writing table and gaps"
    left = f" · {time_left(progress.seconds_left)}" if progress.seconds_left is not None else ""
    share = round(100 * progress.papers / max(1, progress.of_papers))
    return (
        f'<p class="outcome stage" role="status"><span class="pulse"></span>{what} · {papers}{left}</p>'
        f'<p class="bar wide"><span class="filled" style="width: {share:d}%"></span></p>'
    )


def time_left(seconds: float) -> str:
    """Seconds as a reader takes them: "about 40 s left", "about 3 min left"."""
    if seconds < 1:
        return "done in a moment"
    if seconds < 90:
        return f"about {max(1, round(seconds)):d} s left"
    return f"about {round(seconds / 60):d} min left"


class DraftView:
    """A draft and the cards of its passages; each passage has one place, given when it is first cited."""

    def __init__(self, review: Review) -> None:
        self.review = self._review = review
        self._numbers = review.numbers
        self._places: dict[Passage, int] = {}
        self.html = f'<article class="answer review">{"".join(self._parts())}</article>'

    @property
    def passages(self) -> str:
        """The cards, in the order of citing."""
        cards = "".join(self._card(passage, place) for passage, place in self._places.items())
        return f'<div class="cards">{cards}</div>' if cards else NO_PASSAGES

    def opens(self, paper_id: str) -> str:
        """The id of the card that stands for a paper: of its first passage; "" without one."""
        place = next((n for passage, n in self._places.items() if passage.paper_id == paper_id), None)
        return f"src-r-{place:d}" if place else ""

    def _card(self, passage: Passage, place: int) -> str:
        paper, n = self._review.papers[passage.paper_id], self._numbers[passage.paper_id]
        reference = Reference(
            n, paper, self._review.keys[paper.id], passage.quote, passage.start, passage.end, Scores()
        )
        return card_html(reference, f"src-r-{place:d}")

    def _parts(self) -> Iterator[str]:
        yield f'<h2 class="review-title">{escape(self._review.title, _LONGEST)}</h2>'
        yield self._paragraph(self._review.scope)
        number = 0
        for section in self._review.sections:
            number += section.part is Part.THEME
            yield from self._section(section, f"{number:d} " if section.part is Part.THEME else "", 3)
        yield from self._table()
        yield from self._references()

    def _section(self, section: Section, number: str, level: int) -> Iterator[str]:
        yield f'<h{level:d} class="group">{number}{escape(section.heading, _LONGEST)}</h{level:d}>'
        yield from map(self._paragraph, section.paragraphs)
        for child in section.children:
            yield from self._section(child, "", level + 1)

    def _paragraph(self, paragraph: Paragraph) -> str:
        return f"<p>{' '.join(map(self._statement, paragraph))}</p>"

    def _statement(self, statement: ReviewStatement) -> str:
        doubt = {
            Verdict.PARTLY: '<span class="mark-partly">partly supported</span>',
            Verdict.UNSUPPORTED: '<span class="mark-partly">not supported by its citation</span>',
        }.get(statement.verdict, "")
        if not statement.cited:
            return f'<span class="statement">{escape(statement.text)}</span>{doubt}'
        text, end = split_end(statement.text)
        first: dict[str, Passage] = {}
        for passage in statement.passages:
            first.setdefault(passage.paper_id, passage)
        marks = "".join(map(self._mark, first.values()))
        return f'<span class="statement">{escape(text)}&#32;{marks}{escape(end)}</span>{doubt}'

    def _mark(self, passage: Passage) -> str:
        place = self._places.setdefault(passage, len(self._places) + 1)
        return f'<a class="cite" href="#src-r-{place:d}">&#91;{self._numbers[passage.paper_id]:d}&#93;</a>'

    def _table(self) -> Iterator[str]:
        table = self._review.table
        if not table.rows:
            return
        heads = "".join(f"<th>{escape(c, 60)}</th>" for c in ("Paper", *table.columns))
        yield '<details class="touching"><summary>Summary of the papers</summary><div class="table-wrap">'
        yield f'<table class="report summary-table"><thead><tr>{heads}</tr></thead><tbody>'
        for row in table.rows:
            title = escape(label(self._review.papers[row.paper_id]), 200)
            cells = "".join(
                f"<td>{escape(readable(c.text), 600)}</td>" if c else f'<td class="when">{NOT_STATED}</td>'
                for c in row.cells
            )
            yield f"<tr><td>{self._numbers[row.paper_id]:d}. {title}</td>{cells}</tr>"
        yield "</tbody></table></div></details>"

    def _references(self) -> Iterator[str]:
        items = "".join(
            f'<li>{n:d}. {escape(label(paper), _LONGEST)} <span class="when">{when(paper)}</span> '
            f'<code class="key">{escape(key, 100)}</code></li>'
            for n, (paper, key) in enumerate(self._review.references, 1)
        )
        if items:
            yield f'<ul class="reference-list">{items}</ul>'


def revised_html(done: Sequence[str], doubtful: Sequence[str]) -> str:
    """What an instruction changed, and which sentences do not hold."""
    items = "".join(f"<li>{escape(line, 400)}</li>" for line in done)
    doubts = "".join(f"<li>not supported by its citation: {escape(line, 600)}</li>" for line in doubtful)
    return (
        '<p class="outcome answered"><span class="badge">Changed</span></p>'
        f'<ul class="revised">{items}{doubts}</ul>'
    )
