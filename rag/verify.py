"""Does the cited paper say this? Every sentence is held against its source before it is shown.

Checks, one by one: numbers with their units and neighbours, names and acronyms, negation,
direction of comparison, order of the compared, and how much of the content (weighted by rarity)
stands in at most three sentences of the cited abstract. The title lends subject words but cannot
carry a statement alone. `support` is lexical support, not entailment, and is named so to the
reader. A fault of any kind makes a statement unsupported: the caller repairs or drops it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper
from rag.terms import (
    REPORTING,
    Number,
    content_stems,
    directions,
    names,
    negations,
    numbers,
    stem,
    words,
)
from rag.types import Verdict

SUPPORTED = 0.8  # share of rarity-weighted content; lower values let paraphrases of other papers through
PARTLY = 0.6
_WINDOW = 3  # sentences a statement may draw on
_REPORTING_STEMS = frozenset(map(stem, REPORTING))
_NEGATED = re.compile(
    r"\b(?:not|no|never|without|cannot|fails? to|failed to|unable to|lacks?|n't)\b((?:\W+\w+){1,5})",
    re.IGNORECASE,
)

Rarity = Callable[[str], float]  # stem → weight > 0


@dataclass(frozen=True, slots=True)
class Check:
    """What verification found: verdict, lexical support in [0, 1], and the faults in words."""

    verdict: Verdict
    support: float
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """One cited paper prepared for checking."""

    title: str
    sentences: tuple[str, ...]
    stems: tuple[frozenset[str], ...]
    title_stems: frozenset[str] = field(default_factory=frozenset)


class Verifier:
    """Checks statements against papers; `rarity` weighs a stem (inverse document frequency)."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._sources: dict[str, _Source] = {}

    def check(self, text: str, papers: Sequence[Paper]) -> Check:
        """Hold `text` (readable, without markers) against the papers it cites; best paper counts.

        A statement of several papers is checked against each: it must hold for every one.
        """
        if not papers:
            return Check(Verdict.UNSUPPORTED, 0.0, ("uncited",))
        checks = [self._check_one(text, self._source(paper)) for paper in papers]
        return min(checks, key=lambda c: (c.verdict is not Verdict.UNSUPPORTED, c.support))

    def _check_one(self, text: str, source: _Source) -> Check:
        wanted = [s for s in content_stems(text) if s not in _REPORTING_STEMS]
        if not wanted or not source.sentences:
            return Check(Verdict.UNSUPPORTED, 0.0, ("nothing to check against",))
        chosen = self._window(wanted, source)
        window = " ".join(source.sentences[i] for i in chosen)
        held = frozenset[str]().union(*(source.stems[i] for i in chosen))
        support = self._share(wanted, held | source.title_stems)
        own = self._share(wanted, held)
        faults = [
            *_number_faults(text, window),
            *_name_faults(text, window, source),
            *_negation_faults(text, window),
            *_direction_faults(text, window, source.title),
            *_order_faults(text, window),
        ]
        if own < 0.4 and support - own > 0.2:
            faults.append("only the title speaks of this")
        if faults or support < PARTLY:
            return Check(
                Verdict.UNSUPPORTED, support, tuple(faults) or ("too little of it is in the abstract",)
            )
        return Check(Verdict.SUPPORTED if support >= SUPPORTED else Verdict.PARTLY, support)

    def _window(self, wanted: list[str], source: _Source) -> list[int]:
        """The sentences, at most three, that together hold most of the content; greedy."""
        missing = set(wanted)
        chosen: list[int] = []
        while len(chosen) < min(_WINDOW, len(source.sentences)):
            gains = [
                0.0 if i in chosen else sum(self._rarity(s) for s in missing & stems)
                for i, stems in enumerate(source.stems)
            ]
            best = max(range(len(gains)), key=gains.__getitem__)
            if chosen and gains[best] <= 0:
                break
            chosen.append(best)
            missing -= source.stems[best]
        return sorted(chosen)

    def _share(self, wanted: list[str], held: frozenset[str]) -> float:
        total = sum(self._rarity(s) for s in set(wanted))
        return sum(self._rarity(s) for s in set(wanted) & held) / total if total else 0.0

    def _source(self, paper: Paper) -> _Source:
        cached = self._sources.get(paper.id)
        if cached is None:
            text = readable(paper.abstract)
            sentences = tuple(text[a:b] for a, b in split_sentences(text))
            title = readable(paper.title or "")
            cached = _Source(
                title,
                sentences,
                tuple(frozenset(content_stems(s)) for s in sentences),
                frozenset(content_stems(title)),
            )
            if len(self._sources) > 2000:
                self._sources.clear()
            self._sources[paper.id] = cached
        return cached


def _number_faults(text: str, window: str) -> list[str]:
    there = numbers(window)
    faults = []
    for number in numbers(text):
        same = [n for n in there if n.value == number.value and (not number.unit or n.unit == number.unit)]
        if not same:
            faults.append(f"number {text[number.start : number.end].strip()} is not in the source")
        elif not any(_same_neighbours(text, number, window, n) for n in same):
            faults.append(f"number {text[number.start : number.end].strip()} counts something else")
    return faults


def _same_neighbours(text: str, number: Number, window: str, found: Number) -> bool:
    """Whether a word close to the number in the statement is close to it in the source too."""
    near = set(content_stems(text[number.end : number.end + 60])[:3])
    near |= set(content_stems(text[max(0, number.start - 60) : number.start])[-3:])
    around = set(content_stems(window[max(0, found.start - 120) : found.end + 120]))
    return not near or bool(near & around)


def _name_faults(text: str, window: str, source: _Source) -> list[str]:
    haystack = f"{source.title} {' '.join(source.sentences)}".lower()
    return [
        f"name {name} is not in the source"
        for name in names(text)
        if not re.search(rf"(?<!\w){re.escape(name)}(?:s|es)?(?!\w)", haystack)
    ]


def _negation_faults(text: str, window: str) -> list[str]:
    if negations(text) and not negations(window):
        return ["negated here, not in the source"]
    here, there = _negated_stems(text), _negated_stems(window)
    plain = set(content_stems(text)) - here
    if there and not here and there & plain and negations(text) < negations(window):
        return ["negated in the source, not here"]
    if here and there and not here & there:
        return ["negates something else than the source"]
    return []


def _negated_stems(text: str) -> set[str]:
    return {s for m in _NEGATED.finditer(text) for s in content_stems(m.group(1))[:2]}


def _direction_faults(text: str, window: str, title: str) -> list[str]:
    here, there = directions(text), directions(window) | directions(title)
    return ["the direction of the comparison is not the source's"] if here - there else []


def _order_faults(text: str, window: str) -> list[str]:
    """Names around a comparison must come in the source's order: A over B is not B over A."""
    if not directions(text):
        return []
    low_text, low_window = text.lower(), window.lower()
    shared = [n for n in names(text) if n in low_window]
    here = sorted(shared, key=low_text.find)
    there = sorted(shared, key=low_window.find)
    passive = bool({"by", "than"} & set(words(text))) != bool({"by", "than"} & set(words(window)))
    return (
        ["the compared stand in another order"] if len(shared) == 2 and here != there and not passive else []
    )
