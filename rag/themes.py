"""Themes of a set of papers: groups of similar ones, named by the words their members share.

Papers are vectors (title and closest sentences, the common direction of all taken out); groups merge
by average linkage, and the cut is where they are told apart best (mean silhouette). A name is made of
phrases that most members use and the other papers do not. Nothing here knows any subject.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoders import Vectors
from rag.evidence import Candidate
from rag.phrases import Phrase, shared_phrases
from rag.terms import content_stems

SMALLEST = 2  # papers of a theme
SPLIT_FROM = 9  # papers from which a theme is looked at for themes below it
MOST_THEMES = 7
FEWEST_SPLIT = 6  # papers from which a set is split at all
_CLOSEST = 3  # sentences that stand for a paper beside its title
_OWN = 1.5  # how much commoner a phrase must be inside than outside to name a theme
_LOOKED_AT = 24  # phrases of a group whose meaning is held against it
OTHER = "Further work"

Encode = Callable[[Sequence[str]], Vectors]  # texts to unit vectors, float32 (n, width)


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of papers, most relevant first, its name, and groups within it."""

    name: str
    papers: tuple[Candidate, ...]
    children: tuple[Theme, ...] = ()


def find_themes(topic: str, papers: Sequence[Candidate], encode: Encode) -> list[Theme]:
    """The papers in themes, largest first; every paper is in exactly one."""
    said = frozenset(content_stems(topic))
    themes = []
    for group, rest in _groups(papers):
        name = _name(said, group, rest, encode)
        themes.append(Theme(name, tuple(group), _below(said, name, group, encode)))
    return _distinct(sorted(themes, key=lambda t: (t.name == OTHER, -len(t.papers))))


def paper_vectors(papers: Sequence[Candidate]) -> Vectors:
    """One unit vector a paper, float32 (n, width): its title and closest sentences."""
    rows = []
    for paper in papers:
        scores = np.asarray(paper.judged.sentences)
        closest = np.argsort(-scores, kind="stable")[:_CLOSEST]
        rows.append(paper.sentences.title + paper.sentences.vectors[closest].mean(axis=0))
    return _unit(np.stack(rows))


def centred_vectors(papers: Sequence[Candidate]) -> Vectors:
    """The papers' vectors without most of their common direction, unit length: what tells them apart."""
    vectors = paper_vectors(papers)
    return _unit(vectors - 0.8 * vectors.mean(axis=0))


def _below(said: frozenset[str], name: str, group: list[Candidate], encode: Encode) -> tuple[Theme, ...]:
    if len(group) < SPLIT_FROM:
        return ()
    known = said | frozenset(content_stems(name))
    found = [Theme(_name(known, g, rest, encode), tuple(g)) for g, rest in _groups(group)]
    return tuple(_distinct(found)) if len(found) > 1 else ()


def _groups(papers: Sequence[Candidate]) -> list[tuple[list[Candidate], list[Candidate]]]:
    """Groups, each with the papers outside it."""
    labels = _labels(papers)
    groups = []
    for label in dict.fromkeys(labels):
        inside = [p for p, at in zip(papers, labels, strict=True) if at == label]
        groups.append((inside, [p for p, at in zip(papers, labels, strict=True) if at != label]))
    return sorted(groups, key=lambda pair: -len(pair[0]))


