"""BibTeX and BibLaTeX: UTF-8, every sign escaped that TeX acts on, capitals of names held by braces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.cleaning import readable
from index.dates import MONTHS
from index.kinds import BIBTEX, ENTRY_TYPE, RIS_TYPE, TO_BIBLATEX, TO_BIBTEX
from index.latex import to_latex
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

_CLASSIC = frozenset(
    "article book booklet inbook incollection inproceedings manual mastersthesis misc phdthesis proceedings "
    "techreport unpublished".split()
)
_IN_BOOK = ("chapter", "paper-conference", "entry-encyclopedia", "entry-dictionary")
_USED = frozenset({
    ENTRY_TYPE, RIS_TYPE, CORPORATE, "editors", "edition", "place", "series", "isbn", "issn", "language",
    "note", "short_title", "journal_abbreviation", "work_type", "pmcid", "eprint_of", "number",
    "howpublished", "type", "accessed",
})  # fmt: skip
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_+-]{0,40}")


def write_bibtex(papers: Iterable[tuple[Paper, str]]) -> Iterator[str]:
    """One entry a paper, of the types that BibTeX's own styles know."""
    return (_entry(paper, key, latex=False) for paper, key in papers)


def write_biblatex(papers: Iterable[tuple[Paper, str]]) -> Iterator[str]:
    """One entry a paper, with BibLaTeX's types, `date`, `journaltitle` and `location`."""
    return (_entry(paper, key, latex=True) for paper, key in papers)


def _entry(paper: Paper, key: str, *, latex: bool) -> str:
    kind = _entry_type(paper, latex=latex)
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(paper, kind, latex=latex) if value]
    month = date_of(paper)[1:2]
    if month and not latex:
        lines.insert(
            next((i + 1 for i, line in enumerate(lines) if line.startswith("  year")), len(lines)),
            f"  month = {MONTHS[month[0] - 1]},",
        )
    return "\n".join((f"@{kind}{{{key},", *lines, "}", "", ""))


def _entry_type(paper: Paper, *, latex: bool) -> str:
    own = str(paper.extra.get(ENTRY_TYPE) or "")
    if own in (BIBTEX if latex else _CLASSIC):
        return own
    if paper.type is None:
        return "article" if paper.venue else "misc"
    return (TO_BIBLATEX if latex else TO_BIBTEX).get(paper.type, "misc")


def _fields(paper: Paper, kind: str, *, latex: bool) -> Iterator[tuple[str, str]]:
    extra = paper.extra
    yield "title", _protected(readable(paper.title or ""))
    yield "author", " and ".join(map(_name, names_of(paper)))
    yield "editor", " and ".join(map(_name, editors_of(paper)))
    container = "booktitle" if paper.type in _IN_BOOK else "journaltitle" if latex else "journal"
    yield container, _text(paper.venue)
    yield "shortjournal", _text(text_of(extra, "journal_abbreviation"))
    yield from _dates(paper, latex=latex)
    yield "volume", _text(paper.volume)
    numbered = kind in ("article", "periodical")
    yield "number", _text((paper.issue if numbered else "") or text_of(extra, "number"))
    yield "issue", _text("" if numbered else paper.issue)
    yield "pages", _text((paper.pages or "").replace("-", "–")).replace("–", "--")
    yield _publisher_field(kind, latex=latex), _text(paper.publisher)
    yield "location" if latex else "address", _text(text_of(extra, "place"))
    for name in ("edition", "series", "isbn", "issn", "language", "note", "howpublished", "pmcid"):
        yield name, _text(text_of(extra, name))
    yield "shorttitle", _text(text_of(extra, "short_title"))
    yield "type", _text(text_of(extra, "work_type"))
    told = paper.type in (None, "article", "document") or BIBTEX.get(kind) == paper.type
    yield "entrysubtype", "" if told else str(paper.type)
    yield "pubstate", "preprint" if paper.type == "article" and not paper.arxiv_id else ""
    yield "doi", _verbatim(paper.doi)
    yield "pmid", _verbatim(paper.pmid)
    yield from _eprint(paper, latex=latex)
    yield "url", _verbatim(paper.url)
    yield "urldate", _text(text_of(extra, "accessed"))
    yield "keywords", _text(join_keywords(keywords_of(paper)))
    yield "abstract", _text(readable(paper.abstract))
    for name, _ in rest_of(paper, _USED):
        field = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
        if _PLAIN_NAME.fullmatch(field):
            yield field, _text(text_of(extra, name))


def _dates(paper: Paper, *, latex: bool) -> Iterator[tuple[str, str]]:
    parts = date_of(paper)
    if latex and len(parts) > 1:
        yield "date", "-".join(f"{part:02d}" for part in parts)
    elif paper.year:
        yield "year", str(paper.year)
        if len(parts) == 3:
            yield "day", str(parts[2])
    yield "issued", _text(printed_date(paper))


def _eprint(paper: Paper, *, latex: bool) -> Iterator[tuple[str, str]]:
    archive, _, number = text_of(paper.extra, "eprint_of").partition(":")
    if paper.arxiv_id:
        archive, number = ("arxiv" if latex else "arXiv"), paper.arxiv_id
    if number:
        yield "eprint", _verbatim(number)
        yield "eprinttype" if latex else "archiveprefix", _verbatim(archive)


def _publisher_field(kind: str, *, latex: bool) -> str:
    if kind in ("phdthesis", "mastersthesis", "thesis"):
        return "institution" if latex else "school"
    return "institution" if kind in ("techreport", "report") else "publisher"


def _name(name: Name) -> str:
    """One name as BibTeX splits it; braces keep an organisation, or an "and" within a name, whole."""
    parts = [f"{{{to_latex(p)}}}" if re.search(r"\band\b|,", p) else to_latex(p) for p in
             (name.family, name.suffix, name.given) if p]  # fmt: skip
    if not name.given and not name.suffix and " " in name.family:
        return parts[0] if parts[0].startswith("{") else f"{{{parts[0]}}}"
    if name.suffix and not name.given:
        return f"{{{' '.join(parts)}}}"
    return ", ".join(parts)


def _protected(title: str) -> str:
    """The title in LaTeX, with braces around capitals that a style must not lower."""
    words = title.split()
    long = [w for w in words[1:] if len(w) > 3 and w[0].isalpha()]
    headline = sum(w[0].isupper() for w in long) >= 0.5 * len(long) and len(long) > 1
    done = []
    for at, word in enumerate(words):
        inner = any(c.isupper() for c in word.lstrip("([\"'“‘")[1:])
        capital = word[0].isupper() and at > 0 and not headline
        done.append(f"{{{to_latex(word)}}}" if inner or capital else to_latex(word))
    return " ".join(done)


def _text(text: str | None) -> str:
    return to_latex(" ".join((text or "").split()))


def _verbatim(text: str | None) -> str:
    """An address or number as it is; braces and blanks, which would end it, as codes."""
    codes = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}
    return re.sub(r"[{}\\ ]", lambda m: codes[m[0]], text or "")
