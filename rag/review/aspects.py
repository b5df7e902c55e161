"""The summary table of a review: a paper's aspects as `rag.compare` reads them, told in the third person."""

from __future__ import annotations

from index.types import Paper
from rag.compare.aspects import USUAL, Found, aspects_of
from rag.review.document import Cell, Passage, Row
from rag.wording import third_person

COLUMNS = USUAL


def row_of(paper: Paper) -> Row:
    """The row of a paper; a cell is None where the abstract is silent."""
    return Row(paper.id, tuple(_cell(found) for found in aspects_of(paper).values()))


def _cell(found: Found | None) -> Cell | None:
    if found is None:
        return None
    passage = Passage(found.paper_id, found.start, found.end, found.quote)
    return Cell(third_person(found.text), passage)