def _labels(papers: Sequence[Candidate]) -> list[int]:
    if len(papers) < FEWEST_SPLIT:
        return [0] * len(papers)
    vectors = centred_vectors(papers)
    near = vectors @ vectors.T
    most = min(MOST_THEMES, len(papers) // 3)
    cuts = {k: _without_small(near, _linked(near, k)) for k in range(2, most + 1)}
    best = max(cuts, key=lambda k: (_silhouette(near, cuts[k]) + 0.01 * len(set(cuts[k])), -k))
    return cuts[best]


def _linked(near: Vectors, count: int) -> list[int]:
    """Average linkage down to `count` groups; large groups are held back by their size."""
    groups = [[i] for i in range(len(near))]
    while len(groups) > count:
        pairs = [
            (_linkage(near, a, b), -m, -n)
            for m, a in enumerate(groups)
            for n, b in enumerate(groups)
            if m < n
        ]
        _, m, n = max(pairs)
        groups[-m] = groups[-m] + groups.pop(-n)
    labels = [0] * len(near)
    for label, group in enumerate(groups):
        for i in group:
            labels[i] = label
    return labels


def _linkage(near: Vectors, a: list[int], b: list[int]) -> float:
    return float(near[np.ix_(a, b)].mean()) - 0.004 * (len(a) + len(b))


def _without_small(near: Vectors, labels: list[int]) -> list[int]:
    """Groups under the smallest size are joined to the group they are nearest to, paper by paper."""
    sizes = {label: labels.count(label) for label in set(labels)}
    large = [label for label, size in sizes.items() if size >= SMALLEST]
    if not large:
        return [0] * len(labels)
    members = {label: [i for i, at in enumerate(labels) if at == label] for label in large}
    return [
        at if at in members else max(large, key=lambda label: float(near[i, members[label]].mean()))
        for i, at in enumerate(labels)
    ]


def _silhouette(near: Vectors, labels: list[int]) -> float:
    """Mean silhouette (Rousseeuw 1987) over cosine distance; -1 for one group."""
    groups = {label: [i for i, at in enumerate(labels) if at == label] for label in set(labels)}
    if len(groups) < 2:
        return -1.0
    values = []
    for i, at in enumerate(labels):
        own = [j for j in groups[at] if j != i]
        inside = float(1 - near[i, own].mean()) if own else 0.0
        outside = min(float(1 - near[i, g].mean()) for label, g in groups.items() if label != at)
        values.append((outside - inside) / max(inside, outside, 1e-6) if own else 0.0)
    return sum(values) / len(values)


def _name(said: frozenset[str], group: Sequence[Candidate], rest: Sequence[Candidate], encode: Encode) -> str:
    """Up to two phrases that together most members use and the others do not."""
    scored = _weighed(said, group, rest, encode)
    named: list[Phrase] = []
    for worth, phrase in scored:
        held = {i for p in named for i in p.papers}
        used = {s for p in named for s in p.stems}
        if worth <= 0 or (named and (used & set(phrase.stems) or worth < 0.4 * scored[0][0])):
            continue
        if named and len(set(phrase.papers) - held) < len(group) / 4:
            continue
        named.append(phrase)
        if len(named) == 2 or len(held | set(phrase.papers)) >= 0.8 * len(group):
            break
    text = " and ".join(p.text for p in named)
    return text[:1].upper() + text[1:] if text else OTHER


def _weighed(
    said: frozenset[str], group: Sequence[Candidate], rest: Sequence[Candidate], encode: Encode
) -> list[tuple[float, Phrase]]:
    """Phrases with their worth as a name, best first: by use, then by meaning too."""
    inside = shared_phrases([c.paper for c in group], least=min(2, len(group)))
    outside = (
        {p.stems: len(p.papers) for p in shared_phrases([c.paper for c in rest], least=1)} if rest else {}
    )
    scored = [(_worth(p, len(group), outside.get(p.stems, 0), len(rest), said), p) for p in inside]
    scored = sorted(((w, p) for w, p in scored if w > 0), key=lambda pair: (-pair[0], pair[1].text))
    scored = scored[:_LOOKED_AT]
    if not scored:
        return []
    own = paper_vectors(group).mean(axis=0)
    other = paper_vectors(rest).mean(axis=0) if rest else np.zeros_like(own)
    vectors = encode([p.text for _, p in scored])
    meant = vectors @ own + (vectors @ (own - other) if rest else 0.0)
    weighed = [(w * max(0.0, float(m)), p) for (w, p), m in zip(scored, meant, strict=True)]
    return sorted(weighed, key=lambda pair: (-pair[0], pair[1].text))


def _worth(phrase: Phrase, size: int, outside: int, rest: int, said: frozenset[str]) -> float:
    """How well a phrase names a group: its share inside against outside; titles and new words count more."""
    share = len(phrase.papers) / size
    other = (outside + 0.5) / (rest + 1) if rest else 0.1
    new = sum(s not in said for s in phrase.stems)
    if not new or (share < 0.34 and size > SMALLEST) or share < _OWN * other:
        return 0.0
    if len(phrase.stems) == 1 and not phrase.titled:
        return 0.0
    length = (0.6, 1.0, 1.0, 0.9)[len(phrase.stems) - 1]
    titled = 0.5 + min(1.0, 1.5 * phrase.titled / size)
    return share * math.log(share / other) * length * titled * (0.6 + 0.4 * new / len(phrase.stems))


def _distinct(themes: list[Theme]) -> list[Theme]:
    """Themes of one name become one."""
    kept: dict[str, Theme] = {}
    for theme in themes:
        same = kept.get(theme.name.casefold())
        papers = (*(same.papers if same else ()), *theme.papers)
        children = (*(same.children if same else ()), *theme.children)
        kept[theme.name.casefold()] = Theme(theme.name, papers, () if same else children)
    return list(kept.values())


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), dtype=np.float32)
