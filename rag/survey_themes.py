"""The papers of a survey answer in themes: each named by a phrase that all its papers use.

Reviews cluster dozens of papers and name the clusters (`rag.themes`); eight papers are too few for that.
Here the phrases come first: of those that some of the papers share, the two to four are taken that part
the papers best, by what they tell of the subject, stand in titles, and hold papers of near meaning. Where
no such phrases reach three papers of five, the two most relevant among them, there are no themes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from index.encoders import Vectors
from rag.evidence import Candidate
from rag.phrases import Phrase, shared_phrases
from rag.terms import content_stems
from rag.themes import centred_vectors

FEWEST = 5  # papers that are parted at all
_SMALLEST = 2  # papers of a theme
_MOST_THEMES = 4
_LOOKED_AT = 14  # phrases that are tried together
_COMMON = 0.25  # share of the other papers from which the rarest word of a phrase tells no subject
_COMMON_ALONE = 0.2  # the same for a phrase of one word
_LEAST_WORTH = 0.22
_LEAST_SCORE = 0.2  # of a parting: mean worth of the papers' phrases less the price of each theme
_PRICE = 0.04
_FIRST = frozenset((0, 1))  # the most relevant papers, which must have a theme of their own
_LEAST_HELD = 0.6  # share of the papers that have a theme of their own
_SAME = 5  # letters that a word and its derivations share: "medical", "medicine"

REST = "Other papers"

Frequency = Callable[[str], int]  # in how many chunks of the library a word stands


@dataclass(frozen=True, slots=True)
class Theme:
    """A heading and its papers, by their places in the survey's order of relevance."""

    name: str
    papers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    """A phrase with the places of the papers that use it and its worth as a heading."""

    phrase: Phrase
    papers: frozenset[int]
    worth: float


def survey_themes(
    question: str, papers: Sequence[Candidate], frequency: Frequency, size: int
) -> tuple[Theme, ...]:
    """The papers in themes, the most relevant paper's first; () where they do not part cleanly.

    :param papers: most relevant first; each is in one theme, what shares no phrase comes last.
    :param size: papers of the library.
    """
    if len(papers) < FEWEST:
        return ()
    vectors = centred_vectors(papers)
    near = vectors @ vectors.T
    shared = _shared(question, papers, near, lambda word, users: (frequency(word) - users) / max(1, size))
    best: tuple[float, dict[int, Phrase]] = (_LEAST_SCORE, {})
    for count in range(2, _MOST_THEMES + 1):
        for chosen in combinations(shared, count):
            parted = _parted(chosen, near, len(papers))
            score = sum(worth for _, worth in parted.values()) / len(papers) - _PRICE * count
            if parted and score > best[0]:
                best = (score, {at: phrase for at, (phrase, _) in parted.items()})
    return _named(best[1], len(papers))


def _shared(
    question: str, papers: Sequence[Candidate], near: Vectors, elsewhere: Callable[[str, int], float]
) -> list[_Shared]:
    """Phrases fit to head a theme, best first."""
    said = content_stems(question)
    places = {c.paper.id: at for at, c in enumerate(papers)}
    found = []
    for phrase in shared_phrases([c.paper for c in papers], least=_SMALLEST):
        users = frozenset(places[i] for i in phrase.papers)
        if len(users) <= len(papers) - _SMALLEST:
            words = phrase.text.replace("-", " ").split()
            common = min(elsewhere(word, len(users)) for word in words)
            worth = _worth(phrase, said, _cohesion(near, users), common)
            if worth >= _LEAST_WORTH:
                found.append(_Shared(phrase, users, worth))
    found.sort(key=lambda s: (-s.worth * len(s.papers), s.phrase.text))
    return found[:_LOOKED_AT]


def _worth(phrase: Phrase, said: Sequence[str], cohesion: float, common: float) -> float:
    """How well a phrase heads its papers: rare elsewhere, new to the question, in titles, of one meaning."""
    new = sum(not any(_same(stem, other) for other in said) for stem in phrase.stems)
    titled = phrase.titled / len(phrase.papers)
    alone = len(phrase.stems) == 1
    if not new or not phrase.titled or (alone and (titled < 0.6 or _is_coined(phrase.text))):
        return 0.0
    if common > (_COMMON_ALONE if alone else _COMMON):
        return 0.0
    rare = min(1.0, math.log(1 / max(common, 1e-3)) / math.log(300))
    return (
        (0.4 + rare)
        * (0.6 if alone else 1.0)
        * (0.5 + min(1.0, 1.5 * titled))
        * (0.6 + 0.4 * new / len(phrase.stems))
        * (0.5 + max(0.0, min(1.0, 2 * cohesion)))
    )


def _parted(chosen: Sequence[_Shared], near: Vectors, count: int) -> dict[int, tuple[Phrase, float]]:
    """Each paper's phrase and its worth; {} where the phrases do not part the papers cleanly."""
    stems = [stem for shared in chosen for stem in shared.phrase.stems]
    held = frozenset().union(*(shared.papers for shared in chosen))
    if len(set(stems)) < len(stems) or not _FIRST <= held or len(held) < _LEAST_HELD * count:
        return {}
    parted = {}
    for at in held:
        own = [shared for shared in chosen if at in shared.papers]
        best = own[0] if len(own) == 1 else max(own, key=lambda s: (_nearness(near, at, s.papers), s.worth))
        parted[at] = (best.phrase, best.worth)
    sizes = [sum(phrase is shared.phrase for phrase, _ in parted.values()) for shared in chosen]
    return parted if min(sizes) >= _SMALLEST else {}


def _named(parted: dict[int, Phrase], count: int) -> tuple[Theme, ...]:
    if not parted:
        return ()
    groups: dict[str, list[int]] = {}
    for at in sorted(parted):
        groups.setdefault(parted[at].text, []).append(at)
    rest = [at for at in range(count) if at not in parted]
    themes = [Theme(name[:1].upper() + name[1:], tuple(places)) for name, places in groups.items()]
    return (*themes, Theme(REST, tuple(rest))) if rest else tuple(themes)


def _cohesion(near: Vectors, users: frozenset[int]) -> float:
    """The mean likeness of every two papers among `users`."""
    places = sorted(users)
    inside = near[np.ix_(places, places)]
    pairs = len(places) * (len(places) - 1)
    return float(inside.sum() - np.trace(inside)) / pairs if pairs else 0.0


def _nearness(near: Vectors, at: int, users: frozenset[int]) -> float:
    others = [i for i in users if i != at]
    return float(near[at, others].mean()) if others else 0.0


def _same(stem: str, other: str) -> bool:
    """Whether two stems are of one word family: the question's own words head nothing."""
    return stem == other or (len(stem) >= _SAME and stem[:_SAME] == other[:_SAME])


def _is_coined(word: str) -> bool:
    """Whether a word is one work's own name: "TideNet", but not "ECG" or "MRI"."""
    return any(c.isupper() for c in word[1:]) and any(c.islower() for c in word)
