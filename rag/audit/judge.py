"""Does a cited paper say what the sentence says? Two witnesses: the word check and the stance model.

`rag.verify` knows what differs (a number, a name, a denial, a direction), the stance of `rag.claims`
knows what is near. Where several papers are cited together a number may come from any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Paper
from rag.audit.report import CitationVerdict
from rag.claims import ClaimFinder
from rag.stance import Candidate, Stance
from rag.types import Verdict
from rag.verify import Check, Verifier


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one paper says of one text, why, and the passage that decides."""

    verdict: CitationVerdict
    support: float
    why: tuple[str, ...]
    start: int
    end: int


class Judge:
    """Holds sentences against papers of one library."""

    def __init__(self, verifier: Verifier, finder: ClaimFinder) -> None:
        self._verifier = verifier
        self._finder = finder

    def judge(self, text: str, papers: Sequence[Paper]) -> dict[str, Judgement]:
        """The judgement on each paper with an abstract, by its id."""
        weighed = self._finder.weigh(text, papers)
        wanted = {p.id for p in papers}
        return {
            candidate.paper.id: self._one(text, candidate, stance)
            for candidate, stance in zip(weighed.candidates, weighed.stances, strict=True)
            if candidate.paper.id in wanted
        }

    def _one(self, text: str, candidate: Candidate, stance: Stance) -> Judgement:
        check = self._verifier.check(text, [candidate.paper])
        start, end = candidate.sentences.spans[stance.best]
        return Judgement(_verdict(check, stance), check.support, check.faults, start, end)


def _verdict(check: Check, stance: Stance) -> CitationVerdict:
    if check.verdict is Verdict.SUPPORTED:
        return CitationVerdict.SUPPORTED
    if check.verdict is Verdict.PARTLY:
        return CitationVerdict.PARTLY
    return CitationVerdict.NOT_SUPPORTED
