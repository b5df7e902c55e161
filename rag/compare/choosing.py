"""Which papers of a library are compared: those named by id or key, or those that a question collects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from index.types import Paper
from rag.compare.asked import LoadReader
from rag.compare.table import Comparison, compare

if TYPE_CHECKING:
    from rag.wiring import OpenedLibrary


def compare_chosen(
    opened: OpenedLibrary,
    load_reader: LoadReader,
    ids: Sequence[str],
    aspects: Sequence[str],
    wanted: dict[str, Any],
) -> Comparison:
    """See `OpenedLibrary.compare`."""
    papers = _named(opened, ids) if ids else _collected(opened, wanted)
    keys = {paper.id: key for paper, key in opened.keyed(p.id for p in papers)}
    return compare(papers, lambda p: keys[p.id], load_reader, aspects, wanted.get("topic"))


def _named(opened: OpenedLibrary, names: Sequence[str]) -> list[Paper]:
    """:raises LibraryError: a name is neither an id nor a key; the message shows near ids."""
    opened.papers.refresh()
    there = opened.papers.papers_by_id(names)
    by_key: dict[str, str] = {}
    if len(there) < len(set(names)):
        every = opened.keyed(paper.id for paper in opened.papers.papers())
        by_key = {key: paper.id for paper, key in every}
    ids = dict.fromkeys(n if n in there else by_key.get(n.removeprefix("@"), n) for n in names)
    return [there.get(i) or opened.papers.paper(i) for i in ids]


def _collected(opened: OpenedLibrary, wanted: dict[str, Any]) -> list[Paper]:
    """:raises IbidError: the library holds nothing on the topic; the message names what is near."""
    from rag.review.collect import Wanted

    return [candidate.paper for candidate in opened.reviewer.collect(Wanted(**wanted)).taken]
