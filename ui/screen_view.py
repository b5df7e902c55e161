"""Screening as HTML strings: the paper to decide on, how far reading has got, the PRISMA counts.

Pure functions under the rules of `ui.render`: ids are numbers, every text of a paper is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index.cleaning import readable
from index.types import Paper
from rag.screening.desk import Card
from rag.screening.prisma import Flow
from ui.escaping import escape
from ui.sources import abstract_html, authors_html, label, where_html

KEYS = (("r", "relevant"), ("i", "irrelevant"), ("n", "later"), ("u", "undo"))
WELCOME = (
    '<div class="welcome-cite"><p>Ibid orders the papers of this library by how likely they answer the '
    "question of your review, and shows them one by one. Every decision teaches it, is kept at once, and can "
    "be taken back.</p></div>"
)
ALL_READ = (
    '<section class="screened" id="paper-0"><p class="outcome answered"><span class="badge">All decided'
    "</span><span>Every paper of this session has a decision.</span></p></section>"
)


def card_html(card: Card, number: int) -> str:
    """The paper to decide on; `number` tells the cards of a page apart."""
    paper = card.paper
    warn = '<p class="notice warn">This paper has been retracted.</p>' if paper.retracted else ""
    abstract = abstract_html(paper) or '<p class="empty">The record has no abstract: decide by its title.</p>'
    title = readable(paper.title) if paper.title else "Untitled"
    return (
        f'<section class="screened" id="paper-{number:d}">{why_html(card)}'
        f'<h3 class="record-title">{escape(title, 600)}</h3>{authors_html(paper, 12)}{where_html(paper)}'
        f"{warn}{abstract}</section>"
    )


def why_html(card: Card) -> str:
    """Why the paper is shown now: its place, the words that speak for it, the relevant one nearest to it."""
    place = "Taken back" if card.rank is None else f"{_ordinal(card.rank)} of {card.unread:,} unread"
    learnt = f"learnt from {card.relevant:,} relevant and {card.irrelevant:,} irrelevant"
    if not card.relevant and not card.irrelevant:
        learnt = "ordered by your question"
    words = ", ".join(f"<strong>{escape(word, 60)}</strong>" for word in card.words)
    parts = [f"{place}, {learnt}."]
    if words:
        parts.append(f"What speaks for it: {words}.")
    if card.nearest is not None:
        parts.append(f"Nearest of your relevant papers: {escape(label(card.nearest), 160)}.")
    elif not words:
        parts.append("No word of it stands out.")
    return f'<p class="why">{" ".join(parts)}</p>'


def _ordinal(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"


def progress_html(status: Mapping[str, Any], hint: str) -> str:
    """How much is read and found, and what is likely left."""
    rows = [
        ("Read", f"{status['read']:,} of {status['papers']:,}"),
        ("Relevant", f"{status['included']:,}"),
        ("Irrelevant", f"{status['excluded']:,}"),
        ("Unread", f"{status['unread']:,}"),
    ]
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in rows)
    share = round(100 * status["read"] / max(1, status["papers"]))
    kind = "may-stop" if status["may_stop"] else "read-on"
    return (
        f'<dl class="facts-list">{cells}</dl>'
        f'<p class="bar read"><span class="filled" style="width: {share:d}%"></span></p>'
        f'<p class="left {kind}">{escape(hint[:1].upper() + hint[1:], 500)}.</p>'
        '<p class="hint">An estimate from the papers read so far, not a proof: it takes the order for '
        "better than chance and your decisions for right.</p>"
    )


def flow_html(flow: Flow) -> str:
    """The counts of the PRISMA flow; what nobody told is left open."""
    texts = flow.full_texts
    rows = [
        ("Records identified", flow.identified), ("Duplicates removed", flow.duplicates),
        ("Not screened, ranked last", flow.not_screened), ("Screened", flow.screened),
        ("Excluded", flow.excluded), ("Reports sought", flow.sought),
        ("Not retrieved", texts.not_retrieved), ("Assessed", flow.assessed),
        ("Reports excluded", texts.excluded), ("Studies included", texts.studies),
    ]  # fmt: skip
    cells = "".join(
        f"<div><dt>{name}</dt><dd>{'not told' if count is None else f'{count:,}'}</dd></div>"
        for name, count in rows
    )
    return f'<dl class="details flow">{cells}</dl>'


def done_html(paper: Paper, word: str) -> str:
    """What was just done, in a line that screen readers hear."""
    title = readable(paper.title) if paper.title else "Untitled"
    return f'<p class="hint" role="status">{word}: {escape(title, 120)}</p>'
