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
from dataclasses import dataclass

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper
from rag.acronyms import expansions
from rag.comparison import direction_faults, is_direction, order_faults
from rag.figures import number_faults
from rag.naming import name_faults, name_swaps
from rag.polarity import negation_faults
from rag.terms import REPORTING_STEMS, content_stems, numbers, plain_name, stem
from rag.types import Verdict

SUPPORTED = 0.75  # share of rarity-weighted content; lower values let paraphrases of other papers through
PARTLY = 0.6
_WINDOW = 3  # sentences a statement may draw on
_MORE = 2  # sentences added for numbers that the window lacks
# A sentence that tells a model what to write reports nothing, whatever it wants written.
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override) (?:all |any |of |the |your |these |previous |prior |above )*"
    r"(?:instructions|rules|sources|prompts?|guidelines)\b",
    re.IGNORECASE,
)
_NUMBER = 6.0  # what a number weighs when the window is chosen
_ALIKE, _LETTERS, _PART = 0.6, 5, 0.8  # words of one family count in part: "segmenter", "segmentation"

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

    sentences: tuple[str, ...]
    stems: tuple[frozenset[str], ...]
    values: tuple[frozenset[float], ...]  # numbers of each sentence
    title_stems: frozenset[str]
    plain: str  # title and abstract, to look for names in


class Verifier:
    """Checks statements against papers; `rarity` weighs a stem (inverse document frequency)."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._sources: dict[str, tuple[Paper, _Source]] = {}

    def check(self, text: str, papers: Sequence[Paper]) -> Check:
        """Hold `text` (readable, without markers) against the papers it cites; best paper counts.

        A statement of several papers is checked against each: it must hold for every one.
        """
        if not papers:
            return Check(Verdict.UNSUPPORTED, 0.0, ("uncited",))
        checks = [self._check_one(text, self._source(paper)) for paper in papers]
        return min(checks, key=lambda c: (c.verdict is not Verdict.UNSUPPORTED, c.support))

    def _check_one(self, text: str, source: _Source) -> Check:
        wanted = [s for s in content_stems(text) if s not in REPORTING_STEMS and not is_direction(s)]
        if not wanted or not source.sentences:
            return Check(Verdict.UNSUPPORTED, 0.0, ("nothing to check against",))
        values = frozenset(n.value for n in numbers(text))
        chosen = self._window(wanted, values, source)
        window = [source.sentences[i] for i in chosen]
        held = frozenset[str]().union(*(source.stems[i] for i in chosen))
        support = self._share(wanted, held | source.title_stems)
        own = self._share(wanted, held)
        faults = [
            *number_faults(text, " ".join(window)),
            *name_faults(text, source.plain),
            *name_swaps(text, " ".join(window)),
            *negation_faults(text, source.sentences, self._rarity),
            *direction_faults(text, source.sentences, self._rarity),
            *order_faults(text, source.sentences, self._rarity),
        ]
        if own < 0.4 and support - own > 0.2:
            faults.append("only the title speaks of this")
        if faults or support < PARTLY:
            return Check(
                Verdict.UNSUPPORTED, support, tuple(faults) or ("too little of it is in the abstract",)
            )
        return Check(Verdict.SUPPORTED if support >= SUPPORTED else Verdict.PARTLY, support)

    def _window(self, wanted: list[str], values: frozenset[float], source: _Source) -> list[int]:
        """The sentences, at most three, that together hold most of the content and numbers; greedy.

        Up to two more are added for numbers that these lack.
        """
        missing, lacking = set(wanted), set(values)
        chosen: list[int] = []
        while len(chosen) < min(_WINDOW + _MORE, len(source.sentences)):
            gains = [
                -1.0 if i in chosen else self._gain(missing, lacking, source, i, len(chosen) >= _WINDOW)
                for i in range(len(source.sentences))
            ]
            best = max(range(len(gains)), key=gains.__getitem__)
            if chosen and gains[best] <= 0:
                break
            chosen.append(best)
            missing -= source.stems[best]
            lacking -= source.values[best]
        return sorted(chosen)

    def _gain(
        self, missing: set[str], lacking: set[float], source: _Source, i: int, only_numbers: bool
    ) -> float:
        gain = _NUMBER * len(lacking & source.values[i])
        return gain if only_numbers else gain + sum(self._rarity(s) for s in missing & source.stems[i])

    def _share(self, wanted: list[str], held: frozenset[str]) -> float:
        """The rarity-weighted share of `wanted` among `held`; a word of the same family counts in part."""
        total = sum(self._rarity(s) for s in set(wanted))
        got = sum(self._rarity(s) * credit(s, held) for s in set(wanted))
        return got / total if total else 0.0

    def _source(self, paper: Paper) -> _Source:
        known, cached = self._sources.get(paper.id, (None, None))
        if cached is None or known != paper:
            text, title = readable(paper.abstract), readable(paper.title or "")
            every = [text[a:b] for a, b in split_sentences(text)]
            sentences = tuple(s for s in every if not _ORDER.search(s))
            cached = _Source(
                sentences,
                tuple(_stems(s) for s in sentences),
                tuple(frozenset(n.value for n in numbers(s)) for s in sentences),
                _stems(title),
                plain_name(f"{title} {text}"),
            )
            if len(self._sources) > 2000:
                self._sources.clear()
            self._sources[paper.id] = paper, cached
        return cached


def _stems(text: str) -> frozenset[str]:
    """Stems of a text, and of what its acronyms stand for."""
    own = frozenset(content_stems(text))
    return own | {stem(w) for w in expansions(own, text.lower())}


def credit(wanted: str, held: frozenset[str]) -> float:
    """1 for the stem itself, a part for another word of its family, else 0."""
    if wanted in held:
        return 1.0
    shortest = max(_LETTERS, round(_ALIKE * len(wanted)))
    start = wanted[:shortest]
    return _PART if len(wanted) >= _LETTERS and any(_family(start, wanted, h) for h in held) else 0.0


def _family(start: str, wanted: str, held: str) -> bool:
    return held.startswith(start) and len(start) >= _ALIKE * len(held)
