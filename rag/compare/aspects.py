"""The usual aspects of a paper, each read off one sentence: task, data, method, main result, limits.

Every sentence is scored for every aspect by a small trained model; the best one above a bound fills the cell,
cut to the clause that holds the telling words. Where none is, the abstract is silent and so is the cell:
nothing is worded, so nothing can be invented.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.types import Paper
from rag.compare.abstract import Part, Told
from rag.compare.anchors import anchor
from rag.compare.aspect_model import aspect_model
from rag.compare.cutting import cut
from rag.compare.features import features_of

USUAL = ("Task or problem", "Data", "Method", "Main result", "Limits")


@dataclass(frozen=True, slots=True)
class Found:
    """What an abstract says of an aspect: the words shown, and the sentence they are of.

    `abstract[start:end] == quote`; `text` is a run of its words, without markup.
    """

    paper_id: str
    text: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence with the span of its text that fits, and how well."""

    sentence: Told
    anchor: tuple[int, int]
    score: float


def aspects_of(paper: Paper) -> dict[str, Found | None]:
    """The usual aspects by name; None where the abstract is silent."""
    read = features_of(paper)
    if not any(one.own for one, _ in read):
        return dict.fromkeys(USUAL)
    model = aspect_model()
    scores = np.array([model.scores(features) for _, features in read])
    found: dict[str, Found | None] = {}
    for column, (name, least) in enumerate(zip(USUAL, model.least, strict=True)):
        best = int(scores[:, column].argmax())
        one, score = read[best][0], float(scores[best, column])
        fits = score >= least
        found[name] = found_in(paper, Choice(one, anchor(name, one.text), score)) if fits else None
    # Hardly any abstract that was labelled has a part of its own for limits.
    if labelled := [one for one, _ in read if one.part is Part.LIMIT]:
        found["Limits"] = found_in(paper, Choice(labelled[0], (0, 0), 0.0))
    return found


def usual_aspect(name: str, paper: Paper) -> Found | None:
    """One of the usual aspects."""
    return aspects_of(paper)[name]


def found_in(paper: Paper, choice: Choice) -> Found:
    """The cell of a chosen sentence."""
    one = choice.sentence
    return Found(
        paper.id, cut(one.text, choice.anchor), one.start, one.end, paper.abstract[one.start : one.end]
    )
