"""Papers side by side as one value: aspects, figures, and the sentence behind every cell.

Every writer renders this and nothing else, so all forms say the same with the same figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from index.cleaning import readable
from index.types import Paper
from rag.addressed import not_english
from rag.compare.asked import LoadReader, asked_aspect
from rag.compare.aspects import USUAL, Found, aspects_of
from rag.compare.figures import Figure, FigureColumn, figure_columns
from rag.compare.kinds import kind_of
from rag.types import NOT_STATED

NOT_READ = "not read: the abstract is not in English"
KIND = "Type"
MOST_ASPECTS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One paper; a cell is None where its abstract is silent."""

    paper: Paper
    key: str
    cells: tuple[Found | None, ...]

    @property
    def title(self) -> str:
        """The title, readable."""
        return readable(self.paper.label)

    @property
    def silence(self) -> str:
        """What is shown for a cell that is None."""
        return NOT_READ if not_english(self.paper.abstract) else NOT_STATED


@dataclass(frozen=True, slots=True)
class Comparison:
    """The table: names of the aspects, a row a paper, the columns of figures."""

    aspects: tuple[str, ...]
    rows: tuple[Row, ...]
    figures: tuple[FigureColumn, ...]
    question: str | None = None

    def figure(self, column: FigureColumn, row: Row) -> Figure | None:
        """The figure of a paper in a column."""
        return column.values.get(row.paper.id)

    def to_dict(self) -> dict[str, Any]:
        """The shape `ibid.compare/1`."""
        return {
            "schema": "ibid.compare/1",
            "question": self.question,
            "aspects": list(self.aspects),
            "figures": [{"name": c.name, "unit": c.unit} for c in self.figures],
            "papers": [self._row_dict(row) for row in self.rows],
        }

    def _row_dict(self, row: Row) -> dict[str, Any]:
        cells = zip(self.aspects, row.cells, strict=True)
        return {
            "paper_id": row.paper.id,
            "key": row.key,
            "title": row.paper.title,
            "year": row.paper.year,
            "cells": {name: _cell_dict(cell) if cell else None for name, cell in cells},
            "figures": {c.name: _figure_dict(f) for c in self.figures if (f := self.figure(c, row))},
        }


def _cell_dict(cell: Found) -> dict[str, Any]:
    return {"text": cell.text, "start": cell.start, "end": cell.end, "quote": cell.quote}


def _figure_dict(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "unit": figure.unit,
        "shown": figure.shown,
        "start": figure.start,
        "end": figure.end,
        "quote": figure.quote,
    }


def compare(
    papers: Sequence[Paper],
    key: Callable[[Paper], str],
    load_reader: LoadReader,
    aspects: Sequence[str] = (),
    question: str | None = None,
) -> Comparison:
    """The papers by the usual aspects, or by those asked for, in the given order."""
    names = tuple(dict.fromkeys(aspects)) or (KIND, *USUAL)
    if aspects:
        columns = [asked_aspect(name, papers, load_reader) for name in names]
        cells = [tuple(column[i] for column in columns) for i in range(len(papers))]
    else:
        cells = [(kind_of(paper), *aspects_of(paper).values()) for paper in papers]
    rows = tuple(Row(paper, key(paper), held) for paper, held in zip(papers, cells, strict=True))
    return Comparison(names, rows, figure_columns(papers), question)
