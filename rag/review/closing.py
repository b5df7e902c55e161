"""The last sections of a review: findings that point the same way or not, and what is left open.

Two findings are set side by side where their sentences are near in meaning, share telling words and
speak of one scale (amount, quality, speed); the signs of their direction words say which way each points.
Wording is compared, not studies, and the section says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.comparison import signs
from rag.evidence import Candidate
from rag.relevance import FOUND
from rag.review.counting import number_word
from rag.review.document import Paragraph, Part, ReviewStatement, Section, Table
from rag.review.draft import open_questions
from rag.terms import REPORTING_STEMS
from rag.wording import clumsy

NEAR = 0.6  # cosine of two findings from which they speak of one matter
_TELLING = 4  # words of substance that they must share
_MOST_PAIRS = 3  # of each kind
_MOST_OPEN = 5
_SCALES = ("amount", "quality", "speed", "effect")

Quote = Callable[[Candidate, int], ReviewStatement]  # a sentence of a paper, by its place, as a statement


@dataclass(frozen=True, slots=True)
class Pair:
    """Two findings on one matter, the nearer the higher `cosine`; `same` when they point one way."""

    first: tuple[Candidate, int]
    second: tuple[Candidate, int]
    cosine: float
    same: bool


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


def find_pairs(papers: Sequence[Candidate]) -> Iterator[Pair]:
    """The nearest pair of findings of every two papers that is near enough and has a direction."""
    found = [(paper, i) for paper in papers for i in _findings(paper)]
    best: dict[frozenset[str], Pair] = {}
    for (a, i), (b, j) in combinations(found, 2):
        names = frozenset((a.paper.id, b.paper.id))
        if len(names) < 2:
            continue
        cosine = float(a.sentences.vectors[i] @ b.sentences.vectors[j])
        shared = (a.sentences.stems[i] & b.sentences.stems[j]) - REPORTING_STEMS
        way = _way(a.sentences.texts[i], b.sentences.texts[j])
        if cosine < NEAR or len(shared) < _TELLING or way is None:
            continue
        if names not in best or best[names].cosine < cosine:
            best[names] = Pair((a, i), (b, j), cosine, way)
    yield from best.values()


def _findings(paper: Candidate) -> list[int]:
    return [i for i, text in enumerate(paper.sentences.texts) if FOUND.search(text) and not clumsy(text)]


def _way(first: str, second: str) -> bool | None:
    """Whether two findings point one way on the scales they share; None when they share none."""
    one, other = signs(first), signs(second)
    ways = {one[s] * other[s] > 0 for s in _SCALES if one.get(s) and other.get(s)}
    return ways.pop() if len(ways) == 1 else None


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


_STATED = {"Data": "the size of the data", "Main result": "a main result", "Limits": "a limit"}


def _silences(table: Table) -> Iterator[ReviewStatement]:
    count = len(table.rows)
    for at, column in enumerate(table.columns):
        spoken = [cell for row in table.rows if (cell := row.cells[at]) is not None]
        if column not in _STATED or 2 * len(spoken) >= count:
            continue
        few = f"only {number_word(len(spoken))}" if spoken else "none"
        whole = number_word(count)
        text = f"In {few} of the {whole} abstracts was a sentence found that states {_STATED[column]}."
        yield ReviewStatement(text, tuple(cell.passage for cell in spoken), counted=True)
