"""The last sections of a review: where the papers agree or differ, and what they leave open."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evidence import Candidate
from rag.review.counting import number_word
from rag.review.document import Paragraph, Part, ReviewStatement, Section, Table


def agreements(papers: Sequence[Candidate]) -> Section | None:
    """Findings that point the same way, and those that may not."""
    return None


def gaps(papers: Sequence[Candidate], table: Table) -> Section | None:
    """What few or none of the abstracts state, counted from the table."""
    paragraphs: list[Paragraph] = []
    counted = _silences(table)
    if counted:
        paragraphs.append(tuple(counted))
    return Section("Gaps and open questions", tuple(paragraphs), part=Part.GAPS) if paragraphs else None


def _silences(table: Table) -> list[ReviewStatement]:
    count = len(table.rows)
    found = []
    for at, column in enumerate(table.columns):
        spoken = [row.cells[at] for row in table.rows if row.cells[at] is not None]
        if column in ("Data", "Main result", "Limits") and len(spoken) < count:
            told = "None" if not spoken else f"Only {number_word(len(spoken))}"
            what = {"Data": "the size of the data", "Main result": "a main result", "Limits": "a limit"}[
                column
            ]
            text = (
                f"{told} of the {number_word(count)} abstracts state{'s' if len(spoken) == 1 else ''} {what}."
            )
            passages = tuple(cell.passage for cell in spoken if cell is not None)
            found.append(ReviewStatement(text, passages if 2 * len(spoken) < count else (), counted=True))
    return found
