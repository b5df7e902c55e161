"""What answers a question that compares: papers side by side by aspects, and what holds of them together.

Nothing is generated: cells are parts of the abstracts' own sentences in the third person, as `ibid compare`
finds them; the sentences above them are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from index.cleaning import readable, shortened
from index.types import Paper
from rag.compare.aspects import Found, aspects_of
from rag.compare.figures import Figure, figure_columns
from rag.compare.kinds import kind_of
from rag.compare.table import KIND
from rag.evidence import question_names
from rag.phrases import mentions, shared_phrases
from rag.terms import content_stems, number_word
from rag.types import AnswerTable, Evidence, Origin, Statement, TableCell, TableRow, Verdict
from rag.wording import short_name, third_person

CLOSEST = "Closest to the question"
_NAME = 48  # characters of a title that heads a column
_MOST_FIGURES = 4  # rows
_MOST_SHARED = 2  # phrases
_TELLING = 3  # words of a phrase; longer ones are clauses
_VOWELS = tuple("aeiou")


class Compared:
    """Papers that a question names, side by side.

    :param evidence: one a paper, with the sentences that bear on the question.
    """

    def __init__(self, question: str, evidence: Sequence[Evidence]) -> None:
        self._evidence = evidence
        self._papers = [e.paper for e in evidence]
        self._kinds = {p.id: kind_of(p) for p in self._papers}
        self._names = dict(zip([p.id for p in self._papers], _names(question, self._papers), strict=True))

    def table(self) -> AnswerTable:
        """A column a paper; rows that no paper fills are left out. What comes closest to the question has a
        row of its own where no other row says it.
        """
        numbers = {e.paper.id: e.number for e in self._evidence}
        cells = [{KIND: self._kinds[p.id], **aspects_of(p)} for p in self._papers]
        rows = [_row(name, [held[name] for held in cells], numbers) for name in cells[0]]
        for column in [c for c in figure_columns(self._papers) if len(c.values) > 1][:_MOST_FIGURES]:
            figures = [_shown(column.values.get(paper.id)) for paper in self._papers]
            rows.append(_row(column.name[:1].upper() + column.name[1:], figures, numbers))
        told = {(c.n, c.start) for row in rows for c in row.cells if c}
        best = [(e.paper.id, e.best) for e in self._evidence]
        if any((numbers[i], sentence.start) not in told for i, sentence in best):
            closest = [Found(i, readable(s.text), s.start, s.end, s.text) for i, s in best]
            rows.append(_row(CLOSEST, closest, numbers))
        filled = tuple(row for row in rows if any(row.cells))
        return AnswerTable(tuple(self._names.values()), tuple(numbers.values()), filled)

    def statements(self) -> list[Statement]:
        """What each of the papers calls its work, and what they share or have alone; counted."""
        numbers = tuple(e.number for e in self._evidence)
        count = number_word(len(self._papers)).capitalize()
        said = [f"{count} papers of this library are compared{self._called()}."]
        if differ := self._shared_and_own():
            said.append(f"{differ}.")
        return [Statement(text, numbers, Verdict.SUPPORTED, 1.0, Origin.COMPOSED) for text in said]

    def _called(self) -> str:
        """What the papers call their work, behind a colon; "" where fewer than two say."""
        kinds = [(self._names[p.id], kind.text) for p in self._papers if (kind := self._kinds[p.id])]
        if len(kinds) < 2:
            return ""
        if len({kind for _, kind in kinds}) == 1 and len(kinds) == len(self._papers):
            whole = "both" if len(self._papers) == 2 else "all"
            return f": {whole} call their work {_article(kinds[0][1])}"
        named = [f"{name} calls its work {_article(kind)}" for name, kind in kinds]
        return f": {', '.join(named[:-1])} and {named[-1]}"

    def _shared_and_own(self) -> str:
        """Phrases that all of the papers use, and for each the first that no other uses."""
        papers = self._papers
        phrases = shared_phrases(papers, least=len(papers))
        shared = [f"“{p.text}”" for p in phrases if len(p.stems) > 1][:_MOST_SHARED]
        whole = "Both" if len(papers) == 2 else f"All {number_word(len(papers))}"
        parts = [f"{whole} speak of {' and '.join(shared)}"] if shared else []
        named = {stem for name in self._names.values() for stem in content_stems(name)}
        own = [f"{self._names[p.id]} alone speaks of “{phrase}”" for p, phrase in _own(papers, named)]
        return "; ".join([*parts, *own])


def _names(question: str, papers: Sequence[Paper]) -> Iterator[str]:
    """What each paper is called: by its short name, else as the question calls it, else by its title, cut."""
    asked = sorted(question_names(question))
    texts = {paper.id: _text(paper) for paper in papers}
    for paper in papers:
        often = {n: {i: text.count(n) for i, text in texts.items()} for n in asked}
        called = (_as_asked(question, n) for n in asked if _most(often[n], paper.id))
        as_asked = max((name for name in called if name), key=len, default=None)
        yield short_name(paper) or as_asked or shortened(readable(paper.label), _NAME)


def _as_asked(question: str, name: str) -> str | None:
    """A name as the question writes it, with the capitals and figures behind it: "Tidal Net 2"."""
    at = question.lower().find(name)
    if at < 0:
        return None
    end = at + len(name)
    more = re.match(r"(?: [A-Z\d][\w.-]*\b)*", question[end:])
    return question[at:end] + (more.group() if more else "")


def _most(counts: Mapping[str, int], paper_id: str) -> bool:
    """Whether one paper has more than any other."""
    return counts[paper_id] > max((count for i, count in counts.items() if i != paper_id), default=0)


def _text(paper: Paper) -> str:
    return readable(f"{paper.title or ''} {paper.abstract}").lower()


def _row(aspect: str, found: Sequence[Found | None], numbers: Mapping[str, int]) -> TableRow:
    return TableRow(aspect, tuple(_cell(f, numbers) if f else None for f in found))


def _cell(found: Found, numbers: Mapping[str, int]) -> TableCell:
    return TableCell(numbers[found.paper_id], third_person(found.text), found.quote, found.start, found.end)


def _shown(figure: Figure | None) -> Found | None:
    """A figure as printed, as a cell's text."""
    if figure is None:
        return None
    return Found(figure.paper_id, figure.shown, figure.start, figure.end, figure.quote)


def _article(kind: str) -> str:
    if kind.endswith("s") and not kind.endswith(("ss", "is", "us")):
        return kind
    return f"{'an' if kind.lower().startswith(_VOWELS) else 'a'} {kind}"


def _own(papers: Sequence[Paper], named: set[str]) -> Iterator[tuple[Paper, str]]:
    """Papers with the phrase of theirs that sets them apart: short, and of the title if it can be.

    :param named: stems of the papers' names, which say nothing new.
    """
    for paper in papers:
        others = [other for other in papers if other is not paper]
        alone = [
            p
            for p in shared_phrases([paper], least=1)
            if len(p.stems) > 1
            and not named & set(content_stems(p.text))
            and not any(mentions(other, p.stems) for other in others)
        ]
        best = max(alone, key=lambda p: (len(p.stems) <= _TELLING, p.titled), default=None)
        if best is not None:
            yield paper, best.text
