"""Answers and sources as HTML strings: pure functions, no Gradio.

Every string of a paper, a model or a user goes through `escape`; every id in the page is made of
numbers only; addresses come from `links`. A citation is a plain link to `#src-<turn>-<n>`, so it
works with mouse, keyboard and without the page's script. Each fragment is one line: a blank line
would end an HTML block in Markdown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.types import Answer, Origin, Reference, Statement, Status, Verdict
from ui.chat import Exchange
from ui.escaping import escape, links, plain

OUTCOMES = {
    Status.ANSWERED: ("answered", "Answered"),
    Status.PARTIAL: ("partial", "Partly answered"),
    Status.INSUFFICIENT: ("insufficient", "Not in this library"),
}
SCORE_NAMES = {
    "fused": "Relevance (fused)",
    "dense": "Meaning (dense)",
    "lexical": "Words (lexical)",
    "rerank": "Reranker",
}


def confidence_words(confidence: float) -> str:
    """The confidence of an answer in words."""
    if confidence >= 0.75:
        return "high confidence"
    return "moderate confidence" if confidence >= 0.5 else "low confidence"


def exchanges_html(exchanges: Sequence[Exchange]) -> str:
    """Several exchanges, oldest first."""
    return "".join(exchange_html(e) for e in exchanges)


def exchange_html(exchange: Exchange) -> str:
    """A question, its outcome and its answer."""
    state = "running" if exchange.running else "finished"
    return (
        f'<section class="turn {state}" id="turn-{exchange.number:d}">'
        f'<h2 class="question">{escape(exchange.question)}</h2>'
        f"{_outcome(exchange)}{_body(exchange)}</section>"
    )


def _outcome(exchange: Exchange) -> str:
    """The badge line: what came of the question, or what is being done."""
    answer = exchange.answer
    if exchange.error is not None:
        return '<p class="outcome failed"><span class="badge">Not answered</span></p>'
    if exchange.stopped:
        return '<p class="outcome stopped"><span class="badge">Stopped</span></p>'
    if answer is None or not answer.done:
        stage = answer.stage if answer is not None and answer.stage else "Reading your question"
        return f'<p class="outcome stage"><span class="pulse"></span>{escape(stage, 200)}</p>'
    kind, words = OUTCOMES[answer.status]
    return (
        f'<p class="outcome {kind}"><span class="badge">{words}</span>'
        f'<span class="facts">{_facts(answer)}</span></p>'
    )


def _facts(answer: Answer) -> str:
    facts = []
    if answer.status is not Status.INSUFFICIENT:
        facts.append(confidence_words(answer.confidence))
        facts.append(_count(len(answer.references), "paper") + " cited")
    elif answer.retrieved:
        facts.append(_count(len(answer.retrieved), "paper") + " looked at")
    total = answer.timing_ms.get("total")
    if total:
        facts.append(f"{total / 1000:.1f} s")
    return " · ".join(facts)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _body(exchange: Exchange) -> str:
    answer = exchange.answer
    if exchange.error is not None:
        return f'<p class="notice">{escape(exchange.error, 1000)}</p>'
    if answer is None:
        return ""
    if answer.done and answer.status is Status.INSUFFICIENT:
        return _refusal(answer, exchange.number)
    parts = []
    if answer.done and answer.notice:
        parts.append(f'<p class="notice">{escape(answer.notice, 1000)}</p>')
    parts.append(f'<div class="answer">{_statements(answer, exchange.number)}</div>')
    if answer.done:
        parts.append(_references(answer, exchange.number))
        parts.append(_copy_text(answer))
    return "".join(parts)


def _copy_text(answer: Answer) -> str:
    """The hidden text that the copy button takes; line ends as entities, for a blank line ends the block."""
    lines = answer_markdown(answer).split("\n")
    return f'<pre class="copy-text">{"&#10;".join(escape(line) for line in lines)}</pre>'


def _refusal(answer: Answer, turn: int) -> str:
    """The sentence that says so, and the nearest papers by title."""
    nearest = "".join(
        f'<li><a class="near" href="#{source_id(turn, r.n)}">{escape(r.paper.label, 300)}</a>'
        f'<span class="when">{_when(r)}</span></li>'
        for r in answer.nearest
    )
    listing = (
        f'<p class="near-head">The nearest papers</p><ol class="nearest">{nearest}</ol>' if nearest else ""
    )
    return f'<p class="notice">{escape(answer.text, 1000)}</p>{listing}'


def _statements(answer: Answer, turn: int) -> str:
    """Statements in paragraphs, one a heading."""
    titles = {r.n: r.paper.label for r in answer.references}
    paragraphs: list[list[str]] = []
    for statement in answer.statements:
        if statement.verdict is Verdict.UNSUPPORTED:
            continue
        if statement.heading or not paragraphs:
            paragraphs.append(
                [f'<h3 class="group">{escape(statement.heading, 200)}</h3>' if statement.heading else ""]
            )
        paragraphs[-1].append(_statement(statement, turn, titles))
    return "".join(f"{head}<p>{' '.join(rest)}</p>" for head, *rest in paragraphs)


def _statement(statement: Statement, turn: int, titles: dict[int, str]) -> str:
    """A sentence, its citations, and in words what is not plain about it."""
    cites = "".join(
        f'<a class="cite" href="#{source_id(turn, n)}" title="{escape(titles[n], 200)}">&#91;{n:d}&#93;</a>'
        for n in statement.citations
        if n in titles
    )
    marks = ""
    if statement.verdict is Verdict.PARTLY:
        marks += '<span class="mark-partly" title="The cited papers support only part of this sentence">partly supported</span>'
    kind = "quoted" if statement.origin is Origin.EXTRACTED else "said"
    title = ' title="In the words of the abstract"' if statement.origin is Origin.EXTRACTED else ""
    return f'<span class="statement {kind}"{title}>{escape(statement.text)}</span>&#32;{cites}{marks}'


def _references(answer: Answer, turn: int) -> str:
    """The numbered list under an answer."""
    rows = "".join(
        f'<li><a class="cite" href="#{source_id(turn, r.n)}">&#91;{r.n:d}&#93;</a> '
        f'{escape(r.paper.label, 300)} <span class="when">{_when(r)}</span></li>'
        for r in answer.references
    )
    return f'<ul class="reference-list">{rows}</ul>' if rows else ""


def source_id(turn: int, n: int, *, uncited: bool = False) -> str:
    """The DOM id of a source card: unique within the page."""
    return f"src-{turn:d}-{'u' if uncited else ''}{n:d}"


def sources_html(exchange: Exchange | None, *, cited_only: bool = True) -> str:
    """The cards of an exchange: what it cites (or is nearest), and on request all it considered."""
    if exchange is None or exchange.answer is None:
        return '<p class="empty">The papers behind an answer appear here, each with the sentence that decides.</p>'
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
        return f'<p class="empty">{_considered(rest)}</p>'
    return '<p class="empty">No paper is cited here.</p>'


def _considered(rest: Sequence[Reference]) -> str:
    return f"Reading {_count(len(rest), 'paper')}." if rest else "Looking for papers."


def earlier_sources_html(exchanges: Iterable[Exchange]) -> str:
    """The sources of earlier exchanges, folded, so that their citations still lead somewhere."""
    parts = [
        f'<details class="earlier"><summary>Sources of question {e.number:d}: {escape(e.question, 120)}</summary>'
        f"{sources_html(e)}</details>"
        for e in exchanges
        if e.answer is not None and (e.answer.references or e.answer.nearest)
    ]
    return "".join(reversed(parts))


def card_html(reference: Reference, dom_id: str, number: str | None = None) -> str:
    """One source: number, title, year and venue, links, scores, the abstract with its sentence marked."""
    paper = reference.paper
    authors = f'<p class="authors">{escape(_authors(paper.authors), 300)}</p>' if paper.authors else ""
    anchors = "".join(
        f'<a class="out" href="{escape_url(url)}" target="_blank" rel="noopener noreferrer">{label}</a>'
        for label, url in links(paper)
    )
    pmid = f'<span class="when">PMID {int(paper.pmid)}</span>' if (paper.pmid or "").isdecimal() else ""
    return (
        f'<article class="card" id="{dom_id}" tabindex="-1">'
        f'<h3 class="card-title"><span class="number">{number or f"{reference.n:d}"}</span>'
        f"<span>{escape(paper.label, 400)}</span></h3>"
        f'{authors}<p class="where"><span class="when">{_when(reference)}</span>{anchors}{pmid}</p>'
        f"{_abstract(reference)}{_scores(reference)}</article>"
    )


def escape_url(url: str) -> str:
    """A built address for an attribute; `links` percent-encodes all but these characters already."""
    return url.replace("&", "&amp;").replace('"', "%22").replace("<", "%3C").replace(">", "%3E")


def _authors(authors: Sequence[str]) -> str:
    return ", ".join(authors[:4]) + (" et al." if len(authors) > 4 else "")


def _when(reference: Reference) -> str:
    """Year and venue as far as they are known."""
    paper = reference.paper
    date = str(paper.year) if paper.year is not None else (paper.date or "")
    return " · ".join(escape(part, 160) for part in (date, paper.venue or "") if part)


def _abstract(reference: Reference) -> str:
    """The abstract in three strings: before, the deciding sentence, after; unmarked if it does not match."""
    abstract = reference.paper.abstract
    start, end = reference.start, reference.end
    if not 0 <= start < end <= len(abstract) or abstract[start:end] != reference.quote:
        return f'<p class="abstract">{escape(abstract)}</p>' if abstract else ""
    cut = "&#32;<em>(the source cuts the abstract off here)</em>" if reference.paper.truncated else ""
    return (
        f'<p class="abstract">{escape(abstract[:start])}<mark>{escape(abstract[start:end])}</mark>'
        f"{escape(abstract[end:])}{cut}</p>"
    )


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


def answer_markdown(answer: Answer) -> str:
    """The answer with its references as plain text to copy: Markdown with a numbered list."""
    lines = [plain(answer.text) if not answer.statements else _running_text(answer), ""]
    for r in answer.references or answer.nearest:
        where = ", ".join(
            part for part in (str(r.paper.year or r.paper.date or ""), r.paper.venue or "") if part
        )
        address = "".join(f" {url}" for _, url in links(r.paper)[:1])
        lines.append(plain(f"[{r.n}] {r.paper.label}{f' ({where})' if where else ''}.{address}"))
    return "\n".join(lines).strip() + "\n"


def _running_text(answer: Answer) -> str:
    return "\n\n".join(plain(part) for part in answer.text.split("\n\n"))
