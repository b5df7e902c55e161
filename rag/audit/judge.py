"""Does a cited paper say what the sentence says? Two witnesses: the word check and the stance model.

`rag.verify` knows what differs (a number, a name, a denial, a direction), the stance of `rag.claims`
knows what is near. Where several papers are cited together a number may come from any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.cleaning import readable
from index.types import Paper
from rag.audit.claimed import behind, spoken
from rag.audit.draft import DraftSentence
from rag.audit.numbers import Differing, differing
from rag.audit.report import WORST_FIRST, CitationVerdict, Suggestion
from rag.claims import LONGEST, ClaimFinder
from rag.stance import Candidate, Stance
from rag.types import Verdict
from rag.verify import Check, Verifier

_SUGGESTED = 3  # papers for an uncited sentence
_SURE = 0.6  # probability of support from which an uncited sentence gets a paper
_ABOUT_IT = 0.5  # lexical support from which a paper is on the sentence's matter
_SPEAKS = 0.5  # probability from which it is on its matter, whatever the words


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one paper says of one text, why, and the passage that decides."""

    verdict: CitationVerdict
    support: float
    why: tuple[str, ...]
    start: int
    end: int
    numbers: tuple[Differing, ...] = ()


class Judge:
    """Holds sentences against papers of one library."""

    def __init__(self, verifier: Verifier, finder: ClaimFinder, key: Callable[[Paper], str]) -> None:
        self._verifier = verifier
        self._finder = finder
        self._key = key

    def judge(
        self, sentence: DraftSentence, papers: Mapping[str, Paper | None]
    ) -> dict[tuple[str, int], Judgement]:
        """The judgement on each cited paper with an abstract, by key and marker.

        Of the texts that a marker may stand behind the one that fits its paper best counts.
        """
        known = {p.id: p for p in papers.values() if p is not None}
        texts = behind(replace(sentence, text=spoken(readable(sentence.text))[:LONGEST]))
        held = (
            {text: self._held(text, list(known.values())) for t in texts.values() for text in t}
            if known
            else {}
        )
        found = {}
        for cite in sentence.cites:
            paper = papers.get(cite.key)
            judged = (
                [held[text][paper.id] for text in texts[cite.group] if paper.id in held[text]]
                if paper
                else []
            )
            if judged:
                found[cite.key, cite.group] = max(
                    judged, key=lambda j: (WORST_FIRST.index(j.verdict), j.support)
                )
        return found

    def _held(self, text: str, papers: Sequence[Paper]) -> dict[str, Judgement]:
        """What each paper says of one text, by its id."""
        weighed = self._finder.weigh(text, papers)
        wanted = {p.id for p in papers}
        numbers = tuple(differing(text, papers))
        return {
            candidate.paper.id: self._one(text, candidate, stance, numbers)
            for candidate, stance in zip(weighed.candidates, weighed.stances, strict=True)
            if candidate.paper.id in wanted
        }

    def _one(
        self, text: str, candidate: Candidate, stance: Stance, numbers: tuple[Differing, ...]
    ) -> Judgement:
        check = self._verifier.check(text, [candidate.paper])
        start, end = candidate.sentences.spans[stance.best]
        faults = tuple(f for f in check.faults if not _is_excused(f, numbers))
        about = check.support >= _ABOUT_IT or stance.speaks >= _SPEAKS
        verdict = _verdict(replace(check, faults=faults), stance)
        return Judgement(verdict, check.support, faults, start, end, numbers if about else ())

    def suggest(self, text: str, cited: frozenset[str]) -> tuple[Suggestion, ...]:
        """Papers that support an uncited sentence; none where a paper cited around it does."""
        plain = spoken(readable(text))[:LONGEST]
        weighed = self._finder.weigh(plain)
        found = []
        for candidate, stance in zip(weighed.candidates, weighed.stances, strict=True):
            if stance.supports < _SURE:
                continue
            if self._verifier.check(plain, [candidate.paper]).verdict is not Verdict.SUPPORTED:
                continue
            if candidate.paper.id in cited:
                return ()
            found.append(self._suggestion(candidate, stance))
        found.sort(key=lambda s: -s.score)
        return tuple(found[:_SUGGESTED])

    def _suggestion(self, candidate: Candidate, stance: Stance) -> Suggestion:
        paper, (start, end) = candidate.paper, candidate.sentences.spans[stance.best]
        quote = paper.abstract[start:end]
        return Suggestion(paper, self._key(paper), stance.supports, quote, start, end)


def _is_excused(fault: str, numbers: tuple[Differing, ...]) -> bool:
    """Whether a number that the check misses is in a cited abstract after all, rounded or elsewhere."""
    shown = fault.removeprefix("number ").removesuffix(" is not in the source")
    return (
        fault.startswith("number ")
        and fault.endswith(" is not in the source")
        and (any(c.isdigit() for c in shown) and all(shown != n.said for n in numbers))
    )


def _verdict(check: Check, stance: Stance) -> CitationVerdict:
    if check.faults:
        return CitationVerdict.NOT_SUPPORTED
    return CitationVerdict.SUPPORTED
