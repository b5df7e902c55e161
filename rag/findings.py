"""What abstracts of a set say of one another: findings that point one way or apart, and what is left open.

Two findings are set side by side where their sentences are near in meaning, share telling words and
speak of one scale (amount, quality, speed); the signs of their direction words say which way each points.
Wording is compared, not studies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.comparison import signs
from rag.evidence import Candidate
from rag.relevance import FOUND
from rag.terms import REPORTING_STEMS
from rag.wording import clumsy

NEAR = 0.6  # cosine of two findings from which they speak of one matter
_TELLING = 4  # words of substance that they must share
_SCALES = ("amount", "quality", "speed", "effect")
_LATE = 0.55  # part of an abstract before which a lack is that of earlier work
_OPEN = re.compile(
    r"\b(?:future (?:work|studies|research) (?:should|will|must|is|needs?)|"
    r"limitations? (?:of (?:this|our)|include|is|are|remain)|"
    r"remain(?:s|ed|ing)? (?:a challenge|challenging|open|unclear|limited|difficult|to be)|"
    r"still (?:fail|lag|struggle|fall)\w*|room for improvement|did not (?:improve|help)|"
    r"(?:is|are|was|were) not yet|cannot yet|"
    r"need(?:s|ed)? (?:for )?(?:further|more|larger)|(?:needed|required|warranted)\.$)",
    re.I,
)
_PROPOSES = re.compile(
    r"\b(?:we|authors|paper|study|work|article) (?:\w+ )?"
    r"(?:propos|introduc|present|describ|develop|design|aim|investigat|explor)\w*",
    re.I,
)
_OFFERS = re.compile(
    r"\b(?:release|open-?source|facilitat|publicly|overcome|address|mitigat|support)\w*", re.I
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two findings on one matter, the nearer the higher `cosine`; `same` when they point one way."""

    first: tuple[Candidate, int]
    second: tuple[Candidate, int]
    cosine: float
    same: bool


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
    """The places of sentences that tell what was found, not what was proposed or set out for."""
    return [
        i
        for i, text in enumerate(paper.sentences.texts)
        if FOUND.search(text) and not _PROPOSES.search(text) and not clumsy(text)
    ]


def _way(first: str, second: str) -> bool | None:
    """Whether two findings point one way on the scales they share; None when they share none."""
    one, other = signs(first), signs(second)
    ways = {one[s] * other[s] > 0 for s in _SCALES if one.get(s) and other.get(s)}
    return ways.pop() if len(ways) == 1 else None


def open_places(papers: Sequence[Candidate]) -> Iterator[tuple[Candidate, int]]:
    """The place of the first sentence in each paper's later part that names a limit or work to be done."""
    for paper in papers:
        texts = paper.sentences.texts
        for i, text in enumerate(texts):
            if i >= _LATE * (len(texts) - 1) and _is_open(text):
                yield paper, i
                break


def _is_open(text: str) -> bool:
    """Whether a sentence tells of what is left to do, and not of what was done about it."""
    return bool(_OPEN.search(text)) and not _OFFERS.search(text) and not clumsy(text)
