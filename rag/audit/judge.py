"""Does a cited paper say what the sentence says? Two witnesses: the word check and the stance model.

Whether a paper is on the matter at all is left to the stance, which tells free wording from another
subject; what differs is left to the words. A sentence in the abstract's own words needs no second
witness. Where several papers are cited together a number may come from any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper
from rag.audit.claimed import behind, spoken
from rag.audit.contrast import Rarity, contradictions, contrary_word
from rag.audit.draft import DraftSentence
from rag.audit.numbers import Differing, differing, swapped
from rag.audit.report import CitationVerdict, Suggestion
from rag.claims import LONGEST, ClaimFinder
from rag.stance import Candidate, Stance
from rag.terms import content_stems, numbers
from rag.types import Verdict
from rag.verify import Check, Verifier

_SUGGESTED = 3  # papers for an uncited sentence
_SURE = 0.6  # probability of support from which an uncited sentence gets a paper
# Of 337 sentences cited to a wrong paper, half of them to a near one, none reached 0.1; of 337 in free
# wording that were cited rightly, two stood below.
_SPEAKS = 0.1
_WORDED = 0.5  # lexical support that no wrong paper among them reached but one
_LIKELY = 0.5  # share of support in the stance from which it says "supported"
_NUMBER = 3.0  # what a shared number weighs when the sentence that decides is looked for


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

    def __init__(
        self, verifier: Verifier, finder: ClaimFinder, rarity: Rarity, key: Callable[[Paper], str]
    ) -> None:
        self._verifier, self._finder = verifier, finder
        self._rarity, self._key = rarity, key

    def judge(
        self, sentence: DraftSentence, papers: Mapping[str, Paper | None]
    ) -> dict[tuple[str, int], Judgement]:
        """The judgement on each cited paper with an abstract, by key and marker.

        Of the texts that a marker may stand behind the one that fits its paper best counts.
        """
        known = {p.id: p for p in papers.values() if p is not None and p.abstract.strip()}
        texts = behind(sentence)
        held = {t: self._held(t, list(known.values())) for t in dict.fromkeys(sum(texts.values(), ()))}
        found = {}
        for cite in sentence.cites:
            paper = papers.get(cite.key)
            if paper is not None and paper.id in known:
                judged = [held[text][paper.id] for text in texts[cite.group] if paper.id in held[text]]
                if judged:
                    found[cite.key, cite.group] = max(judged, key=_fit)
        return found

    def _held(self, text: str, papers: Sequence[Paper]) -> dict[str, Judgement]:
        """What each paper says of one text, by its id."""
        plain = spoken(readable(text))[:LONGEST]
        differ = tuple(differing(plain, papers))
        found: dict[str, Judgement] = {}
        unclear = []
        for paper in papers:
            check = self._verifier.check(plain, [paper])
            clear = None if differ else self._worded(plain, paper, check)
            if clear:
                found[paper.id] = clear
            else:
                unclear.append((paper, check))
        if unclear:
            weighed = self._finder.weigh(plain, [paper for paper, _ in unclear])
            pairs = zip(weighed.candidates, weighed.stances, strict=True)
            stances = {candidate.paper.id: (candidate, stance) for candidate, stance in pairs}
            for paper, check in unclear:
                if paper.id in stances:
                    found[paper.id] = self._weighed(plain, check, *stances[paper.id], differ)
        return found

    def _worded(self, text: str, paper: Paper, check: Check) -> Judgement | None:
        """The judgement on a sentence in the abstract's own words, or None when it takes a second look."""
        if check.verdict is not Verdict.SUPPORTED:
            return None
        start, end = self._deciding(text, paper)
        best = readable(paper.abstract[start:end])
        source = [readable(paper.abstract[a:b]) for a, b in split_sentences(paper.abstract)]
        if contradictions(text, source, best, (), 0.0, check.support):
            return None
        if contrary_word(text, readable(paper.title or ""), best, self._rarity):
            return None
        return Judgement(CitationVerdict.SUPPORTED, check.support, (), start, end)

    def _weighed(
        self, text: str, check: Check, candidate: Candidate, stance: Stance, differ: tuple[Differing, ...]
    ) -> Judgement:
        """The judgement of both witnesses."""
        start, end = candidate.sentences.spans[stance.best]
        source, best = candidate.sentences.texts, candidate.sentences.texts[stance.best]
        against = stance.refutes / stance.speaks if stance.speaks else 0.0
        faults = tuple(f for f in check.faults if not _is_excused(f, text, source, differ))
        on_it = stance.speaks >= _SPEAKS or (check.support >= _WORDED and not faults)
        if not on_it and check.support < _WORDED:
            why = faults or ("the abstract is on something else",)
            return Judgement(CitationVerdict.NOT_SUPPORTED, check.support, why, start, end)
        against_it = contradictions(text, source, best, check.faults, against, check.support)
        word = contrary_word(text, readable(candidate.paper.title or ""), best, self._rarity)
        against_it += [word] if word else []
        against_it += [f"number {n.said} is not in the abstract" for n in differ]
        if against_it:
            why = tuple(against_it)
            return Judgement(CitationVerdict.CONTRADICTED, check.support, why, start, end, differ)
        if not on_it:
            return Judgement(CitationVerdict.NOT_SUPPORTED, check.support, faults, start, end)
        verdict = _agreed(check, faults, 1 - against)
        why = faults if verdict is CitationVerdict.PARTLY else ()
        return Judgement(verdict, check.support, why, start, end)

    def _deciding(self, text: str, paper: Paper) -> tuple[int, int]:
        """The sentence of the abstract with most of the text's words and numbers."""
        wanted, values = set(content_stems(text)), {n.value for n in numbers(text)}

        def shared(span: tuple[int, int]) -> float:
            sentence = readable(paper.abstract[slice(*span)])
            words = sum(map(self._rarity, wanted & set(content_stems(sentence))))
            return words + _NUMBER * len(values & {n.value for n in numbers(sentence)})

        return max(split_sentences(paper.abstract), key=shared)

    def suggest(self, text: str, cited: frozenset[str]) -> tuple[Suggestion, ...]:
        """Papers that support an uncited sentence; none where a paper cited around it does."""
        plain = spoken(readable(text))[:LONGEST]
        weighed = self._finder.weigh(plain)
        found = []
        for candidate, stance in zip(weighed.candidates, weighed.stances, strict=True):
            if stance.supports < _SURE:
                continue
            if self._held(plain, [candidate.paper])[candidate.paper.id].verdict is CitationVerdict.SUPPORTED:
                found.append(self._suggestion(candidate, stance))
        if any(s.paper.id in cited for s in found):
            return ()
        found.sort(key=lambda s: -s.score)
        return tuple(found[:_SUGGESTED])

    def _suggestion(self, candidate: Candidate, stance: Stance) -> Suggestion:
        paper, (start, end) = candidate.paper, candidate.sentences.spans[stance.best]
        quote = paper.abstract[start:end]
        return Suggestion(paper, self._key(paper), stance.supports, quote, start, end)


def _fit(judgement: Judgement) -> tuple[bool, float]:
    """Which text a marker stands behind: one that holds, else the one nearest to the paper's words."""
    return judgement.verdict is CitationVerdict.SUPPORTED, judgement.support


def _agreed(check: Check, faults: Sequence[str], for_it: float) -> CitationVerdict:
    """Supported where both witnesses say so, or the stance alone of a sentence without a fault."""
    worded = check.verdict is Verdict.SUPPORTED or check.support >= _WORDED
    if not faults and for_it >= _LIKELY and worded:
        return CitationVerdict.SUPPORTED
    return CitationVerdict.PARTLY


def _is_excused(fault: str, text: str, source: Sequence[str], differ: tuple[Differing, ...]) -> bool:
    """Whether a fault of the word check is none: the number is there after all, the order is kept."""
    if "have changed places" in fault and fault.startswith("numbers "):
        return not swapped(text, source)
    if not fault.startswith("number "):
        return fault in ("nothing to check against", "too little of it is in the abstract")
    shown = fault.removeprefix("number ").removesuffix(" is not in the source")
    return any(c.isdigit() for c in shown) and all(shown != n.said for n in differ)
