"""CSL-JSON, which pandoc, Zotero and JabRef read and from which `rag.export.styles` sets references."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from index.cleaning import readable
from index.dates import date_parts
from index.names import Name
from index.readers.fields import CORPORATE
from index.types import Paper
from rag.export.fields import (
    date_of,
    editors_of,
    join_keywords,
    keywords_of,
    names_of,
    printed_date,
    rest_of,
    text_of,
)

_NAMES = {
    "place": "publisher-place", "series": "collection-title", "edition": "edition", "language": "language",
    "isbn": "ISBN", "issn": "ISSN", "note": "note", "short_title": "title-short", "number": "number",
    "journal_abbreviation": "container-title-short", "pmcid": "PMCID", "work_type": "genre",
    "version": "version",
}  # fmt: skip
_USED = frozenset({*_NAMES, CORPORATE, "editors", "accessed"})


def write_csl(papers: Iterable[tuple[Paper, str]]) -> Iterator[str]:
    """One JSON array, an item a line."""
    before = "[\n"
    for paper, key in papers:
        yield before + json.dumps(csl_item(paper, key), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def csl_item(paper: Paper, key: str) -> dict[str, Any]:
    """One paper as CSL-JSON; what CSL has no variable for goes into `custom`."""
    item: dict[str, Any] = {
        "id": key,
        "type": paper.type or ("article-journal" if paper.venue else "document"),
        "title": readable(paper.title or ""),
        "author": [_name(name) for name in names_of(paper)],
        "editor": [_name(name) for name in editors_of(paper)],
        "issued": _issued(paper),
        "container-title": paper.venue,
        "volume": paper.volume,
        "issue": paper.issue,
        "page": paper.pages,
        "publisher": paper.publisher,
        "DOI": paper.doi,
        "PMID": paper.pmid,
        "URL": paper.url,
        "abstract": readable(paper.abstract),
        "keyword": join_keywords(keywords_of(paper)),
    }
    item |= {csl: text_of(paper.extra, name) for name, csl in _NAMES.items()}
    if visited := date_parts(text_of(paper.extra, "accessed")):
        item["accessed"] = {"date-parts": [list(visited)]}
    custom = dict(rest_of(paper, _USED))
    if paper.arxiv_id:
        item |= {"archive": "arXiv", "archive_location": paper.arxiv_id}
        custom["arxiv_id"] = paper.arxiv_id
    if corporate := paper.extra.get(CORPORATE):
        custom[CORPORATE] = corporate
    return {name: value for name, value in (item | {"custom": custom}).items() if value}


def _issued(paper: Paper) -> dict[str, Any]:
    parts = date_of(paper)
    issued: dict[str, Any] = {"date-parts": [list(parts)]} if parts else {}
    if printed := printed_date(paper):
        issued["literal"] = printed
    return issued


def _name(name: Name) -> dict[str, str]:
    if not name.given and not name.suffix:
        return {"literal": name.family}
    return {k: v for k, v in (("family", name.family), ("given", name.given), ("suffix", name.suffix)) if v}
