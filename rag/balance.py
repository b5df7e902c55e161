"""The balance of evidence on a question of yes or no: papers for and against, counted from their leanings.

Nothing here is generated. The papers of the side that more of them take come first, those against as
clearly behind them, then those that leave it open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from rag.decision import Leaning
from rag.terms import number_word
from rag.types import Decision, Evidence, Origin, Statement, Verdict

HEADINGS = {Decision.YES: "Yes", Decision.NO: "No", Decision.MAYBE: "Undecided"}

T = TypeVar("T")


def decision(leanings: Sequence[Leaning]) -> Decision:
    """What more papers say; maybe, where as many say yes as no, or none says either."""
    said = [leaning.decision for leaning in leanings]
    ahead = said.count(Decision.YES) - said.count(Decision.NO)
    if ahead == 0:
        return Decision.MAYBE
    return Decision.YES if ahead > 0 else Decision.NO


def grouped(papers: Sequence[tuple[T, Leaning]]) -> list[tuple[T, Leaning]]:
    """The papers by side, the larger first and the undecided last; within a side in their order."""
    said = [leaning.decision for _, leaning in papers]
    sides = sorted((Decision.YES, Decision.NO), key=lambda side: -said.count(side))
    order = [*sides, Decision.MAYBE]
    return sorted(papers, key=lambda pair: order.index(pair[1].decision))


def headings(leanings: Mapping[int, Leaning]) -> dict[int, str]:
    """The side of each evidence number as a heading; none where all are on one."""
    if len({leaning.decision for leaning in leanings.values()}) < 2:
        return {}
    return {number: HEADINGS[leaning.decision] for number, leaning in leanings.items()}


def opening(evidence: Sequence[Evidence], leanings: Mapping[int, Leaning]) -> Statement | None:
    """How many of the papers read as a yes and how many as a no. It says how they read, for a reading may be
    wrong; its support is how sure the readings are, and it is partly supported where one only leans.
    """
    told = [leanings[e.number] for e in evidence if e.number in leanings]
    if not told:
        return None
    support = sum(leaning.share for leaning in told) / len(told)
    numbers = tuple(e.number for e in evidence if e.number in leanings)
    verdict = Verdict.SUPPORTED if all(leaning.sure for leaning in told) else Verdict.PARTLY
    return Statement(_counted(told), numbers, verdict, support, Origin.COMPOSED)


def _counted(told: Sequence[Leaning]) -> str:
    counts: dict[tuple[str, str], int] = {}
    for leaning in told:
        counts[_says(leaning)] = counts.get(_says(leaning), 0) + 1
    if len(told) == 1:
        ((one, _),) = counts
        return f"One paper was found that speaks to this question; it {one}."
    if len(counts) == 1:
        ((_, many),) = counts
        every = "Both" if len(told) == 2 else f"All {number_word(len(told))}"
        return f"{every} papers found to speak to this question {many}."
    parts = [f"{number_word(n)} {one if n == 1 else many}" for (one, many), n in counts.items()]
    said = f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Of the {number_word(len(told))} papers found to speak to this question, {said}."


def _says(leaning: Leaning) -> tuple[str, str]:
    """The verb of one paper and of several."""
    if leaning.decision is Decision.MAYBE:
        return "leaves it open", "leave it open"
    if leaning.sure:
        return f"reads as a {leaning.decision}", f"read as a {leaning.decision}"
    return f"leans towards {leaning.decision}", f"lean towards {leaning.decision}"
