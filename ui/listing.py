"""Papers of a library as HTML strings: the table of a page of them, one record, a pair side by side.

Pure functions under the rules of `ui.render`: ids and addresses are numbers, texts are escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from index.cleaning import readable
from index.types import Paper
from ui.escaping import escape, links
from ui.sources import abstract_html, authors_html, label, link_html

AUTHORS_SHOWN = 40
NO_RECORD = '<p class="empty">Choose a title to read its record here.</p>'
_KINDS = {
    "article-journal": "Journal article", "paper-conference": "Conference paper", "article": "Preprint",
    "chapter": "Chapter", "book": "Book", "thesis": "Thesis", "report": "Report", "dataset": "Data set",
    "software": "Software", "webpage": "Web page", "patent": "Patent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A page of papers: the number of each one's row, and where the page stands among all found."""

    papers: tuple[tuple[int, Paper], ...]
    first: int
    found: int
    total: int


def page_html(page: Page) -> str:
    """The count and the table; a library or a search without papers says so."""
    if not page.total:
        return '<p class="empty">This library is empty. Add files with papers to begin.</p>'
    if not page.found:
        none = '<p class="empty">No paper fits. Use fewer words, or other years.</p>'
        return f'<p class="count">None of {page.total:,} papers</p>{none}'
    last = page.first + len(page.papers) - 1
    among = "" if page.found == page.total else f" found among {page.total:,}"
    columns = [name for name, value in _COLUMNS.items() if any(value(p) for _, p in page.papers)]
    heads = "".join(f'<th scope="col" class="{name}">{_HEADS[name]}</th>' for name in columns)
    rows = "".join(_row(number, paper, columns) for number, paper in page.papers)
    return (
        f'<p class="count">{page.first:,}–{last:,} of {page.found:,} papers{among}</p>'
        '<table class="shelf"><thead><tr><th scope="col" class="tick"><input type="checkbox" '
        'class="pick-all" id="pick-page" title="Tick all on this page"></th>'
        f'<th scope="col">Paper</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


_COLUMNS: dict[str, Callable[[Paper], str]] = {
    "year": lambda p: str(p.year or p.date or ""),
    "venue": lambda p: readable(p.venue or ""),
}  # those that a page has no value for are left out
_HEADS = {"year": "Year", "venue": "Published in"}


def _row(number: int, paper: Paper, columns: Sequence[str]) -> str:
    title = escape(label(paper), 300)
    kind = "open" if paper.title else "open untitled"
    retracted = ' <span class="chip warn">retracted</span>' if paper.retracted else ""
    cells = "".join(f'<td class="{name}">{escape(_COLUMNS[name](paper), 120)}</td>' for name in columns)
    return (
        f'<tr id="row-{number:d}"><td class="tick"><input type="checkbox" class="pick" name="papers" '
        f'value="{number:d}" id="tick-{number:d}" title="Tick {title}"></td>'
        f'<td class="what"><a class="{kind}" href="#record-{number:d}">{title}</a>{retracted}'
        f"{authors_html(paper, 3)}</td>{cells}</tr>"
    )


def record_html(number: int, paper: Paper, key: str) -> str:
    """One record in full: identifiers as links, abstract, keywords, where it was read."""
    title = readable(paper.title) if paper.title else "Untitled"
    warn = '<p class="notice warn">This paper has been retracted.</p>' if paper.retracted else ""
    abstract = abstract_html(paper) or '<p class="empty">The record has no abstract.</p>'
    return (
        f'<article class="record" id="record-{number:d}" tabindex="-1">'
        '<p class="back"><a class="close-record" href="#papers">Back to the list</a></p>'
        f'<h3 class="record-title">{escape(title, 600)}</h3>{authors_html(paper, AUTHORS_SHOWN)}'
        f'<p class="where"><span class="when">{_published(paper)}</span></p>{_identifiers(paper)}{warn}'
        f'<p class="pick-line"><input type="checkbox" class="pick" name="papers" value="{number:d}" '
        f'id="tick-record"><label for="tick-record">Ticked for export</label></p>'
        f'<h4 class="small-head">Abstract</h4>{abstract}{_details(paper, key)}</article>'
    )


def _published(paper: Paper) -> str:
    """Kind, venue, volume, issue, pages and date as far as they are known."""
    volume = paper.volume or ""
    if paper.issue:
        volume += f"({paper.issue})"
    parts = [
        _KINDS.get(paper.type or "", ""), readable(paper.venue or ""), volume,
        f"pp. {paper.pages}" if paper.pages else "", paper.date or str(paper.year or ""),
    ]  # fmt: skip
    return " · ".join(escape(part, 200) for part in parts if part)


def _identifiers(paper: Paper) -> str:
    """DOI, arXiv and PubMed as links; an identifier that is none of its kind is shown as text."""
    addresses = dict(links(paper))
    rows = []
    for name, value in (("DOI", paper.doi), ("arXiv", paper.arxiv_id), ("PubMed", paper.pmid)):
        if not value:
            continue
        text = escape(value, 120)
        if url := addresses.get(name):
            text = link_html(url, text)
        rows.append(f"<div><dt>{name}</dt><dd>{text}</dd></div>")
    return f'<dl class="ids">{"".join(rows)}</dl>' if rows else ""


def _details(paper: Paper, key: str) -> str:
    sources = "<br>".join(
        f"{escape(PurePath(s.path).name, 120)}, line {s.line:d} ({escape(s.format, 40)})"
        for s in paper.sources[:10]
    )
    versions = "<br>".join(escape(str(v), 200) for v in list(paper.extra.get("versions", ()))[:10])
    rows = [
        ("Keywords", escape("; ".join(map(readable, paper.keywords)), 600)),
        ("Citation key", f"<code>{escape(key, 100)}</code>"),
        ("Also as", versions),
        ("Read from", sources),
        ("Id", f"<code>{escape(paper.id, 200)}</code>"),
    ]
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in rows if value)
    return f'<dl class="details">{cells}</dl>'


