"""What the library as it is now would change in a review: papers that are new, and papers that are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.errors import IbidError
from rag.evidence import Candidate
from rag.review.collect import Wanted
from rag.review.document import Part, Review
from rag.review.reviewer import Reviewer
from rag.themes import paper_vectors

_FITS = 0.5  # cosine of a new paper and a section, below which it would need one of its own


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new paper: where it would go ("" where nothing fits) and the sentence that bears on the topic."""

    paper_id: str
    key: str
    title: str
    section: str
    quote: str
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        """The public shape."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Update:
    """What would change; `stale` are keys of papers whose cited passages are no longer there."""

    new: tuple[Arrival, ...]
    gone: tuple[str, ...]
    stale: tuple[str, ...]
    same_library: bool

    def to_dict(self) -> dict[str, Any]:
        """The public shape `ibid.review-update/1`."""
        return {
            "schema": "ibid.review-update/1", "new": [a.to_dict() for a in self.new],
            "gone": list(self.gone), "stale": list(self.stale), "same_library": self.same_library,
        }  # fmt: skip


def find_update(reviewer: Reviewer, review: Review, gone: tuple[str, ...]) -> Update:
    """Search again as the review was made and compare. :param gone: keys of papers that left the library."""
    same = review.made.get("library_fingerprint") == reviewer.library.fingerprint
    wanted = wanted_of(review)
    taken = reviewer.collect(wanted).taken
    passed = {p["paper_id"] for p in review.coverage.get("papers", ())}
    fresh = [c for c in taken if c.paper.id not in review.papers and c.paper.id not in passed]
    judged = reviewer.judged(review.topic, list(review.papers.values()))
    stale = {
        review.keys[p.paper_id]
        for s in review.statements
        for p in s.passages
        if review.papers[p.paper_id].abstract[p.start : p.end] != p.quote
    }
    new = tuple(_arrival(reviewer, review, judged, c) for c in fresh)
    return Update(new, gone, tuple(sorted(stale)), same)


def wanted_of(review: Review) -> Wanted:
    """What the review was asked to be about. :raises IbidError: its record does not say."""
    try:
        held: Mapping[str, Any] = review.made["settings"].get("wanted") or {"topic": review.topic}
        words = {name: tuple(map(str, held.get(name, ()))) for name in ("include", "exclude")}
        return Wanted(
            str(held["topic"]), words["include"], words["exclude"], held.get("year_from"),
            held.get("year_to"), most=int(held.get("most", 40)),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise IbidError(
            f"the record does not say how this review was made ({error}); write it anew"
        ) from error


def _arrival(
    reviewer: Reviewer, review: Review, judged: Mapping[str, Candidate], paper: Candidate
) -> Arrival:
    best = max(range(len(paper.judged.sentences)), key=paper.judged.sentences.__getitem__)
    start, end = paper.sentences.spans[best]
    return Arrival(
        paper.paper.id, reviewer.key(paper.paper), paper.paper.label, _place(review, judged, paper),
        paper.paper.abstract[start:end], start, end,
    )  # fmt: skip


def _place(review: Review, judged: Mapping[str, Candidate], paper: Candidate) -> str:
    """The heading of the section whose papers are nearest; "" where none is near."""
    own = paper_vectors([paper])[0]
    near: list[tuple[float, str]] = []
    for section in review.sections:
        members = [judged[i] for i in section.placed if i in judged]
        if section.part is Part.THEME and members:
            near.append((float(np.mean(paper_vectors(members) @ own)), section.heading))
    cosine, heading = max(near, default=(0.0, ""))
    return heading if cosine >= _FITS else ""
