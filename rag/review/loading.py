"""A review read back from the record beside it, as far as its papers are still in the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.library import Library
from rag.review.document import Passage, Review, Section, Table
from rag.review.formats import record_of
from rag.review.record import from_dict, read_record
from rag.review.revise import without_paper


@dataclass(frozen=True, slots=True)
class Loaded:
    """The review without papers that left the library, and the keys of those."""

    review: Review
    gone: tuple[str, ...]


def load_review(path: Path, library: Library) -> Loaded:
    """The review of a file. :raises ReadError: its record is missing or damaged, or no paper is left."""
    where = record_of(path)
    return load_record(read_record(where), library, str(where))


def load_record(record: Mapping[str, Any], library: Library, where: str) -> Loaded:
    """The review of a record. :raises ReadError: it is damaged, or no paper is left."""
    held = record.get("papers")
    if not isinstance(held, dict) or not held:
        raise ReadError(f"{where}: the record names no papers; write the review anew")
    papers = dict(library.papers_by_id(held))
    missing = [i for i in held if i not in papers]
    if not papers:
        raise ReadError(f"{where}: none of its papers is in this library; name the right one with -L")
    review = from_dict(record, papers, where)
    return Loaded(_without(review, missing), tuple(review.keys[i] for i in missing))


def _without(review: Review, missing: list[str]) -> Review:
    sections = review.sections
    for paper_id in missing:
        sections = tuple(without_paper(s, paper_id) for s in sections)
    kept = tuple(_without_passages(s, set(missing)) for s in sections)
    rows = tuple(r for r in review.table.rows if r.paper_id not in missing)
    keys = {i: k for i, k in review.keys.items() if i not in missing}
    return replace(review, sections=kept, table=Table(review.table.columns, rows), keys=keys)


def _without_passages(section: Section, missing: set[str]) -> Section:
    """Statements of several papers lose the citations of papers that are gone; counts are told anew later."""

    def present(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
        return tuple(p for p in passages if p.paper_id not in missing)

    paragraphs = tuple(tuple(replace(s, passages=present(s.passages)) for s in p) for p in section.paragraphs)
    children = tuple(_without_passages(c, missing) for c in section.children)
    return replace(section, paragraphs=paragraphs, children=children)