_COMPARED: tuple[tuple[str, Callable[[Paper], str]], ...] = (
    ("Title", lambda p: readable(p.title or "")),
    ("Authors", lambda p: "; ".join(map(readable, p.authors))),
    ("Year", lambda p: str(p.year or p.date or "")),
    ("Published in", lambda p: readable(p.venue or "")),
    ("Pages", lambda p: " ".join(filter(None, (p.volume, p.issue and f"({p.issue})", p.pages)))),
    ("DOI", lambda p: p.doi or ""),
    ("arXiv", lambda p: p.arxiv_id or ""),
    ("PubMed", lambda p: p.pmid or ""),
    ("Abstract", lambda p: readable(p.abstract)),
    ("Read from", lambda p: "; ".join(PurePath(s.path).name for s in p.sources)),
)


def pair_html(pair: tuple[Paper, Paper], left: int) -> str:
    """Two papers field by field; fields that differ are marked, what neither has is left out."""
    rows = "".join(_compared(name, field(pair[0]), field(pair[1])) for name, field in _COMPARED)
    return (
        f'<p class="count">{left:,} pair{"" if left == 1 else "s"} to decide</p>'
        '<table class="pair"><thead><tr>'
        '<th scope="col"><span class="heard-only">Field</span></th><th scope="col">Added first</th>'
        f'<th scope="col">Added later</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _compared(name: str, first: str, second: str) -> str:
    if not first and not second:
        return ""
    differ = first != second and name != "Read from"
    cells = "".join(f"<td>{escape(text, 1500) or '–'}</td>" for text in (first, second))
    sign = '<span class="chip">differs</span>' if differ else ""
    return f'<tr class="{"differs" if differ else "agrees"}"><th scope="row">{name}{sign}</th>{cells}</tr>'


def files_found(names: Sequence[tuple[str, int]]) -> list[tuple[str, str]]:
    """(label, name) of the files that papers were read from, for a menu."""
    return [(f"{name} ({count:,})", name) for name, count in names]
