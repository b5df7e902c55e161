"""Figures side by side: the same measure as several abstracts report it.

Which figures an abstract states is read by `rag.compare.figures`, one a paper and measure.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Paper
from rag.compare.figures import Figure, figures_of
from rag.review.document import Passage, ReviewStatement
from rag.terms import number_word
from rag.wording import short_name

_LEAST = 2  # papers that must report a measure


def side_by_side(papers: Sequence[Paper]) -> list[ReviewStatement]:
    """A sentence for each measure that at least two of the papers report, most reported first."""
    by_measure: dict[str, list[tuple[Paper, Figure]]] = {}
    for paper in papers:
        for figure in figures_of(paper):
            by_measure.setdefault(figure.measure, []).append((paper, figure))
    shared = sorted((m for m in by_measure.items() if len(m[1]) >= _LEAST), key=lambda m: (-len(m[1]), m[0]))
    return [_sentence(measure, rows, len(papers)) for measure, rows in shared[:2]]


def _sentence(measure: str, rows: Sequence[tuple[Paper, Figure]], of: int) -> ReviewStatement:
    figures = [_named(paper, figure) for paper, figure in rows]
    listed = f"{', '.join(figures[:-1])} and {figures[-1]}"
    text = (
        f"{number_word(len(rows)).capitalize()} of the {number_word(of)} abstracts state a figure for "
        f"{measure}: {listed}; data and tasks differ, so the figures do not rank them."
    )
    return ReviewStatement(
        text, tuple(Passage(f.paper_id, f.start, f.end, f.quote) for _, f in rows), counted=True
    )


def _named(paper: Paper, figure: Figure) -> str:
    name = short_name(paper)
    return f"{figure.shown} ({name})" if name else figure.shown
