"""The last sections of a review: findings that point the same way or not, and what is left open.

Wording is compared, not studies (`rag.findings`), and the section says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rag.evidence import Candidate
from rag.findings import Pair, find_pairs
from rag.review.document import Paragraph, Part, ReviewStatement, Section, Table
from rag.review.draft import open_questions
from rag.terms import number_word

_MOST_PAIRS = 3  # of each kind
_MOST_OPEN = 5

Quote = Callable[[Candidate, int], ReviewStatement]  # a sentence of a paper, by its place, as a statement


def agreements(papers: Sequence[Candidate], quote: Quote) -> Section | None:
    """Findings that point the same way, and those that do not; None where none are near enough."""
    pairs = sorted(find_pairs(papers), key=lambda p: -p.cosine)
    children = []
    for same, heading in ((True, "Findings that point the same way"), (False, "Findings that point apart")):
        kept: list[Pair] = []
        for pair in pairs:
            used = {c.paper.id for k in kept for c, _ in (k.first, k.second)}
            if pair.same is same and not used & {pair.first[0].paper.id, pair.second[0].paper.id}:
                kept.append(pair)
        told = tuple((quote(*p.first), quote(*p.second)) for p in kept[:_MOST_PAIRS])
        if told:
            children.append(Section(heading, told, part=Part.AGREEMENTS))
    if not children:
        return None
    note = ReviewStatement(
        "Findings of two abstracts in near wording stand side by side here; their wording was compared, "
        "not their data or methods.", (), counted=True,
    )  # fmt: skip
    return Section("Agreements and disagreements", ((note,),), children=tuple(children), part=Part.AGREEMENTS)


def gaps(
    papers: Sequence[Candidate], table: Table, sections: Sequence[Section], quote: Quote
) -> Section | None:
    """What few or none of the abstracts state, counted from the table, and what they leave open."""
    paragraphs: list[Paragraph] = []
    counted = tuple(_silences(table))
    if counted:
        paragraphs.append(counted)
    told = {(p.paper_id, p.start) for s in sections for x in s.statements for p in x.passages}
    left = []
    for one in open_questions(papers):
        if (one.passage.paper_id, one.passage.start) not in told:
            left.append(quote(one.paper, one.place))
    if left:
        paragraphs.append(tuple(left[:_MOST_OPEN]))
    return Section("Gaps and open questions", tuple(paragraphs), part=Part.GAPS) if paragraphs else None


_STATED = {
    "Data": "The size of the data was",
    "Main result": "A main result was",
    "Limits": "Limits of the authors' own work were",
}


def _silences(table: Table) -> Iterator[ReviewStatement]:
    count = len(table.rows)
    for at, column in enumerate(table.columns):
        spoken = [cell for row in table.rows if (cell := row.cells[at]) is not None]
        if column not in _STATED or 2 * len(spoken) >= count:
            continue
        few = f"only {number_word(len(spoken))}" if spoken else "none"
        whole = number_word(count)
        text = f"{_STATED[column]} recognised in {few} of the {whole} abstracts."
        yield ReviewStatement(text, tuple(cell.passage for cell in spoken), counted=True)
