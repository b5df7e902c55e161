"""In what order and form the cross-encoder sees its pairs.

First claims made of papers' own sentences, as they are or turned into their contraries: how words of two
texts find each other. Then the labels, often beside a part of the paper only; beside the paper without
the sentences that decide, and beside a near paper, which both leave the text open whatever its wording.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from index.encoders import Encoder
from rag.contraries import denied, turned
from rag.stance import Side
from rag.training.pairs import Pair, Text

OPENED, ELSEWHERE, CROPPED, REPEATED = 0.22, 0.1, 0.8, 0.04  # shares of pairs
TURNED = 0.12  # of supported claims, into their contraries
_PARAPHRASED = 0.1  # of the first lessons
_NEAREST = 12
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ORDER = re.compile(
    r"^(.{3,60}?) (outperforms?|exceeds?|surpass(?:es)?|beats?) (.{3,60}?)( (?:on|by|in|at|for) .*|\.)$"
)
_OPENING = re.compile(
    r"^(?:(?:Moreover|Furthermore|However|In addition|Additionally|Notably|Finally|Here|To this end|"
    r"In this (?:paper|work|study)|Specifically|Overall|Our results (?:show|demonstrate|indicate) that|"
    r"Experiments? (?:show|demonstrate) that|We (?:show|find|demonstrate) that),? )+"
)


class Lessons:
    """What is near to what is worked out once; `stage` gives the pairs.

    :param papers: those that sentences are taken from.
    """

    def __init__(
        self,
        labels: Sequence[Pair],
        paraphrases: Sequence[Pair],
        papers: Sequence[Text],
        encoder: Encoder,
        rng: random.Random,
    ) -> None:
        self._labels, self._rng = labels, rng
        self._elsewhere = _elsewhere(labels, encoder)
        self._said = in_turn(paraphrases, 0.3, rng)
        self._made = starters(papers, near_papers(papers, encoder), rng)

    def stage(self, first: int, close: bool = False) -> Iterator[Pair]:
        """Without end: `first` pairs made of sentences, then labels in all their forms.

        :param close: beside the deciding sentences and their neighbours only, three times as fast: for or
            against is learnt there.
        """
        rng = self._rng
        for _ in range(first):
            yield next(self._said) if rng.random() < _PARAPHRASED else next(self._made)
        for pair in in_turn(self._labels, OPENED, rng):
            if rng.random() < ELSEWHERE and (others := self._elsewhere.get(pair.text)):
                pair = pair.beside(rng.choice(others))
            elif pair.side is Side.SUPPORTS and rng.random() < TURNED and (other := contrary(pair.text, rng)):
                pair = replace(pair, text=other, side=Side.REFUTES, prior=())
            if rng.random() < REPEATED:
                yield next(self._made)
            yield pair.cropped(rng, 1 if close else 3) if close or rng.random() < CROPPED else pair


def in_turn(pairs: Sequence[Pair], opened: float, rng: random.Random) -> Iterator[Pair]:
    """All pairs, again and again in another order; some without the sentences that decide."""
    while True:
        for pair in rng.sample(pairs, len(pairs)):
            left = pair.open if rng.random() < opened else None
            yield left or pair


def batched(pairs: Iterator[Pair], size: int, rng: random.Random) -> Iterator[list[Pair]]:
    """Batches of like length, drawn from the next eight at a time."""
    while True:
        block = sorted(itertools.islice(pairs, 8 * size), key=lambda p: len(p.paper.abstract))
        batches = [block[n : n + size] for n in range(0, len(block), size)]
        rng.shuffle(batches)
        yield from batches


def near_papers(papers: Sequence[Text], encoder: Encoder) -> dict[str, list[Text]]:
    """For each paper, by its id, others with titles near to its own."""
    titles = encoder.encode([paper.title for paper in papers])
    return {
        paper.id: [other for other in found if other.id != paper.id]
        for paper, found in zip(papers, _nearest(titles, titles, papers), strict=True)
    }


def _elsewhere(pairs: Sequence[Pair], encoder: Encoder) -> dict[str, list[Text]]:
    """For each text papers of its source that are near to it and not its own."""
    held: dict[str, set[str]] = {}
    for pair in pairs:
        held.setdefault(pair.text, set()).add(pair.paper.id)
    near: dict[str, list[Text]] = {}
    for source in sorted({pair.source for pair in pairs}):
        own = {p.text: p for p in pairs if p.source == source}
        papers = list({p.paper.id: p.paper for p in pairs if p.source == source and p.paper.title}.values())
        if not papers:
            continue
        found = _nearest(encoder.encode(list(own)), encoder.encode([p.title for p in papers]), papers)
        near |= {
            text: [p for p in others if p.id not in held[text]]
            for text, others in zip(own, found, strict=True)
        }
    return near


def _nearest(asked: np.ndarray, titles: np.ndarray, papers: Sequence[Text]) -> list[list[Text]]:
    """The papers with the nearest titles for each row."""
    found = []
    for at in range(0, len(asked), 1000):
        cosines = asked[at : at + 1000] @ titles.T
        for row in np.argpartition(-cosines, min(_NEAREST, len(papers) - 1), axis=1)[:, :_NEAREST]:
            found.append([papers[n] for n in row])
    return found


def contrary(text: str, rng: random.Random) -> str | None:
    """A sentence that says otherwise: roles, a direction, a figure or a denial changed; None if none fits."""
    ways = []
    if (order := _ORDER.match(text)) is not None:
        ways.append(
            f"{order[3][:1].upper()}{order[3][1:]} {order[2]} {order[1][:1].lower()}{order[1][1:]}{order[4]}"
        )
    if (other := turned(text)) is not None:
        ways += [other, other]
    if (numbers := list(_NUMBER.finditer(text))) and (at := rng.choice(numbers)):
        ways.append(text[: at.start()] + _other_number(at.group(), rng) + text[at.end() :])
    if not (other := denied(text)).startswith("It is not true"):
        ways.append(other)
    return rng.choice(ways) if ways else None


def starters(
    papers: Sequence[Text], near: Mapping[str, Sequence[Text]], rng: random.Random
) -> Iterator[Pair]:
    """Without end: claims made of papers' own sentences, words dropped, for the first lessons.

    A third supported, a third turned into the contrary, and a third left open: said of a near paper,
    or of the same one without the sentence.
    """
    while True:
        paper = rng.choice(papers)
        place = rng.randrange(len(paper.sentences))
        said = _OPENING.sub("", paper.sentences[place])
        if not 6 <= len(said.split()) <= 45:
            continue
        side = rng.choice(tuple(Side))
        if side is Side.REFUTES and (said := contrary(said, rng) or "") == "":
            continue
        window, at = paper.around(place, rng.randrange(1, 5))
        pair = Pair(loose(said, rng), window, side, None, (at,), "starter")
        if side is Side.NEUTRAL:
            if (others := near.get(paper.id)) and rng.random() < 0.4:
                other = rng.choice(others)
                window, _ = other.around(rng.randrange(len(other.sentences)), rng.randrange(1, 5))
                pair = replace(pair, paper=window, places=())
            elif (left := pair.open) is not None:
                pair = left
        yield pair


def loose(text: str, rng: random.Random) -> str:
    """The text with a few words dropped."""
    share = rng.choice((0.0, 0.1, 0.2, 0.3))
    words = [w for w in text.split() if rng.random() >= share or any(c.isdigit() for c in w)]
    return " ".join(words)


def _other_number(number: str, rng: random.Random) -> str:
    value = float(number)
    changed = value * rng.choice((0.5, 0.6, 0.75, 0.85, 1.2, 1.4, 1.8, 2.0, 3.0)) + (value == 0)
    if "." in number:
        return f"{changed:.{len(number.split('.')[1])}f}"
    return str(max(round(changed), 0) if round(changed) != value else int(value) + 1)
