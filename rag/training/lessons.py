"""In what order and form the cross-encoder sees its pairs.

First mostly claims made of papers' own sentences, as they are or turned into their contraries: how words
of two texts find each other. Then the labels, often beside a part of the paper only; beside the paper
without the sentences that decide, and beside a near paper, which both leave the text open whatever its
wording. A quarter of each batch are papers beside one question or claim, to be put in order.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from index.encoders import Vectors
from rag.contraries import denied, turned
from rag.stance import Side
from rag.training.pairs import Pair, Text

OPENED, ELSEWHERE, CROPPED, UNTITLED = 0.22, 0.1, 0.6, 0.2  # shares of pairs
TURNED = 0.08  # of supported claims, into their contraries
TOPIC = 16  # papers beside one text
_MADE_FIRST, _MADE_LATER = 0.8, 0.1  # shares of pairs made of papers' own sentences
_NEAREST = 24

Encode = Callable[[Sequence[str]], Vectors]  # unit vectors (texts, width)
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
    """What is near to what is worked out once; `batches` draws from it.

    :param topics: survey questions, each beside its graded papers.
    :param papers: those that sentences are taken from.
    """

    def __init__(
        self,
        labels: Sequence[Pair],
        topics: Sequence[Sequence[Pair]],
        papers: Sequence[Text],
        encode: Encode,
    ) -> None:
        self._labels, self._topics, self._papers = labels, topics, papers
        self._elsewhere = _elsewhere(labels, encode)
        self._near = near_papers(papers, encode)
        self._settled = [pair for pair in labels if pair.places]

    def batches(self, size: int, first: bool, rng: random.Random) -> Iterator[list[Pair]]:
        """Without end, batches of about `size` pairs of like length, the last part of each of `TOPIC` papers
        beside one text.

        :param first: mostly pairs made of papers' own sentences instead of labels.
        """
        made = starters(self._papers, self._near, rng)
        seen = self._mixed(made, _MADE_FIRST if first else _MADE_LATER, rng)
        graded = self._graded(rng)
        for batch in batched(seen, max(1, size - TOPIC * (size // 4 // TOPIC)), rng):
            yield batch + [p for _ in range(size // 4 // TOPIC) for p in next(graded)]

    def _mixed(self, made: Iterator[Pair], share: float, rng: random.Random) -> Iterator[Pair]:
        """Labels in all their forms, a share of pairs made of sentences between them."""
        for pair in in_turn(self._labels, OPENED, rng):
            while rng.random() < share:
                yield next(made)
            if rng.random() < ELSEWHERE and (others := self._elsewhere.get(pair.text)):
                pair = pair.beside(rng.choice(others))
            elif pair.side is Side.SUPPORTS and rng.random() < TURNED and (other := contrary(pair.text, rng)):
                pair = replace(pair, text=other, side=Side.REFUTES, prior=())
            if rng.random() < UNTITLED:
                pair = replace(pair, paper=replace(pair.paper, title=""))
            yield pair.cropped(rng, rng.choice((0, 1, 1, 3))) if rng.random() < CROPPED else pair

    def _graded(self, rng: random.Random) -> Iterator[list[Pair]]:
        """Texts beside `TOPIC` papers: survey questions, and claims beside their own and near papers."""
        while True:
            if self._settled and (not self._topics or rng.random() < 0.3):
                pair = rng.choice(self._settled)
                if others := self._elsewhere.get(pair.text):
                    near = rng.sample(others, min(TOPIC - 1, len(others)))
                    yield [pair.graded(2), *(pair.graded(0, paper) for paper in near)]
            elif self._topics:
                topic = rng.choice(self._topics)
                # marginal papers (grade 1) a little less often: the line between 0 and 2 is what counts
                yield sorted(topic, key=lambda p: rng.random() + 0.3 * (p.grade == 1))[:TOPIC]


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


def near_papers(papers: Sequence[Text], encode: Encode) -> dict[str, list[Text]]:
    """For each paper, by its id, others with titles near to its own."""
    titles = encode([paper.title for paper in papers])
    return {
        paper.id: [other for other in found if other.id != paper.id]
        for paper, found in zip(papers, _nearest(titles, titles, papers), strict=True)
    }


def _elsewhere(pairs: Sequence[Pair], encode: Encode) -> dict[str, list[Text]]:
    """For each text papers of its source that are near to it and not its own."""
    held: dict[str, set[str]] = {}
    for pair in pairs:
        held.setdefault(pair.text, set()).add(pair.paper.id)
    near: dict[str, list[Text]] = {}
    for source in sorted({pair.source for pair in pairs}):
        own = {p.text: p for p in pairs if p.source == source}
        papers = list({p.paper.id: p.paper for p in pairs if p.source == source}.values())
        found = _nearest(encode(list(own)), encode([_head(p) for p in papers]), papers)
        near |= {
            text: [p for p in others if p.id not in held[text]]
            for text, others in zip(own, found, strict=True)
        }
    return near


def _head(paper: Text) -> str:
    return paper.title or " ".join(paper.sentences[-2:])


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
