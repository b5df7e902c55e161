"""How sure it is, before anything is written, that a survey will answer its question and answer it well."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.evidence import Candidate
from rag.odds import logistic

SURE = 4.0  # added to how far the best paper bears on it: log-odds that the library answers; by eye
FIRST_PAPERS = 6  # of each ranking, over which rankings agree
# How good a survey is to be, without agreement and for each unit of it: the line through the harmonic mean of
# recall and precision of development surveys, with which agreement goes at a correlation of 0.57.
WHOLE, AGREED = 0.4, 0.5


def survey_sureness(found: Sequence[Candidate], close: float) -> float:
    """How sure it is that something bears on the question: by the paper that bears most on it, or by the
    closest sentence where none was read.
    """
    read = [c.bears for c in found if c.bears is not None]
    return logistic(max(read) + SURE) if read else close


def wholeness(found: Sequence[Candidate], sure: float) -> float:
    """How good a survey of these papers is to be, in [0, 1]: by how sure it is that there is something to
    say, and how far its rankings agree on which papers come first; `sure` where none was read.

    That rankings made by different means agree where a query is answered well is known of search engines
    (Shtok, Kurland & Carmel 2016).
    """
    if any(c.bears is None for c in found):
        return sure
    return sure * (WHOLE + AGREED * _agreement(found))


def _agreement(found: Sequence[Candidate]) -> float:
    """The share of first papers, by how far they bear on the question, that fusion, judgement and reader put
    first as well; their mean.
    """
    rankings: tuple[Callable[[Candidate], float], ...] = (
        lambda c: c.hit.scores.fused or 0.0,
        lambda c: c.judged.relevance,
        lambda c: c.read,
    )
    first = _first(found, lambda c: c.bears or 0.0)
    return sum(len(first & _first(found, ranking)) for ranking in rankings) / (len(rankings) * len(first))


def _first(found: Sequence[Candidate], ranking: Callable[[Candidate], float]) -> set[str]:
    return {c.paper.id for c in sorted(found, key=ranking, reverse=True)[:FIRST_PAPERS]}
