"""The usual aspects of a paper, each read off one sentence: task, data, method, main result, limits.

Every sentence is scored for every aspect by the wording that such sentences have and by where it stands; the
best one above a threshold fills the cell, cut to the clause that holds the telling words. Where none is, the
abstract is silent and so is the cell: nothing is worded, so nothing can be invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.cleaning import readable
from index.types import Paper
from rag.compare import cues, scores, study_scores
from rag.compare.abstract import Part, Told, paper_name, told
from rag.compare.cutting import cut
from rag.compare.scores import Fit, Place
from rag.compare.study import is_study
from rag.terms import content_stems

USUAL = ("Task or problem", "Data", "Method", "Main result", "Limits")
_EARLY = 0.7  # what a sentence loses that stands before the task is told
_LEAST, _FAIR = 0.25, 0.4  # scores from which a sentence fills a cell, and from which none is preferred to it
_WELL, _SURE = 0.15, 0.8  # scores of one that fills another cell: where no other is left, or only a poor one
_SHARES = frozenset(("Method", "Task or problem"))
_TAKEN: Mapping[str, Mapping[str, float]] = {  # what a sentence loses that fills another cell already
    "Task or problem": {}, "Main result": {"Task or problem": 0.3}, "Data": {},
    "Method": {"Task or problem": 0.55, "Main result": 0.6, "Data": 0.25},
    "Limits": {"Main result": 2.0, "Task or problem": 2.0},
}  # fmt: skip
_Fits = Mapping[str, Callable[[Told, Place], Fit]]
_FITS: _Fits = {
    "Task or problem": scores.task, "Data": scores.data, "Method": scores.method,
    "Main result": scores.result, "Limits": scores.limits,
}  # fmt: skip
_STUDY_FITS: _Fits = {  # where the parts of a study are known
    "Task or problem": study_scores.task, "Data": study_scores.data, "Method": study_scores.method,
    "Main result": study_scores.result, "Limits": scores.limits,
}  # fmt: skip


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


def aspects_of(paper: Paper) -> dict[str, Found | None]:
    """The usual aspects by name; None where the abstract is silent."""
    placed = placed_in(paper)
    parted = all(one.part is not Part.OWN for one, _ in placed) and is_study([one.text for one, _ in placed])
    fits = _STUDY_FITS if parted else _FITS
    chosen: dict[str, Choice | None] = {}
    for name in ("Task or problem", "Main result", "Data", "Method", "Limits"):
        chosen[name] = _best(name, [(one, fits[name](one, place)) for one, place in placed], chosen)
    return {name: found_in(paper, choice) if (choice := chosen[name]) else None for name in USUAL}


def usual_aspect(name: str, paper: Paper) -> Found | None:
    """One of the usual aspects."""
    return aspects_of(paper)[name]


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence with the span of its text that fits, and how well."""

    sentence: Told
    anchor: tuple[int, int]
    score: float


def _best(name: str, fits: Sequence[tuple[Told, Fit]], chosen: Mapping[str, Choice | None]) -> Choice | None:
    """The sentence that fits best, the first of equals.

    One that fills another cell counts for less; where no other is left, it serves here too if it fits well.
    """
    free = [Choice(one, fit.anchor, fit.score - _taken(name, one, chosen)) for one, fit in fits]
    best = max(free, key=lambda c: c.score, default=None)
    shared = max(
        (Choice(one, fit.anchor, fit.score) for one, fit in fits), key=lambda c: c.score, default=None
    )
    if best is None or shared is None:
        return None
    well = name in _SHARES and shared.score >= (_WELL if best.score < _LEAST else _SURE)
    if well and best.score < _FAIR:
        return shared
    return best if best.score >= _LEAST else None


def placed_in(paper: Paper) -> list[tuple[Told, Place]]:
    """The sentences of a paper's abstract with their places."""
    topic = frozenset(content_stems(readable(paper.title or "")))
    return list(_placed(told(paper), topic, paper_name(paper)))


def _placed(sentences: Sequence[Told], topic: frozenset[str], name: str) -> Iterator[tuple[Told, Place]]:
    begin = next((one.number for one in sentences if one.own), 0)
    last = max(1, len(sentences) - 1)
    for one in sentences:
        yield one, Place(max(0, one.number - begin), one.number / last, one.number == begin - 1, topic, name)


def _taken(name: str, one: Told, chosen: Mapping[str, Choice | None]) -> float:
    """What a sentence loses for a cell that it fills already, and for standing before the task is told."""
    losses = [
        loss
        for other, loss in _TAKEN[name].items()
        if (held := chosen.get(other)) and held.sentence.number == one.number
    ]
    task = chosen.get(USUAL[0])
    begins = task.sentence.number if task and task.score > _FAIR else 0
    early = one.number < begins and not (one.own and cues.DID.search(one.text))
    return max(losses, default=0.0) + _EARLY * early


def found_in(paper: Paper, choice: Choice) -> Found:
    """The cell of a chosen sentence."""
    one = choice.sentence
    return Found(
        paper.id, cut(one.text, choice.anchor), one.start, one.end, paper.abstract[one.start : one.end]
    )
