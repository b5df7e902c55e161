"""A library as what is drawn of it: its papers in groups of similar ones, named by what their members say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import islice

import numpy as np

from index.cleaning import readable
from index.encoders import Vectors
from index.library import Library
from index.types import Paper
from rag.phrases import Phrase, shared_phrases
from rag.pictures.layout import FEWEST, places_of, with_text
from rag.pictures.pictured import Pictured, Shown, themed

MOST = 1500  # papers of a map, the last added
MOST_THEMES = 12
_PER_THEME = 12  # papers from which there is one theme more
_SEED = 0
_LENGTHS = (0.6, 1.0, 1.0, 0.9)  # what a phrase of one word is worth as a name, of two words …


def pictured_library(library: Library) -> Pictured:
    """The last added papers of a library; without places where it holds too few."""
    papers = list(library.papers())[-MOST:]
    known, vectors = with_text(library, [p.id for p in papers])
    places, groups = {}, []
    if len(known) >= FEWEST:
        places = dict(zip(known, places_of(vectors), strict=True))
        groups = _groups([p for p in papers if p.id in places], vectors)
    names = _named(groups)
    themes, numbers = themed(names, [[p.id for p in g] for g in groups], [p.id for p in papers])
    shown = tuple(Shown(p.id, readable(p.label), p.year, numbers[p.id], places.get(p.id)) for p in papers)
    return Pictured("", themes, shown)


def _groups(papers: Sequence[Paper], vectors: Vectors) -> list[list[Paper]]:
    """Papers in groups by k-means, the largest first."""
    count = min(MOST_THEMES, len(papers) // _PER_THEME)
    if count < 2:
        return [list(papers)]
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    centred = vectors - 0.8 * vectors.mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    with threadpool_limits(1):  # many short loops: waiting threads would cost more than they give
        labels = KMeans(count, n_init=4, random_state=_SEED).fit_predict(centred)
    groups = [[p for p, at in zip(papers, labels, strict=True) if at == n] for n in range(count)]
    return sorted(filter(None, groups), key=lambda g: -len(g))


def _named(groups: Sequence[Sequence[Paper]]) -> list[str]:
    """A name for each group: the two phrases that its members use and the other papers do not."""
    every = [shared_phrases(list(group), least=2 if len(group) > 2 else 1) for group in groups]
    total = sum(map(len, groups))
    users: dict[tuple[str, ...], int] = {}
    for phrases in every:
        for phrase in phrases:
            users[phrase.stems] = users.get(phrase.stems, 0) + len(phrase.papers)
    return [_name(phrases, len(group), users, total) for group, phrases in zip(groups, every, strict=True)]


def _name(phrases: Sequence[Phrase], size: int, users: dict[tuple[str, ...], int], total: int) -> str:
    def worth(phrase: Phrase) -> float:
        share = len(phrase.papers) / size
        if len(phrase.stems) == 1 and phrase.titled < 2:
            return 0.0  # a lone word that is in no titles is hardly a subject
        outside = (users[phrase.stems] - len(phrase.papers) + 0.5) / (total - size + 1)
        titled = 0.5 + min(1.0, 1.5 * phrase.titled / size)
        return share * math.log(share / outside) * titled * _LENGTHS[len(phrase.stems) - 1]

    chosen: list[Phrase] = []
    for phrase in islice(sorted(phrases, key=lambda p: (-worth(p), p.text)), 12):
        said = {stem for one in chosen for stem in one.stems}
        if worth(phrase) > 0 and not said & set(phrase.stems):
            chosen.append(phrase)
        if len(chosen) == 2:
            break
    text = " and ".join(p.text for p in chosen)
    return text[:1].upper() + text[1:] if text else "Various"
