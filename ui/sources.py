"""The sources of an answer as HTML strings: a card a paper, the deciding sentence marked.

Pure functions under the same rules as `ui.render`. A card's id is made of numbers and addresses
come from a DOI or arXiv id, so nothing that a paper says can be an id, an address or markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.cleaning import readable, readable_with_map
from index.names import printed_name
from index.types import Paper
from rag.types import Reference
from ui.chat import Exchange
from ui.escaping import escape, links

SCORE_NAMES = {
    "fused": "Relevance (fused)",
    "dense": "Meaning (dense)",
    "lexical": "Words (lexical)",
    "rerank": "Reranker",
}
NOTHING_YET = "The papers behind an answer appear here, each with the sentence that decides."


def label(paper: Paper) -> str:
    """What a paper is called on the page, free of LaTeX and tags."""
    return readable(paper.label)


def source_id(turn: int, n: int, *, uncited: bool = False) -> str:
    """The DOM id of a source card: unique within the page."""
    return f"src-{turn:d}-{'u' if uncited else ''}{n:d}"


def sources_html(exchange: Exchange | None, *, cited_only: bool = True) -> str:
    """The cards of an exchange: what it cites (or is nearest), and on request all it considered."""
    if exchange is None or exchange.answer is None:
        return f'<p class="empty">{NOTHING_YET}</p>'
    answer = exchange.answer
    shown = answer.references or answer.nearest
    cards = [card_html(r, source_id(exchange.number, r.n)) for r in shown]
    known = {r.paper.id for r in shown}
    rest = [r for r in answer.retrieved if r.paper.id not in known]
    if not cited_only:
        cards += [
            card_html(r, source_id(exchange.number, i, uncited=True), number="–")
            for i, r in enumerate(rest, start=1)
        ]
    if cards:
        return f'<div class="cards">{"".join(cards)}</div>'
    if exchange.running:
        return _considered(rest)
    return '<p class="empty">No paper is cited here.</p>'


def _considered(rest: Sequence[Reference]) -> str:
    """What is being read, by title, while no sentence stands yet."""
    if not rest:
        return '<p class="empty">Looking for papers</p>'
    titles = "".join(f"<li>{escape(label(r.paper), 200)}</li>" for r in rest)
    return f'<p class="empty">Reading</p><ol class="considered">{titles}</ol>'


def earlier_sources_html(exchanges: Iterable[Exchange]) -> str:
    """The sources of earlier exchanges, folded, so that their citations still lead somewhere."""
    parts = [
        f'<details class="earlier"><summary>Sources of question {e.number:d}: '
        f"{escape(e.question, 120)}</summary>{sources_html(e)}</details>"
        for e in exchanges
        if e.answer is not None and (e.answer.references or e.answer.nearest)
    ]
    return "".join(reversed(parts))


def card_html(reference: Reference, dom_id: str, number: str | None = None) -> str:
    """One source: number, title, year and venue, links, scores, the abstract with its sentence marked."""
    paper = reference.paper
    marked = abstract_html(paper, reference.quote, reference.start, reference.end)
    return (
        f'<article class="card" id="{dom_id}" tabindex="-1">'
        f'<h3 class="card-title"><span class="number">{number or f"{reference.n:d}"}</span>'
        f"<span>{escape(label(paper), 400)}</span></h3>"
        f"{authors_html(paper)}{where_html(paper)}{marked}{_scores(reference)}</article>"
    )


def authors_html(paper: Paper, most: int = 4) -> str:
    """The authors in a paragraph, or nothing."""
    authors = escape(readable(_authors(paper.authors, most)), 3000)
    return f'<p class="authors">{authors}</p>' if authors else ""


def where_html(paper: Paper) -> str:
    """Year, venue and links to a paper's identifiers in a paragraph."""
    anchors = "".join(link_html(url, name) for name, url in links(paper))
    date = f'<span class="when">{known}</span>' if (known := when(paper)) else ""
    return f'<p class="where">{date}{anchors}</p>' if date or anchors else ""


def link_html(url: str, html: str) -> str:
    """A link that leaves the page, to an address that was built here, around a text that is escaped."""
    return f'<a class="out" href="{escape_url(url)}" target="_blank" rel="noopener noreferrer">{html}</a>'


def escape_url(url: str) -> str:
    """A built address for an attribute; `links` percent-encodes all but these characters already."""
    return url.replace("&", "&amp;").replace('"', "%22").replace("<", "%3C").replace(">", "%3E")


def _authors(authors: Sequence[str], most: int) -> str:
    return ", ".join(map(printed_name, authors[:most])) + (" et al." if len(authors) > most else "")


def when(paper: Paper) -> str:
    """Year and venue as far as they are known, escaped."""
    date = str(paper.year) if paper.year is not None else (paper.date or "")
    return " · ".join(escape(part, 160) for part in (date, readable(paper.venue or "")) if part)


def abstract_html(paper: Paper, quote: str = "", start: int = 0, end: int = 0) -> str:
    """The abstract in three strings: before, the deciding sentence, after; unmarked if it does not match."""
    abstract = paper.abstract
    text = readable_with_map(abstract)
    if not 0 <= start < end <= len(abstract) or abstract[start:end] != quote:
        return f'<p class="abstract">{escape(text.text)}{_cut(paper)}</p>' if abstract else ""
    start, end = text.to_readable(start, end)
    before, deciding, after = text.text[:start], text.text[start:end], text.text[end:]
    return (
        f'<p class="abstract">{escape(before)}<mark>{escape(deciding)}</mark>{escape(after)}{_cut(paper)}</p>'
    )


def _cut(paper: Paper) -> str:
    return "&#32;<em>(the source cuts the abstract off here)</em>" if paper.truncated else ""


def _scores(reference: Reference) -> str:
    """The fused score in front, the rest folded; a score that was not computed is not shown."""
    scores = {name: getattr(reference.scores, name) for name in SCORE_NAMES}
    named = {name: value for name, value in scores.items() if value is not None}
    if not named:
        return ""
    head = next(iter(named))
    rows = "".join(f"<dt>{SCORE_NAMES[n]}</dt><dd>{v:.2f}</dd>" for n, v in named.items() if n != head)
    words = f"{SCORE_NAMES[head]} {named[head]:.2f}"
    if not rows:
        return f'<p class="scores">{words}</p>'
    return f'<details class="scores"><summary>{words}</summary><dl>{rows}</dl></details>'
