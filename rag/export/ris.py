"""RIS in the form that Zotero, EndNote and Mendeley read: one tag a line, CR LF not needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.cleaning import readable
from index.kinds import ENTRY_TYPE, RIS_TYPE, TO_RIS
from index.names import Name
from index.readers.fields import CORPORATE
from index.types import Paper
from rag.export.fields import date_of, editors_of, keywords_of, names_of, printed_date, rest_of, text_of

_USED = frozenset({
    RIS_TYPE, ENTRY_TYPE, CORPORATE, "editors", "edition", "place", "series", "isbn", "issn", "language",
    "note", "short_title", "journal_abbreviation", "urls", "accessed",
})  # fmt: skip
_KEPT = re.compile(r"RIS ([A-Z][A-Z0-9])")


def write_ris(papers: Iterable[tuple[Paper, str]]) -> Iterator[str]:
    """One record a paper, from TY to ER."""
    for paper, key in papers:
        lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in _tags(paper, key) if value.strip()]
        yield "\n".join((*lines, "ER  - ", "", ""))


def _tags(paper: Paper, key: str) -> Iterator[tuple[str, str]]:
    extra = paper.extra
    yield "TY", str(extra.get(RIS_TYPE) or TO_RIS.get(paper.type or "", "JOUR" if paper.venue else "GEN"))
    yield "ID", key
    yield "TI", readable(paper.title or "")
    for name in names_of(paper):
        yield "AU", _name(name)
    for name in editors_of(paper):
        yield "A2", _name(name)
    yield "T2", paper.venue or ""
    yield "JA", text_of(extra, "journal_abbreviation")
    yield "T3", text_of(extra, "series")
    yield "ST", text_of(extra, "short_title")
    parts = date_of(paper)
    yield "PY", str(paper.year or "")
    yield (
        "DA",
        "/".join((*(f"{p:02d}" for p in parts), "", "")[:3]) + "/" if len(parts) > 1 else printed_date(paper),
    )
    yield "Y2", text_of(extra, "accessed").replace("-", "/")
    yield "VL", paper.volume or ""
    yield "IS", paper.issue or ""
    yield from _pages(paper.pages or "")
    yield "PB", paper.publisher or ""
    yield "CY", text_of(extra, "place")
    yield "ET", text_of(extra, "edition")
    yield "LA", text_of(extra, "language")
    yield "SN", text_of(extra, "isbn") or text_of(extra, "issn")
    yield "DO", paper.doi or ""
    yield "UR", paper.url or ""
    for url in text_of(extra, "urls").split("; "):
        yield "UR", url
    for word in keywords_of(paper):
        yield "KW", word
    yield "AB", readable(paper.abstract)
    yield "N1", text_of(extra, "note")
    if paper.type == "article":
        yield "M3", "Preprint"
    if paper.pmid:
        yield from (("AN", paper.pmid), ("DB", "PubMed"))
    if paper.arxiv_id:
        yield "AN", f"arXiv:{paper.arxiv_id}"
    yield from _kept(paper)


def _kept(paper: Paper) -> Iterator[tuple[str, str]]:
    """Tags that came from RIS and have no place in a record."""
    taken = {"M3"} if paper.type == "article" else set()
    taken |= {"AN", "DB"} if paper.pmid else set()
    for name, value in rest_of(paper, _USED):
        found = _KEPT.fullmatch(name)
        if found and found[1] not in taken:
            for text in value if isinstance(value, list) else [value]:
                yield found[1], str(text)


def _pages(pages: str) -> Iterator[tuple[str, str]]:
    first, dash, last = pages.partition("-")
    if dash and first != last and re.fullmatch(r"\w+", first) and re.fullmatch(r"\w+", last):
        yield from (("SP", first), ("EP", last))
    else:
        yield "SP", pages


def _name(name: Name) -> str:
    """An organisation ends with a comma, so that nobody splits it."""
    return name.stored if name.given or " " not in name.family else f"{name.family},"
