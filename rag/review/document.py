"""A review as one value: what is said, which passage each sentence rests on, and which papers were left out.

Every writer (Markdown, Word, LaTeX, HTML, JSON) renders this and nothing else, so all of them say the
same with the same figures. Papers are named by id; numbers and keys are given out here, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from index.types import Paper
from rag.types import Origin, Verdict


class Part(StrEnum):
    """What a section is for."""

    THEME = "theme"
    AGREEMENTS = "agreements"
    GAPS = "gaps"


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a paper's abstract: `abstract[start:end] == quote`."""

    paper_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class ReviewStatement:
    """One sentence of a review, ending in its mark, without citation markers.

    `passages` are what it rests on, in the order of citing. `counted` marks a sentence about the set,
    which code counted; it may stand without passages where it counts what no abstract says.
    """

    text: str
    passages: tuple[Passage, ...]
    verdict: Verdict = Verdict.SUPPORTED
    support: float = 1.0
    origin: Origin = Origin.COMPOSED
    counted: bool = False

    @property
    def cited(self) -> tuple[str, ...]:
        """Ids of the cited papers, each once, in order."""
        return tuple(dict.fromkeys(p.paper_id for p in self.passages))


Paragraph = tuple[ReviewStatement, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs, the papers that have their place here, and sections below it."""

    heading: str
    paragraphs: tuple[Paragraph, ...] = ()
    papers: tuple[str, ...] = ()
    question: str | None = None
    children: tuple[Section, ...] = ()
    part: Part = Part.THEME

    @property
    def statements(self) -> Iterator[ReviewStatement]:
        """All statements in reading order, those of sections below included."""
        for paragraph in self.paragraphs:
            yield from paragraph
        for child in self.children:
            yield from child.statements

    @property
    def placed(self) -> tuple[str, ...]:
        """Ids of the papers here and below."""
        return (*self.papers, *(i for child in self.children for i in child.placed))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the summary table: what is shown, and the passage it was taken from."""

    text: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Row:
    """One paper in the summary table; a cell is None where the abstract is silent."""

    paper_id: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The summary table: the names of its columns beside the paper's own, and a row a paper."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A whole review. `papers` and `keys` are by paper id; `made` says with what it was made.

    `places` are those of the papers on the map of topics, each in [0, 1]; empty without a map.
    """

    topic: str
    title: str
    scope: Paragraph
    sections: tuple[Section, ...]
    table: Table
    papers: Mapping[str, Paper]
    keys: Mapping[str, str]
    coverage: Mapping[str, Any] = field(default_factory=dict)
    made: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, ...]:
        """Ids of the cited papers in the order of their first citation; a reference's number is its place."""
        cited = [i for s in self.statements for i in s.cited]
        return tuple(dict.fromkeys([*cited, *(row.paper_id for row in self.table.rows)]))

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each reference, from 1."""
        return {i: n for n, i in enumerate(self.order, 1)}

    @property
    def references(self) -> list[tuple[Paper, str]]:
        """The cited papers with their keys, in the order of citing."""
        return [(self.papers[i], self.keys[i]) for i in self.order]

    @property
    def statements(self) -> Iterator[ReviewStatement]:
        """All statements in reading order."""
        yield from self.scope
        for section in self.sections:
            yield from section.statements


def walk(sections: Sequence[Section], level: int = 1) -> Iterator[tuple[int, Section]]:
    """Sections with their level, from 1, in reading order."""
    for section in sections:
        yield level, section
        yield from walk(section.children, level + 1)
