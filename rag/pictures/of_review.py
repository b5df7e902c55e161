"""A review as what is drawn of it: its sections are the themes."""

from __future__ import annotations

from index.cleaning import readable
from rag.pictures.pictured import Pictured, Shown, queries_of, themed
from rag.review.document import Part, Review


def pictured(review: Review) -> Pictured:
    """The papers of a review with their sections as themes, in reading order."""
    sections = [s for s in review.sections if s.part is Part.THEME]
    ids = list(dict.fromkeys([*(i for s in sections for i in s.placed), *review.order]))
    names, numbers = themed([s.heading for s in sections], [s.placed for s in sections], ids)
    papers = tuple(
        Shown(i, readable(review.papers[i].label), review.papers[i].year, numbers[i], review.places.get(i))
        for i in ids
    )
    queries, given = queries_of(review.coverage)
    return Pictured(review.title, names, papers, queries, given)
